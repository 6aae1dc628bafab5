// Times libraries that do nothing but decompress: the limit for everything that also looks at the bytes.
//   decompress <library> <file.gz> [<file.gz>]
// <library>: libdeflate, isal (whole file into one buffer) or isal-stream (piece by piece into a buffer that stays in the cache).
// Packed files and output buffers are in memory and touched before the clock starts; CRC-32 and length are checked by the library.
// Prints one line of JSON: milliseconds a call (processor and wall), median of 5 samples, and the bytes unpacked.
#include <isa-l/igzip_lib.h>
#include <libdeflate.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SAMPLES = 5, MOST_FILES = 4, PIECE = 128 * 1024 };

typedef struct {
    uint8_t *packed, *unpacked;
    size_t packed_size, unpacked_size;
} file_t;

static struct libdeflate_decompressor *decompressor;

static void fail(const char *what) {
    fprintf(stderr, "decompress: %s\n", what);
    exit(1);
}

static size_t with_libdeflate(const file_t *file) {
    size_t size = 0;
    if (libdeflate_gzip_decompress(decompressor, file->packed, file->packed_size, file->unpacked, file->unpacked_size, &size) != LIBDEFLATE_SUCCESS)
        fail("libdeflate refuses the file");
    return size;
}

static size_t with_isal(const file_t *file, int in_pieces) {
    struct inflate_state state;
    size_t size = 0;
    isal_inflate_init(&state);
    state.crc_flag = ISAL_GZIP;
    state.next_in = file->packed;
    state.avail_in = (uint32_t)file->packed_size;
    do {
        state.next_out = in_pieces ? file->unpacked : file->unpacked + size;
        state.avail_out = in_pieces ? PIECE : (uint32_t)(file->unpacked_size - size);
        uint32_t room = state.avail_out;
        if (isal_inflate(&state) != ISAL_DECOMP_OK) fail("ISA-L refuses the file");
        size += room - state.avail_out;
        if (room == state.avail_out && state.block_state != ISAL_BLOCK_FINISH) fail("ISA-L stands still");
    } while (state.block_state != ISAL_BLOCK_FINISH);
    return size;
}

static size_t unpack(const char *library, const file_t *file) {
    if (strcmp(library, "libdeflate") == 0) return with_libdeflate(file);
    if (strcmp(library, "isal") == 0) return with_isal(file, 0);
    if (strcmp(library, "isal-stream") == 0) return with_isal(file, 1);
    fail("unknown library");
    return 0;
}

static file_t load(const char *path) {
    file_t file;
    FILE *stream = fopen(path, "rb");
    if (!stream || fseek(stream, 0, SEEK_END) != 0) fail("cannot open the file");
    file.packed_size = (size_t)ftell(stream);
    rewind(stream);
    file.packed = malloc(file.packed_size);
    if (!file.packed || file.packed_size < 18 || fread(file.packed, 1, file.packed_size, stream) != file.packed_size) fail("cannot read the file");
    fclose(stream);
    // the length in the trailer, which the library checks
    const uint8_t *end = file.packed + file.packed_size;
    file.unpacked_size = (size_t)end[-4] | (size_t)end[-3] << 8 | (size_t)end[-2] << 16 | (size_t)end[-1] << 24;
    size_t room = file.unpacked_size < PIECE ? PIECE : file.unpacked_size;
    file.unpacked = malloc(room);
    if (!file.unpacked) fail("no memory");
    memset(file.unpacked, 1, room);
    return file;
}

static double now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values) {
    qsort(values, SAMPLES, sizeof *values, ascending);
    return values[SAMPLES / 2];
}

int main(int count, char **arguments) {
    if (count < 3 || count > 2 + MOST_FILES) fail("usage: decompress <library> <file.gz> [<file.gz>]");
    file_t files[MOST_FILES];
    int file_count = count - 2;
    size_t bytes = 0;
    for (int at = 0; at < file_count; at++) files[at] = load(arguments[2 + at]);
    decompressor = libdeflate_alloc_decompressor();
    if (!decompressor) fail("no memory");
    for (int at = 0; at < file_count; at++) {
        size_t size = unpack(arguments[1], &files[at]);
        if (size != files[at].unpacked_size) fail("the length differs");
        bytes += size;
    }

    // warm up for half a second and find how many calls fill a sample
    int calls = 0;
    double begun = now(CLOCK_MONOTONIC);
    do {
        for (int at = 0; at < file_count; at++) unpack(arguments[1], &files[at]);
        calls++;
    } while (now(CLOCK_MONOTONIC) - begun < 500);
    int repeats = 1 + (int)(100 / ((now(CLOCK_MONOTONIC) - begun) / calls));

    double processor[SAMPLES], wall[SAMPLES];
    for (int sample = 0; sample < SAMPLES; sample++) {
        double processor_begun = now(CLOCK_PROCESS_CPUTIME_ID), wall_begun = now(CLOCK_MONOTONIC);
        for (int repeat = 0; repeat < repeats; repeat++)
            for (int at = 0; at < file_count; at++) unpack(arguments[1], &files[at]);
        processor[sample] = (now(CLOCK_PROCESS_CPUTIME_ID) - processor_begun) / repeats;
        wall[sample] = (now(CLOCK_MONOTONIC) - wall_begun) / repeats;
    }
    printf("{\"who\": \"%s\", \"what\": \"decompress\", \"files\": [", arguments[1]);
    for (int at = 0; at < file_count; at++) printf("%s\"%s\"", at ? ", " : "", arguments[2 + at]);
    printf("], \"cpu_ms\": %.4f, \"wall_ms\": %.4f, \"samples\": %d, \"answers\": %zu}\n", median(processor), median(wall), SAMPLES, bytes);
    return 0;
}
