namespace VerseEtl.Extract.Tests.Bytes;

/// <summary>A stream that hands out at most so many bytes a read, as pipes and network shares do.</summary>
internal sealed class OddReads(byte[] stored, int most) : Stream
{
    private int _at;

    public bool IsDisposed { get; private set; }

    /// <summary>Whether somebody has asked beyond the last byte and so knows that it was the last.</summary>
    public bool EndWasSeen { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _at; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int count = Math.Min(Math.Min(most, buffer.Length), stored.Length - _at);
        stored.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        EndWasSeen |= count == 0 && buffer.Length > 0;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
