namespace VerseEtl.Extract.Bytes;

/// <summary>
/// One forward pass over the unpacked content of a file. Content comes in pieces: bytes, or a number of zero bytes that were never
/// written to memory (label maps are mostly that). Memory is bounded by the implementation's buffers, never by the file.
/// </summary>
public abstract class ByteSource : IDisposable
{
    /// <summary>Unpacked bytes handed out so far, zeros included.</summary>
    public abstract long Position { get; }

    /// <summary>What was unusual about the packing; complete once <see cref="Read"/> has returned false.</summary>
    public abstract IReadOnlyList<FileNote> Notes { get; }

    /// <summary>The next piece: either <paramref name="bytes"/> is not empty or <paramref name="zeros"/> is positive, never both.</summary>
    /// <param name="bytes">Valid until the next call.</param>
    /// <param name="zeros">How many zero bytes the piece stands for.</param>
    /// <returns>False at the end, after every check of the packing (CRC-32, stated length, trailing bytes) has passed.</returns>
    /// <exception cref="BadFileException">The packing is damaged.</exception>
    /// <exception cref="IOException">The storage failed; nothing is said about the bytes.</exception>
    public abstract bool Read(out ReadOnlySpan<byte> bytes, out long zeros);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
