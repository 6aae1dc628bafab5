using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace VerseEtl.Load.Storage;

/// <summary>
/// A file being written for the first time, start to end, with checked write, fsync and close; hashes what passes through.
/// Disposed without <see cref="Complete"/> it is garbage for the caller to remove.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DurableFile(int descriptor, string path) : Stream
{
    private const int BufferSize = 1 << 16;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[BufferSize];
    private int _buffered;
    private bool _open = true;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => _open;
    public override long Length => Written;
    public override long Position { get => Written; set => throw new NotSupportedException(); }

    public long Written { get; private set; }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Written += bytes.Length;
        while (bytes.Length > 0)
        {
            if (_buffered == BufferSize) Drain();
            int part = Math.Min(bytes.Length, BufferSize - _buffered);
            bytes[..part].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += part;
            bytes = bytes[part..];
        }
    }

    public override void Write(byte[] bytes, int offset, int count) => Write(bytes.AsSpan(offset, count));

    /// <summary>Done when it returns: a hop to another thread for a copy into the buffer would cost more than the copy.</summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        Write(bytes.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] bytes, int offset, int count, CancellationToken cancellationToken)
    {
        Write(bytes.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Bytes wait in the buffer until it is full or the file completes.</summary>
    public override void Flush()
    {
    }

    /// <summary>Writes the rest, syncs and closes. The file's bytes are durable afterwards.</summary>
    /// <returns>SHA-256 of all bytes, lower-case hexadecimal.</returns>
    public string Complete()
    {
        Drain();
        Durable.Check(Durable.Native.Fsync(descriptor), "fsync", path);
        _open = false;
        Durable.Check(Durable.Native.Close(descriptor), "close", path);
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (_open) _ = Durable.Native.Close(descriptor);
        _open = false;
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }

    internal static void WriteAll(int descriptor, string path, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written = Durable.Native.Write(descriptor, in bytes[0], bytes.Length);
            if (written > 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }
            int errno = written == 0 ? StorageException.Eio : Marshal.GetLastPInvokeError();
            if (errno != StorageException.Eintr) throw StorageException.Of("write", path, errno);
        }
    }

    private void Drain()
    {
        WriteAll(descriptor, path, _buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }
}
