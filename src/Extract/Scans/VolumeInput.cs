using System.Runtime.Versioning;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Scans;

/// <summary>A volume's file, opened: its unpacked content, and the hash of what is stored, which is complete once everything was read.</summary>
[SupportedOSPlatform("linux")]
internal sealed class VolumeInput : IDisposable
{
    /// <summary>Stored bytes up to which a file is kept for another pass; genuine masks have some 100 kB.</summary>
    public const int MostKeptBytes = 4 << 20;

    private const int HashedAtOnce = 64 * 1024;

    private readonly SourceFile _file;
    private readonly HashingStream _stored;
    private readonly KeptStream? _kept;
    private AheadSource? _ahead;

    private VolumeInput(SourcePath path, SourceFile file, ReadingLimits limits, bool keep)
    {
        if (keep && file.Length <= MostKeptBytes) _kept = new KeptStream(file.Stream, (int)file.Length);
        (Path, _file, _stored) = (path, file, new HashingStream(_kept ?? file.Stream));
        Content = Unpacked(_stored, limits);
    }

    public SourcePath Path { get; }

    /// <summary>The unpacked content, one forward pass.</summary>
    public ByteSource Content { get; private set; }

    /// <summary>Size of the file as stored.</summary>
    public long StoredBytes => _file.Length;

    /// <param name="keep">Keeps a small file for <see cref="ContentAgain"/>.</param>
    /// <exception cref="BadFileException">Not a regular file, not readable, too big, or not what its name says.</exception>
    /// <exception cref="IOException">The storage failed or the file changed meanwhile.</exception>
    public static VolumeInput Open(SourcePath path, ReadingLimits limits, bool keep = false)
    {
        SourceFile file = SourceFile.Open(path, limits.FollowLinks);
        try
        {
            if (file.Length > limits.MaxFileBytes)
                throw new BadFileException(Faults.GzTooBig, "file size", $"{file.Length} bytes", $"at most {limits.MaxFileBytes}");
            return new VolumeInput(path, file, limits, keep);
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

    /// <summary>The same content from its start, for another pass: of a small file that was read to its end what was kept, else the file anew.</summary>
    /// <exception cref="FileChangedException">Another file stands there by now.</exception>
    /// <inheritdoc cref="Open"/>
    public ByteSource ContentAgain(ReadingLimits limits)
    {
        if (_kept?.Whole is { } kept) return Unpacked(new MemoryStream(kept, writable: false), limits);
        VolumeInput again = Open(Path, limits);
        if (again._file.Identity == _file.Identity) return again.Content;
        again.Dispose();
        throw new FileChangedException(_file.Identity, again._file.Identity);
    }

    /// <summary>Has the content unpacked ahead of its use on another thread, and the file hashed beside both. Call before reading any of it.</summary>
    public void ReadAhead()
    {
        _stored.HashAside(HashedAtOnce);
        Content = _ahead = new AheadSource(Content);
    }

    /// <summary>Reads what is left of the file and returns its SHA-256 as lower-case hex.</summary>
    /// <exception cref="FileChangedException">The file is not the one that was opened any more.</exception>
    public string FinishSha256(CancellationToken token)
    {
        _ahead?.Stop();
        string sha256 = _stored.FinishSha256(token);
        _file.ThrowIfChanged();
        return sha256;
    }

    private ByteSource Unpacked(Stream stored, ReadingLimits limits) =>
        ByteSource.Open(stored, Path.Relative.EndsWith(".gz", StringComparison.OrdinalIgnoreCase), limits.AcceptPlain);

    public void Dispose()
    {
        Content.Dispose();
        _file.Dispose();
    }
}
