using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// An input opened for reading, and only if it is a regular file or an object. Below a source root no link is followed unless asked for, and then
/// only to places below the same root. After reading, whether or not it went well, <see cref="ThrowIfChanged"/> tells whether the
/// bytes held still: a file being copied looks like a damaged one. Of an object every byte is of the state that was opened, or reading it fails.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class SourceFile : IDisposable
{
    private readonly SafeFileHandle? _handle;

    private SourceFile(SafeFileHandle handle, FileIdentity identity)
    {
        _handle = handle;
        Identity = identity;
        Stream = new FileStream(handle, FileAccess.Read, bufferSize: 0, isAsync: false);
    }

    private SourceFile(Stream content, FileIdentity identity) => (Stream, Identity) = (content, identity);

    /// <summary>From the first byte, unbuffered; closed together with this.</summary>
    public Stream Stream { get; }

    /// <summary>Bytes when the file was opened.</summary>
    public long Length => Identity.Size;

    /// <summary>As it was when the file was opened.</summary>
    public FileIdentity Identity { get; }

    /// <exception cref="BadFileException">Not a regular file, a link, a path out of the root, or permission is denied.</exception>
    /// <exception cref="IOException">The file is gone or the storage failed.</exception>
    public static SourceFile Open(SourcePath path, bool followLinks = false)
    {
        string[] names = Names(path);
        if (path.Objects is ObjectTree objects)
        {
            (Stream content, FileIdentity identity) = objects.Open(path.Relative);
            return new SourceFile(content, identity);
        }
        if (followLinks) return OpenInside(path);
        using SafeFileHandle folder = FolderOf(path, names);
        RequireRegular(FileCalls.StatusIn(folder, names[^1], out FileStatus status), status);
        return Opened(FileCalls.OpenIn(folder, names[^1], out int errno), errno);
    }

    /// <summary>Opens a file that the user named; links are followed.</summary>
    /// <inheritdoc cref="Open(SourcePath, bool)"/>
    public static SourceFile Open(string path)
    {
        RequireRegular(FileCalls.Status(path, follow: true, out FileStatus status), status);
        return Opened(FileCalls.OpenFollowing(path, out int errno), errno);
    }

    /// <summary>The identity without opening the file, under the same rules.</summary>
    /// <inheritdoc cref="Open(SourcePath, bool)"/>
    public static FileIdentity Stat(SourcePath path, bool followLinks = false)
    {
        string[] names = Names(path);
        if (path.Objects is ObjectTree objects) return objects.Identity(path.Relative);
        FileStatus status;
        if (followLinks)
        {
            RequireRegular(FileCalls.Status(path.Full, follow: true, out status), status);
            RequireInside(path, status.Identity);
            return status.Identity;
        }
        using SafeFileHandle folder = FolderOf(path, names);
        RequireRegular(FileCalls.StatusIn(folder, names[^1], out status), status);
        return status.Identity;
    }

    /// <exception cref="FileChangedException">The open file is no longer what was opened.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public void ThrowIfChanged()
    {
        if (_handle is null) return;
        int errno = FileCalls.Status(_handle, out FileStatus now);
        if (errno != 0) throw Failure(errno);
        if (now.Identity != Identity) throw new FileChangedException(Identity, now.Identity);
    }

    public void Dispose()
    {
        Stream.Dispose();
        _handle?.Dispose();
    }

    private static SourceFile OpenInside(SourcePath path)
    {
        SourceFile file = Open(path.Full);
        try
        {
            RequireInside(path, file.Identity);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The place a path really leads to must lie below the root and hold the very file that was seen.</summary>
    private static void RequireInside(SourcePath path, FileIdentity seen)
    {
        if (FileCalls.RealPath(path.Full) is not { } real || FileCalls.RealPath(path.Root) is not { } root) throw Failure(FileCalls.NoEntry);
        bool inside = root == "/" || real.StartsWith(root + '/', StringComparison.Ordinal);
        if (!inside || FileCalls.Status(real, follow: false, out FileStatus there) != 0
            || there.Identity.Inode != seen.Inode || there.Identity.Device != seen.Device)
            throw new BadFileException(Faults.TreeEscape, "link", "a target outside the source", "a target below it");
    }

    private static string[] Names(SourcePath path)
    {
        string[] names = path.Relative.Split('/');
        if (names.Any(name => name is "" or "." or ".." || name.Contains('\0')))
            throw new BadFileException(Faults.TreeEscape, "path", path.Relative, "a path below the source");
        return names;
    }

    private static SafeFileHandle FolderOf(SourcePath path, string[] names)
    {
        SafeFileHandle folder = FileCalls.OpenFolder(path.Root, out int errno) ?? throw Failure(errno);
        foreach (string name in names.AsSpan(0, names.Length - 1))
        {
            using SafeFileHandle above = folder;
            bool link = FileCalls.StatusIn(above, name, out FileStatus status) == 0 && status.Kind == FileKind.Link;
            if (link) throw new BadFileException(Faults.TreeSymlink, "folder", name, "a folder");
            folder = FileCalls.OpenFolderIn(above, name, out errno) ?? throw Failure(errno);
        }
        return folder;
    }

    /// <summary>Looked at before opening, since opening a device can have effects.</summary>
    private static void RequireRegular(int errno, FileStatus status)
    {
        if (errno != 0) throw Failure(errno);
        if (status.Kind == FileKind.Link) throw new BadFileException(Faults.TreeSymlink, "file", "a link", "a regular file");
        if (status.Kind != FileKind.Regular)
            throw new BadFileException(Faults.TreeNotRegular, "file",
                status.Kind == FileKind.Directory ? "a folder" : "a device, pipe or socket", "a regular file");
    }

    private static SourceFile Opened(SafeFileHandle? _handle, int errno)
    {
        if (_handle is null) throw Failure(errno);
        try
        {
            RequireRegular(FileCalls.Status(_handle, out FileStatus status), status);
            return new SourceFile(_handle, status.Identity);
        }
        catch
        {
            _handle.Dispose();
            throw;
        }
    }

    private static Exception Failure(int errno) => errno switch
    {
        FileCalls.AccessDenied or FileCalls.NotPermitted => new BadFileException(Faults.TreeUnreadable, "file", FileCalls.Describe(errno), "read access"),
        FileCalls.TooManyLinks => new BadFileException(Faults.TreeSymlink, "file", "a link", "a regular file"),
        FileCalls.NoDevice => new BadFileException(Faults.TreeNotRegular, "file", "a device, pipe or socket", "a regular file"),
        _ => new IOException($"The file cannot be opened: {FileCalls.Describe(errno)} (errno {errno})."),
    };
}
