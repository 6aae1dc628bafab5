/* System calls that fail on request: preloaded into a test process and also bound as its "libc", so that the runtime's own calls and
   those of the code under test are counted in one row. Only calls on paths below a given directory count. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char below[PATH_MAX];
static long seen, first;
static int armed, error, lasting;
static char last[PATH_MAX + 32];

void faults_arm(const char *directory, long nth, int number, int for_ever)
{
    snprintf(below, sizeof below, "%s", directory);
    seen = 0; first = nth; error = number; lasting = for_ever; last[0] = 0;
    armed = 1;
}

long faults_disarm(void) { armed = 0; return seen; }

const char *faults_last(void) { return last; }

static int inside(const char *path) { return path && strncmp(path, below, strlen(below)) == 0; }

static int hit(const char *call, const char *path)
{
    if (!armed || !inside(path)) return 0;
    long at = __sync_add_and_fetch(&seen, 1);
    if (first == 0 || at < first || (at > first && !lasting)) return 0;
    if (at == first) snprintf(last, sizeof last, "%s %s", call, path);
    errno = error;
    return 1;
}

static int hit_fd(const char *call, int fd)
{
    if (!armed) return 0;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return hit(call, path);
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, name)

#define OPEN(name) \
int name(const char *path, int flags, ...) \
{ \
    va_list a; va_start(a, flags); int mode = va_arg(a, int); va_end(a); \
    REAL(int, #name, const char *, int, ...); \
    return hit("open", path) ? -1 : real(path, flags, mode); \
}
OPEN(open)
OPEN(open64)

int openat(int at, const char *path, int flags, ...)
{
    va_list a; va_start(a, flags); int mode = va_arg(a, int); va_end(a);
    REAL(int, "openat", int, const char *, int, ...);
    return hit("openat", path) ? -1 : real(at, path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t n) { REAL(ssize_t, "write", int, const void *, size_t); return hit_fd("write", fd) ? -1 : real(fd, bytes, n); }
int fsync(int fd) { REAL(int, "fsync", int); return hit_fd("fsync", fd) ? -1 : real(fd); }
int flock(int fd, int op) { REAL(int, "flock", int, int); return hit_fd("flock", fd) ? -1 : real(fd, op); }
/* as in Linux, the descriptor is gone even when close reports an error */
int close(int fd) { REAL(int, "close", int); int fails = hit_fd("close", fd); int r = real(fd); if (fails) errno = error; return fails ? -1 : r; }
int rename(const char *from, const char *to) { REAL(int, "rename", const char *, const char *); return hit("rename", to) ? -1 : real(from, to); }
int link(const char *from, const char *to) { REAL(int, "link", const char *, const char *); return hit("link", to) ? -1 : real(from, to); }
int symlink(const char *to, const char *name) { REAL(int, "symlink", const char *, const char *); return hit("symlink", name) ? -1 : real(to, name); }
int unlink(const char *path) { REAL(int, "unlink", const char *); return hit("unlink", path) ? -1 : real(path); }
int rmdir(const char *path) { REAL(int, "rmdir", const char *); return hit("rmdir", path) ? -1 : real(path); }
int mkdir(const char *path, mode_t mode) { REAL(int, "mkdir", const char *, mode_t); return hit("mkdir", path) ? -1 : real(path, mode); }
