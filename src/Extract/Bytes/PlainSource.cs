namespace VerseEtl.Extract.Bytes;

/// <summary>A file that is stored as it is: its bytes are handed out from the read buffer without a copy.</summary>
internal sealed class PlainSource : ByteSource
{
    private readonly StoredInput _input;
    private long _position;

    /// <param name="stored">Owned from here on.</param>
    public PlainSource(Stream stored) : this(new StoredInput(stored), []) { }

    internal PlainSource(StoredInput input, IReadOnlyList<FileNote> notes)
    {
        _input = input;
        Notes = notes;
    }

    public override long Position => _position;

    public override IReadOnlyList<FileNote> Notes { get; }

    public override bool Read(out ReadOnlyMemory<byte> bytes, out long zeros)
    {
        zeros = 0;
        bytes = _input.TakeBuffered();
        _position += bytes.Length;
        return bytes.Length > 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _input.Dispose();
    }
}
