using System.Security.Cryptography;

namespace VerseEtl.Extract.Bytes;

/// <summary>Passes a stream on for reading and keeps SHA-256 and length of what went through; read to the end, those of the whole file.</summary>
/// <param name="stored">Owned from here on.</param>
internal sealed class HashingStream(Stream stored) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // what is being hashed on another thread, and the bytes it reads; no bytes, no thread
    private Task _aside = Task.CompletedTask;
    private byte[]? _asideBytes;

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Has what is read from here on hashed on another thread, at most this many bytes behind the reader.</summary>
    public void HashAside(int most) => _asideBytes = new byte[most];

    /// <summary>Reads what is left and gives the SHA-256 of the whole stream as lower-case hex.</summary>
    public string FinishSha256(CancellationToken token = default)
    {
        byte[] rest = new byte[1 << 16];
        while (Read(rest.AsSpan()) > 0) token.ThrowIfCancellationRequested();
        _aside.Wait(token);
        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => BytesRead; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int read = stored.Read(_asideBytes is null ? buffer : buffer[..Math.Min(buffer.Length, _asideBytes.Length)]);
        if (_asideBytes is null) _hash.AppendData(buffer[..read]);
        else AppendAside(buffer[..read], _asideBytes);
        BytesRead += read;
        return read;
    }

    private void AppendAside(ReadOnlySpan<byte> bytes, byte[] aside)
    {
        _aside.Wait();
        bytes.CopyTo(aside);
        int count = bytes.Length;
        _aside = Task.Run(() => _hash.AppendData(aside, 0, count));
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
            _aside.Wait();
            _hash.Dispose();
        }
        base.Dispose(disposing);
    }
}
