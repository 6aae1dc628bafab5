using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Bytes;

/// <summary>
/// One forward pass over the unpacked content of a file. Content comes in pieces: bytes, or a number of zero bytes that were never
/// written to memory (label maps are mostly that). Memory is bounded by the implementation's buffers, never by the file.
/// </summary>
public abstract class ByteSource : IDisposable
{
    /// <summary>The source that fits a stored file, which it owns from here on and disposes.</summary>
    /// <param name="gzip">The file's name ends in .gz; its first bytes must agree.</param>
    /// <param name="acceptPlain">A plain NIfTI under a .gz name, or gzip under a .nii name, is read by its content, with a note, instead of failing.</param>
    /// <exception cref="BadFileException">GZ_EMPTY, or GZ_NOT_GZIP or NII_MAGIC with what the file looks like.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public static ByteSource Open(Stream stored, bool gzip, bool acceptPlain = false)
    {
        StoredInput input = new(stored);
        try
        {
            ReadOnlySpan<byte> start = input.Peek(StoredContent.Glimpse);
            if (!gzip)
            {
                if (acceptPlain && StoredContent.IsGzip(start)) return new GzipSource(input, new FileNote(Faults.GzUnderNii));
                StoredContent.RefuseKnown(start);
                return new PlainSource(input, []);
            }
            if (acceptPlain && StoredContent.IsPlainNifti(start)) return new PlainSource(input, [new FileNote(Faults.GzPlainNifti)]);
            StoredContent.RequireGzip(start);
            return new GzipSource(input);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

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
    public abstract bool Read(out ReadOnlyMemory<byte> bytes, out long zeros);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
