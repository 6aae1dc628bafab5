namespace VerseEtl.Extract.Bytes;

/// <summary>Passes a stream on for reading and keeps what went through, so that a small file need not be read again for another pass.</summary>
/// <param name="stored">Owned from here on.</param>
/// <param name="length">Bytes that the whole of it is believed to have.</param>
internal sealed class KeptStream(Stream stored, int length) : Stream
{
    private readonly byte[] _kept = new byte[length];
    private int _count;
    private bool _more;

    /// <summary>All bytes of the stream; null unless exactly the length that was believed has been read.</summary>
    public byte[]? Whole => _count == _kept.Length && !_more ? _kept : null;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int read = stored.Read(buffer);
        int kept = Math.Min(read, _kept.Length - _count);
        buffer[..kept].CopyTo(_kept.AsSpan(_count));
        _count += kept;
        _more |= kept < read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) stored.Dispose();
        base.Dispose(disposing);
    }
}
