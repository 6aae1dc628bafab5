using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace VerseEtl.Extract.Tree;

/// <summary>Kind of a directory entry.</summary>
internal enum FileKind { Regular, Directory, Link, Other }

/// <summary>What statx says about a file.</summary>
internal readonly record struct FileStatus(FileKind Kind, FileIdentity Identity);

/// <summary>
/// The Linux system calls that .NET does not offer: opening without following links or blocking on a FIFO, and the inode behind a name.
/// statx is used because its structure is the same on every architecture (linux/stat.h, include/uapi); struct stat is not.
/// Every call reports its errno; EINTR is repeated here.
/// </summary>
[SupportedOSPlatform("linux")]
internal static partial class FileCalls
{
    public const int NotPermitted = 1, NoEntry = 2, Interrupted = 4, NoDevice = 6, AccessDenied = 13, NotDirectory = 20, TooManyLinks = 40;

    // include/uapi/asm-generic/fcntl.h; two of the flags have other values on arm64 (arch/arm64/include/uapi/asm/fcntl.h)
    private const int NonBlocking = 0x800, CloseOnExec = 0x80000, PathOnly = 0x200000;
    private static readonly int Directory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    private const int CurrentFolder = -100, NoFollowLink = 0x100, EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const int StatusBytes = 256, LongestPath = 4096, RoomForPath = 512;

    /// <summary>Opens a folder as a starting point for <see cref="OpenIn"/>; needs no permission to list it.</summary>
    public static SafeFileHandle? OpenFolder(string path, out int errno) => Open(null, path, PathOnly | Directory | CloseOnExec, out errno);

    /// <summary>The same for a folder inside an open one; null with ENOTDIR if the name is a link.</summary>
    public static SafeFileHandle? OpenFolderIn(SafeFileHandle folder, string name, out int errno) =>
        Open(folder, name, PathOnly | Directory | NoFollow | CloseOnExec, out errno);

    /// <summary>Opens a file inside an open folder for reading; null with ELOOP if the name is a link.</summary>
    public static SafeFileHandle? OpenIn(SafeFileHandle folder, string name, out int errno) =>
        Open(folder, name, NonBlocking | NoFollow | CloseOnExec, out errno);

    /// <summary>Opens a file for reading, following links.</summary>
    public static SafeFileHandle? OpenFollowing(string path, out int errno) => Open(null, path, NonBlocking | CloseOnExec, out errno);

    /// <returns>0, or the errno.</returns>
    public static int Status(string path, bool follow, out FileStatus status)
    {
        Span<byte> room = stackalloc byte[RoomForPath], result = stackalloc byte[StatusBytes];
        ReadOnlySpan<byte> text = Text(path, room);
        int errno;
        do errno = Errno(statx(CurrentFolder, in text[0], follow ? 0 : NoFollowLink, BasicStats, ref result[0]));
        while (errno == Interrupted);
        status = errno == 0 ? Parse(result) : default;
        return errno;
    }

    /// <inheritdoc cref="Status(string, bool, out FileStatus)"/>
    public static int StatusIn(SafeFileHandle folder, string name, out FileStatus status) => Status(folder, name, NoFollowLink, out status);

    /// <inheritdoc cref="Status(string, bool, out FileStatus)"/>
    public static int Status(SafeFileHandle file, out FileStatus status) => Status(file, "", EmptyPath, out status);

    private static int Status(SafeFileHandle folder, string name, int flags, out FileStatus status)
    {
        Span<byte> room = stackalloc byte[RoomForPath], result = stackalloc byte[StatusBytes];
        ReadOnlySpan<byte> text = Text(name, room);
        int errno;
        do errno = Errno(statx(folder, in text[0], flags, BasicStats, ref result[0]));
        while (errno == Interrupted);
        status = errno == 0 ? Parse(result) : default;
        return errno;
    }

    /// <summary>The path without any link in it; null if it leads nowhere.</summary>
    public static string? RealPath(string path)
    {
        byte[] resolved = new byte[LongestPath];
        return realpath(Text(path), resolved) == 0 ? null : Encoding.UTF8.GetString(resolved.AsSpan(0, resolved.AsSpan().IndexOf((byte)0)));
    }

    public static string Describe(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    private static SafeFileHandle? Open(SafeFileHandle? folder, string path, int flags, out int errno)
    {
        int descriptor = -1;
        errno = Repeat(() => descriptor = folder is null ? openat(CurrentFolder, Text(path), flags) : openat(folder, Text(path), flags));
        return errno == 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : null;
    }

    private static int Repeat(Func<int> call)
    {
        while (call() < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Interrupted) return errno;
        }
        return 0;
    }

    private static int Errno(int result) => result < 0 ? Marshal.GetLastPInvokeError() : 0;

    private static byte[] Text(string path) => Encoding.UTF8.GetBytes(path + '\0');

    /// <summary>A path with its end, in the room where it fits.</summary>
    private static ReadOnlySpan<byte> Text(string path, Span<byte> room)
    {
        if (Encoding.UTF8.GetMaxByteCount(path.Length) >= room.Length) return Text(path);
        int length = Encoding.UTF8.GetBytes(path, room);
        room[length] = 0;
        return room[..(length + 1)];
    }

    /// <summary>struct statx: offset, type, field.</summary>
    private static FileStatus Parse(ReadOnlySpan<byte> s)
    {
        ushort mode = MemoryMarshal.Read<ushort>(s[28..]);                         //  28 u16 stx_mode
        ulong inode = MemoryMarshal.Read<ulong>(s[32..]);                          //  32 u64 stx_ino
        long size = MemoryMarshal.Read<long>(s[40..]);                             //  40 u64 stx_size
        long changed = Nanoseconds(s[96..]);                                       //  96 stx_ctime
        long modified = Nanoseconds(s[112..]);                                     // 112 stx_mtime
        ulong device = (ulong)MemoryMarshal.Read<uint>(s[136..]) << 32 | MemoryMarshal.Read<uint>(s[140..]); // 136, 140 u32 stx_dev_major, _minor
        FileKind kind = (mode & 0xf000) switch { 0x8000 => FileKind.Regular, 0x4000 => FileKind.Directory, 0xa000 => FileKind.Link, _ => FileKind.Other };
        return new FileStatus(kind, new FileIdentity(device, inode, size, modified, changed));
    }

    /// <summary>struct statx_timestamp: s64 seconds, u32 nanoseconds. Absurd times wrap, which an identity may do.</summary>
    private static long Nanoseconds(ReadOnlySpan<byte> s) =>
        unchecked(MemoryMarshal.Read<long>(s) * 1_000_000_000 + MemoryMarshal.Read<uint>(s[8..]));

    [LibraryImport("libc", SetLastError = true)]
    private static partial int openat(int folder, byte[] path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int openat(SafeFileHandle folder, byte[] path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int folder, in byte path, int flags, uint mask, ref byte result);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(SafeFileHandle folder, in byte path, int flags, uint mask, ref byte result);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint realpath(byte[] path, byte[] resolved);
}
