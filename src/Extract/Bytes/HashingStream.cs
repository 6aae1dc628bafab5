using System.Security.Cryptography;

namespace VerseEtl.Extract.Bytes;

/// <summary>Passes a stream on for reading and keeps SHA-256 and length of what went through; read to the end, those of the whole file.</summary>
/// <param name="stored">Owned from here on.</param>
internal sealed class HashingStream(Stream stored) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Reads what is left and gives the SHA-256 of the whole stream as lower-case hex.</summary>
    public string FinishSha256(CancellationToken token = default)
    {
        byte[] rest = new byte[1 << 16];
        while (Read(rest.AsSpan()) > 0) token.ThrowIfCancellationRequested();
        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => BytesRead; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int read = stored.Read(buffer);
        _hash.AppendData(buffer[..read]);
        BytesRead += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stored.Dispose();
            _hash.Dispose();
        }
        base.Dispose(disposing);
    }
}
