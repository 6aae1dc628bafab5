using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace VerseEtl.Extract.Bytes;

/// <summary>
/// Another source, read ahead of its user on a thread of its own: unpacking and measuring of one large file go on at the same time.
/// Memory: as many blocks as the user falls behind, 8 MiB at most, as much as is unpacked while a mask is measured.
/// </summary>
internal sealed class AheadSource : ByteSource
{
    private const int MostBlocks = 32;
    private const int BlockSize = 256 * 1024;

    /// <summary>Bytes, then zeros; the last block of all says so and may hold what went wrong.</summary>
    private sealed class Block
    {
        public readonly byte[] Bytes = new byte[BlockSize];
        public int Length;
        public long Zeros;
        public bool Last;
        public ExceptionDispatchInfo? Failure;
    }

    private readonly ByteSource _source;

    // of the blocks that are free the one used last is taken first, while a cache still holds it
    private readonly ConcurrentStack<Block> _free = new();
    private readonly ConcurrentQueue<Block> _filled = new();
    private readonly SemaphoreSlim _empty = new(MostBlocks), _full = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _reader;

    // the user's: the block that is being handed out
    private Block? _current;
    private bool _bytesTaken;
    private long _position;

    // the reader's: what is left of a piece that did not fit a block
    private ReadOnlyMemory<byte> _piece;
    private long _zeros;

    /// <param name="source">At its start; owned and used by this alone from here on.</param>
    public AheadSource(ByteSource source)
    {
        _source = source;
        _reader = new Thread(ReadAhead) { IsBackground = true, Name = "unpacking ahead" };
        _reader.Start();
    }

    public override long Position => _position;

    public override IReadOnlyList<FileNote> Notes => _current is { Last: true } ? _source.Notes : [];

    public override bool Read(out ReadOnlyMemory<byte> bytes, out long zeros)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        bytes = default;
        zeros = 0;
        while (true)
        {
            Block block = _current ??= Take();
            if (!_bytesTaken && block.Length > 0)
            {
                _bytesTaken = true;
                bytes = block.Bytes.AsMemory(0, block.Length);
                _position += block.Length;
                return true;
            }
            if (block.Zeros > 0)
            {
                (zeros, block.Zeros) = (block.Zeros, 0);
                _position += zeros;
                return true;
            }
            if (block.Last)
            {
                block.Failure?.Throw();
                return false;
            }
            _current = null;
            _free.Push(block);
            _empty.Release();
        }
    }

    /// <summary>Ends reading ahead; what is below this source can then be used by others, and this one no more.</summary>
    public void Stop()
    {
        _stop.Cancel();
        _reader.Join();
    }

    private Block Take()
    {
        _full.Wait();
        _bytesTaken = false;
        return _filled.TryDequeue(out Block? block) ? block : throw new InvalidOperationException("a block that was filled is gone");
    }

    private void ReadAhead()
    {
        while (true)
        {
            Block? block = null;
            try
            {
                _empty.Wait(_stop.Token);
                if (!_free.TryPop(out block)) block = new Block();
                Fill(block);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // whatever it is, it is the user's, in the place where it happened
                block ??= new Block();
                block.Failure = ExceptionDispatchInfo.Capture(failure);
                block.Last = true;
            }
            _filled.Enqueue(block);
            _full.Release();
            if (block.Last) return;
        }
    }

    private void Fill(Block block)
    {
        (block.Length, block.Zeros) = (0, 0);
        while (block.Length < BlockSize)
        {
            _stop.Token.ThrowIfCancellationRequested();
            if (_piece.IsEmpty && _zeros == 0 && !_source.Read(out _piece, out _zeros))
            {
                block.Last = true;
                return;
            }
            if (!_piece.IsEmpty && block.Zeros > 0) return;
            int bytes = Math.Min(_piece.Length, BlockSize - block.Length);
            _piece[..bytes].CopyTo(block.Bytes.AsMemory(block.Length));
            _piece = _piece[bytes..];
            block.Length += bytes;
            block.Zeros += _zeros;
            _zeros = 0;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        Stop();
        _source.Dispose();
        _empty.Dispose();
        _full.Dispose();
        _stop.Dispose();
    }
}
