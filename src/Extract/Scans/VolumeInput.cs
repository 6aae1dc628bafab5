using System.Runtime.Versioning;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Scans;

/// <summary>A volume's file, opened: its unpacked content, and the hash of what is stored, which is complete once everything was read.</summary>
[SupportedOSPlatform("linux")]
internal sealed class VolumeInput : IDisposable
{
    private readonly SourceFile _file;
    private readonly HashingStream _stored;
    private AheadSource? _ahead;

    private VolumeInput(SourcePath path, SourceFile file, HashingStream stored, ByteSource content)
    {
        (Path, _file, _stored, Content) = (path, file, stored, content);
    }

    public SourcePath Path { get; }

    /// <summary>The unpacked content, one forward pass.</summary>
    public ByteSource Content { get; private set; }

    /// <summary>Size of the file as stored.</summary>
    public long StoredBytes => _file.Length;

    /// <exception cref="BadFileException">Not a regular file, not readable, too big, or not what its name says.</exception>
    /// <exception cref="IOException">The storage failed or the file changed meanwhile.</exception>
    public static VolumeInput Open(SourcePath path, ReadingLimits limits)
    {
        SourceFile file = SourceFile.Open(path, limits.FollowLinks);
        try
        {
            if (file.Length > limits.MaxFileBytes)
                throw new BadFileException(Faults.GzTooBig, "file size", $"{file.Length} bytes", $"at most {limits.MaxFileBytes}");
            HashingStream stored = new(file.Stream);
            bool gzip = path.Relative.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
            return new VolumeInput(path, file, stored, ByteSource.Open(stored, gzip, limits.AcceptPlain));
        }
        catch (BadFileException)
        {
            file.Dispose();
            // a file that is just being written starts out as a bad one
            FileIdentity now = SourceFile.Stat(path, limits.FollowLinks);
            if (now != file.Identity) throw new FileChangedException(file.Identity, now);
            throw;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The same file from its start, for another pass.</summary>
    /// <exception cref="FileChangedException">Another file stands there by now.</exception>
    /// <inheritdoc cref="Open"/>
    public VolumeInput OpenAgain(ReadingLimits limits)
    {
        VolumeInput again = Open(Path, limits);
        if (again._file.Identity == _file.Identity) return again;
        again.Dispose();
        throw new FileChangedException(_file.Identity, again._file.Identity);
    }

    /// <summary>Has the content unpacked ahead of its use on another thread. Call before reading any of it.</summary>
    public void ReadAhead() => Content = _ahead = new AheadSource(Content);

    /// <summary>Reads what is left of the file and returns its SHA-256 as lower-case hex.</summary>
    /// <exception cref="FileChangedException">The file is not the one that was opened any more.</exception>
    public string FinishSha256(CancellationToken token)
    {
        _ahead?.Stop();
        string sha256 = _stored.FinishSha256(token);
        _file.ThrowIfChanged();
        return sha256;
    }

    public void Dispose()
    {
        Content.Dispose();
        _file.Dispose();
    }
}
