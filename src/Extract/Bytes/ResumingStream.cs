using System.Buffers;

namespace VerseEtl.Extract.Bytes;

/// <summary>
/// Bytes of a known number out of a connection that may be cut or stall: it is opened again where the reader stands, so that no byte is read
/// twice and whoever reads, in the middle of a gzip file too, notices nothing. Three attempts in a row without a byte are a failure of the storage.
/// </summary>
/// <param name="open">The content from an offset on; what it throws is not tried again, except for an <see cref="IOException"/> of no special kind.</param>
/// <param name="length">Bytes of the whole.</param>
internal sealed class ResumingStream(Func<long, Stream> open, long length) : Stream
{
    private const int Capacity = 64 * 1024, MostInVain = 3;

    /// <summary>A connection that gives no byte for so long counts as cut.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private CancellationTokenSource _patience = new();
    private Stream? _connection;
    private long _position;
    private int _at, _end;
    private bool _disposed;

    /// <summary>How often the content was opened beyond the first time.</summary>
    public int Reopened { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => length;
    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_at == _end && !Fill()) return 0;
        int count = Math.Min(buffer.Length, _end - _at);
        _buffer.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            Drop();
            _patience.Dispose();
            ArrayPool<byte>.Shared.Return(_buffer);
        }
        base.Dispose(disposing);
    }

    private bool Fill()
    {
        (_at, _end) = (0, 0);
        if (_position == length) return false;
        for (int inVain = 0; ;)
        {
            _end = Received(out Exception? failure);
            if (_end > 0) return true;
            Drop();
            if (++inVain == MostInVain) throw new IOException("The connection to the object store ended before the object did.", failure);
        }
    }

    /// <returns>0 where the connection could not be opened, was cut or stalled.</returns>
    private int Received(out Exception? failure)
    {
        failure = null;
        try
        {
            if (_connection is null)
            {
                if (_position > 0) Reopened++;
                _connection = open(_position);
            }
        }
        catch (IOException error) when (error.GetType() == typeof(IOException))
        {
            failure = error;
            return 0;
        }
        try
        {
            if (!_patience.TryReset())
            {
                _patience.Dispose();
                _patience = new CancellationTokenSource();
            }
            _patience.CancelAfter(Patience);
            int most = (int)Math.Min(Capacity, length - _position);
            return _connection.ReadAsync(_buffer.AsMemory(0, most), _patience.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // the store's own client throws what it likes; what it means is the same
            failure = error;
            return 0;
        }
    }

    private void Drop()
    {
        try
        {
            _connection?.Dispose();
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
        }
        _connection = null;
    }
}
