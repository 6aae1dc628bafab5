using System.Runtime.CompilerServices;
using VerseEtl.Extract.Bytes;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Extract.Nifti;

/// <summary>
/// The content of a NIfTI file as header bytes first and whole voxels after, out of pieces that are cut anywhere.
/// What waits to be consumed is what was carried over from earlier pieces (a header, a voxel that was cut in two), then what is left of
/// the source's current piece, which is not copied: bytes, or a number of zero bytes that are never written out.
/// </summary>
internal sealed class VoxelBytes(ByteSource source)
{
    private const int MostExtraBytes = 4096;

    private byte[] _carried = new byte[1024];
    private int _carriedAt, _carriedEnd;
    private ReadOnlyMemory<byte> _piece;
    private long _zeros;
    private long _received;
    private long _end = long.MaxValue;
    private long _extra;
    private bool _ended;
    private int _size = 1;

    /// <summary>Zero bytes seen behind the last voxel; complete once <see cref="Next"/> has returned false.</summary>
    public long ExtraBytes => _extra;

    /// <summary>Whole voxels waiting in memory; empty while <see cref="ZeroVoxels"/> is positive. Valid until the next call of another member.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        [MethodImpl(Hot.Method)]
        get
        {
            ReadOnlySpan<byte> waiting = Carried > 0 ? _carried.AsSpan(_carriedAt, Carried) : _piece.Span;
            return waiting[..(waiting.Length & -_size)]; // sizes are powers of 2
        }
    }

    /// <summary>All-zero voxels waiting.</summary>
    public long ZeroVoxels => Carried == 0 ? _zeros / _size : 0;

    private int Carried => _carriedEnd - _carriedAt;

    /// <summary>The next bytes without consuming them: <paramref name="count"/>, or fewer at the end of the file. For headers.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (Carried < count && (HasPiece || Fetch())) Carry(count - Carried);
        return _carried.AsSpan(_carriedAt, Math.Min(Carried, count));
    }

    /// <summary>From here on bytes are voxels.</summary>
    /// <param name="size">Bytes per voxel.</param>
    /// <param name="voxels">How many there must be.</param>
    public void Begin(int size, long voxels)
    {
        _size = size;
        _end = _received - Carried - _piece.Length - _zeros + checked(size * voxels);
        DropExtra();
        int carriedExtra = (int)Math.Max(0, _received - _extra - _end);
        Extra(_carried.AsSpan(_carriedEnd - carriedExtra, carriedExtra), carriedExtra);
        _carriedEnd -= carriedExtra;
    }

    /// <summary>Waits for a whole voxel: either <see cref="Bytes"/> is not empty or <see cref="ZeroVoxels"/> is positive.</summary>
    /// <returns>False after the last voxel, when the source has ended too and so vouched for all of it.</returns>
    /// <exception cref="BadFileException">The file is shorter or longer than it says, or the packing is damaged.</exception>
    [MethodImpl(Hot.Method)]
    public bool Next()
    {
        while (true)
        {
            if (Carried >= _size || (Carried == 0 && _piece.Length + _zeros >= _size)) return true;
            if (HasPiece) Carry(_size - Carried);
            else if (!Fetch()) return _received < _end ? throw Short() : false;
        }
    }

    /// <summary>Drops voxels that <see cref="Next"/> announced.</summary>
    [MethodImpl(Hot.Method)]
    public void Consume(long voxels)
    {
        long bytes = voxels * _size;
        if (Carried > 0) _carriedAt += checked((int)bytes);
        else if (_zeros > 0) _zeros -= bytes;
        else _piece = _piece[checked((int)bytes)..];
    }

    /// <summary>Passes over some voxels and takes those behind them, if all of them wait in memory.</summary>
    /// <param name="bytes">Valid until the next call of another member.</param>
    /// <returns>False if they do not; then nothing was done.</returns>
    [MethodImpl(Hot.Method)]
    public bool TryTake(int passed, int voxels, out ReadOnlySpan<byte> bytes)
    {
        long from = (long)passed * _size, to = from + (long)voxels * _size;
        bytes = default;
        if (Carried > 0 || to > _piece.Length) return false;
        bytes = _piece.Span[(int)from..(int)to];
        _piece = _piece[(int)to..];
        return true;
    }

    /// <summary>Drops bytes without looking at them.</summary>
    /// <returns>False if the file ends before that.</returns>
    [MethodImpl(Hot.Method)]
    public bool SkipBytes(long count)
    {
        int carried = (int)Math.Min(count, Carried);
        _carriedAt += carried;
        count -= carried;
        while (count > 0)
        {
            if (!HasPiece && !Fetch()) return false;
            int bytes = (int)Math.Min(count, _piece.Length);
            _piece = _piece[bytes..];
            long zeros = Math.Min(count - bytes, _zeros);
            _zeros -= zeros;
            count -= bytes + zeros;
        }
        return true;
    }

    /// <summary>Drops voxels, whether announced or not.</summary>
    /// <exception cref="BadFileException">There are fewer.</exception>
    public void SkipVoxels(long voxels)
    {
        if (!SkipBytes(voxels * _size)) throw Short();
    }

    private bool HasPiece => _piece.Length + _zeros > 0;

    private BadFileException Short() => new(Faults.NiiDataShort, "voxels",
        $"{HeaderChecks.Text(_received)} bytes", $"{HeaderChecks.Text(_end)} bytes");

    // the next piece of the source, of which what lies behind the last voxel is left out
    [MethodImpl(Hot.Method)]
    private bool Fetch()
    {
        if (_ended) return false;
        if (!source.Read(out _piece, out _zeros))
        {
            _ended = true;
            return false;
        }
        _received += _piece.Length + _zeros;
        DropExtra();
        return true;
    }

    private void DropExtra()
    {
        long extra = Math.Min(_received - _extra - _end, _piece.Length + _zeros);
        if (extra <= 0) return;
        if (_zeros > 0)
        {
            _zeros -= extra;
            Extra([], extra);
            return;
        }
        Extra(_piece.Span[^(int)extra..], extra);
        _piece = _piece[..^(int)extra];
    }

    private void Extra(ReadOnlySpan<byte> bytes, long count)
    {
        if (_extra + count > MostExtraBytes || bytes.ContainsAnyExcept((byte)0))
            throw new BadFileException(Faults.GzLong, "voxels", $"{HeaderChecks.Text(_received)} bytes or more", $"{HeaderChecks.Text(_end)} bytes");
        _extra += count;
    }

    // moves at most so many bytes from the piece behind those carried over
    private void Carry(int most)
    {
        int count = (int)Math.Min(most, _piece.Length + _zeros);
        _carried.AsSpan(_carriedAt, Carried).CopyTo(_carried);
        (_carriedAt, _carriedEnd) = (0, Carried);
        if (_carriedEnd + count > _carried.Length) Array.Resize(ref _carried, _carriedEnd + count);
        Span<byte> free = _carried.AsSpan(_carriedEnd, count);
        _carriedEnd += count;
        if (_zeros > 0)
        {
            free.Clear();
            _zeros -= count;
            return;
        }
        _piece.Span[..count].CopyTo(free);
        _piece = _piece[count..];
    }
}
