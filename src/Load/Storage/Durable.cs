using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VerseEtl.Load.Storage;

/// <summary>
/// The only place that moves, links, removes or syncs files. The runtime's own calls swallow fsync errors, check before they rename and
/// copy across devices, so these go to the system and every result is checked. A failed fsync is never repeated on the same file: the
/// kernel may have dropped the pages and would report success.
/// </summary>
[SupportedOSPlatform("linux")]
internal static partial class Durable
{
    private const int WriteOnly = 1, ReadWrite = 2, Create = 0x40, Exclusive = 0x80, CloseOnExec = 0x80000;
    private const int LockExclusive = 2, LockNonBlocking = 4;
    private const int FileMode = 0x1a4; // rw-r--r--

    /// <summary>A new file that did not exist; it is durable only after <see cref="DurableFile.Complete"/>.</summary>
    public static DurableFile CreateFile(string path) => new(Open(path, WriteOnly | Create | Exclusive | CloseOnExec), path);

    /// <summary>Writes a new file and syncs it; its directory entry is durable after <see cref="SyncDirectory"/>.</summary>
    public static void WriteNew(string path, ReadOnlySpan<byte> bytes)
    {
        int descriptor = Open(path, WriteOnly | Create | Exclusive | CloseOnExec);
        try
        {
            DurableFile.WriteAll(descriptor, path, bytes);
            Check(Native.Fsync(descriptor), "fsync", path);
        }
        catch (StorageException)
        {
            _ = Native.Close(descriptor);
            throw;
        }
        Check(Native.Close(descriptor), "close", path);
    }

    /// <summary>Puts bytes under a name, whole or not at all, over what was there.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        string directory = Path.GetDirectoryName(path)!;
        string temporary = Path.Combine(directory, TemporaryPrefix + Guid.NewGuid().ToString("N"));
        try
        {
            WriteNew(temporary, bytes);
            Rename(temporary, path);
        }
        catch (StorageException)
        {
            _ = Native.Unlink(temporary);
            throw;
        }
        SyncDirectory(directory);
    }

    /// <summary>Names that begin so belong to a write that has not ended.</summary>
    public const string TemporaryPrefix = ".tmp-";

    public static void SyncDirectory(string path)
    {
        int descriptor = Open(path, CloseOnExec);
        int errno = Native.Fsync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Native.Close(descriptor);
        if (errno != 0) throw StorageException.Of("fsync", path, errno);
    }

    /// <summary>Gives a file a time of its own, durable with it.</summary>
    public static void SetTime(string path, DateTimeOffset at)
    {
        File.SetLastWriteTimeUtc(path, at.UtcDateTime);
        SyncDirectory(path);
    }

    public static void Rename(string from, string to) => Check(Native.Rename(from, to), "rename", to);

    /// <summary>Renames unless the source is gone: false if another process took it.</summary>
    public static bool TryRename(string from, string to)
    {
        if (Native.Rename(from, to) == 0) return true;
        int errno = Marshal.GetLastPInvokeError();
        return errno == StorageException.Enoent ? false : throw StorageException.Of("rename", to, errno);
    }

    /// <summary>Gives an existing file a second name; false if that name is taken. Exactly one of several racing callers gets true.</summary>
    public static bool TryLink(string existing, string name)
    {
        if (Native.Link(existing, name) == 0) return true;
        int errno = Marshal.GetLastPInvokeError();
        return errno == StorageException.Eexist ? false : throw StorageException.Of("link", name, errno);
    }

    /// <summary>Puts a symbolic link; false if the name is taken. Exactly one of several racing callers gets true.</summary>
    public static bool TrySymlink(string target, string name)
    {
        if (Native.Symlink(target, name) == 0) return true;
        int errno = Marshal.GetLastPInvokeError();
        return errno == StorageException.Eexist ? false : throw StorageException.Of("symlink", name, errno);
    }

    public static void Symlink(string target, string name) => Check(Native.Symlink(target, name), "symlink", name);

    /// <summary>Removes a name; one that is gone already is fine.</summary>
    public static void Unlink(string path)
    {
        if (Native.Unlink(path) == 0) return;
        int errno = Marshal.GetLastPInvokeError();
        if (errno != StorageException.Enoent) throw StorageException.Of("unlink", path, errno);
    }

    /// <summary>Removes a directory and all below it, links not followed; what is gone already is fine.</summary>
    public static void RemoveTree(string path)
    {
        if (new FileInfo(path).LinkTarget is not null || !Directory.Exists(path))
        {
            Unlink(path);
            return;
        }
        try
        {
            foreach (string entry in Directory.GetFileSystemEntries(path)) RemoveTree(entry);
        }
        catch (DirectoryNotFoundException)
        {
            return; // another process empties the trash as well
        }
        if (Native.Rmdir(path) == 0) return;
        int errno = Marshal.GetLastPInvokeError();
        if (errno != StorageException.Enoent) throw StorageException.Of("rmdir", path, errno);
    }

    /// <summary>
    /// Takes the lock file at a path, made if missing, until the result is disposed or the process ends. Null if another process holds it
    /// or the file was moved meanwhile.
    /// </summary>
    public static IDisposable? TryLock(string path)
    {
        int descriptor = Native.Open(path, ReadWrite | Create | CloseOnExec, FileMode);
        if (descriptor < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            return errno == StorageException.Enoent ? null : throw StorageException.Of("open", path, errno);
        }
        if (Native.Flock(descriptor, LockExclusive | LockNonBlocking) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            _ = Native.Close(descriptor);
            return errno == StorageException.Eagain ? null : throw StorageException.Of("flock", path, errno);
        }
        FileLock held = new(descriptor);
        // another name by now if the directory was moved between open and flock
        if (NameOf(descriptor) == path) return held;
        held.Dispose();
        return null;
    }

    /// <summary>The directory's absolute path, every symbolic link resolved.</summary>
    public static string RealPath(string directory)
    {
        int descriptor = Open(directory, CloseOnExec);
        try
        {
            return NameOf(descriptor);
        }
        finally
        {
            _ = Native.Close(descriptor);
        }
    }

    internal static void Check(int result, string call, string path)
    {
        if (result != 0) throw StorageException.Of(call, path, Marshal.GetLastPInvokeError());
    }

    private static string NameOf(int descriptor) =>
        File.ResolveLinkTarget($"/proc/self/fd/{descriptor}", false)?.FullName
            ?? throw new StorageException("STO_IO", "/proc/self/fd is not there; mount /proc and run again");

    private static int Open(string path, int flags)
    {
        int descriptor = Native.Open(path, flags, FileMode);
        return descriptor >= 0 ? descriptor : throw StorageException.Of("open", path, Marshal.GetLastPInvokeError());
    }

    private sealed class FileLock(int descriptor) : IDisposable
    {
        private int _open = 1;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _open, 0) == 1) _ = Native.Close(descriptor);
        }
    }

    internal static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Open(string path, int flags, int mode);

        [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
        public static partial nint Write(int descriptor, in byte bytes, nint count);

        [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
        public static partial int Fsync(int descriptor);

        [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
        public static partial int Close(int descriptor);

        [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
        public static partial int Flock(int descriptor, int operation);

        [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Rename(string from, string to);

        [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Link(string existing, string name);

        [LibraryImport("libc", EntryPoint = "symlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Symlink(string target, string name);

        [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Unlink(string path);

        [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Rmdir(string path);
    }
}
