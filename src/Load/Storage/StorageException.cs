namespace VerseEtl.Load.Storage;

/// <summary>
/// The warehouse's storage failed: nothing was published unless the message says so. Never retried on the same file;
/// an attempt starts over or the run ends with exit code 40.
/// </summary>
public class StorageException : Exception
{
    internal const int Eperm = 1, Enoent = 2, Eintr = 4, Eio = 5, Eagain = 11, Eacces = 13, Eexist = 17, Exdev = 18, Enospc = 28, Erofs = 30,
        Emlink = 31, Enosys = 38, Eopnotsupp = 95, Estale = 116, Edquot = 122;

    public StorageException(string code, string message, int errno = 0, Exception? cause = null) : base(message, cause) => (Code, Errno) = (code, errno);

    /// <summary>
    /// STO_ENOSPC, STO_EDQUOT, STO_READONLY, STO_EXDEV, STO_FSYNC, STO_EIO, STO_ESTALE, STO_NOLINK, STO_BITROT, STO_BUSY or STO_IO; two more of
    /// <see cref="WarehouseRefusedException"/>.
    /// </summary>
    public string Code { get; }

    /// <summary>The system's error number; 0 where there was none.</summary>
    public int Errno { get; }

    /// <summary>The disk or a quota is full.</summary>
    internal bool IsOfRoom => Errno is Enospc or Edquot;

    /// <summary>What the runtime throws where a file or folder cannot be used.</summary>
    public static bool Covers(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>A system call that failed.</summary>
    internal static StorageException Of(string call, string path, int errno) =>
        new(CodeOf(call, errno), Invariant($"{call} failed with errno {errno} ({Meaning(errno)}) on {path}; {Action(errno)}"), errno);

    /// <summary>What the runtime threw, as a storage failure.</summary>
    internal static StorageException From(Exception cause)
    {
        int errno = cause is UnauthorizedAccessException ? Eacces : cause.HResult is > 0 and < 256 ? cause.HResult : 0;
        return new StorageException(CodeOf("", errno), cause.Message, errno, cause);
    }

    private static string CodeOf(string call, int errno) => errno switch
    {
        Enospc => "STO_ENOSPC",
        Edquot => "STO_EDQUOT",
        _ when call == "fsync" => "STO_FSYNC",
        Erofs or Eacces or Eperm => "STO_READONLY",
        Exdev => "STO_EXDEV",
        Eio => "STO_EIO",
        Estale => "STO_ESTALE",
        _ => "STO_IO",
    };

    private static string Meaning(int errno) => errno switch
    {
        Enospc => "no space left",
        Edquot => "quota exceeded",
        Erofs => "read-only file system",
        Eacces or Eperm => "permission denied",
        Exdev => "another file system",
        Eio => "input/output error",
        Estale => "stale network handle",
        Enoent => "no such file",
        Eexist => "exists already",
        _ => "see errno(3)",
    };

    private static string Action(int errno) => errno switch
    {
        Enospc or Edquot => "free some space and run again",
        Erofs or Eacces or Eperm => "make the warehouse writable and run again",
        Exdev => "keep the whole warehouse on one file system",
        _ => "check the disk or share and run again",
    };
}

/// <summary>
/// The warehouse cannot be used as asked, CFG_OVERLAP: it lies in the source, or VERSION_NEWER: a newer version wrote it. A matter of configuration, and
/// nothing was touched.
/// </summary>
public sealed class WarehouseRefusedException(string code, string message) : StorageException(code, message);
