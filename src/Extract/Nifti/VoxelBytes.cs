using VerseEtl.Extract.Bytes;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Nifti;

/// <summary>
/// The content of a NIfTI file as header bytes first and whole voxels after, out of pieces that are cut anywhere.
/// What waits to be consumed is a few bytes in a buffer followed by a number of zero bytes that are never written out.
/// Memory: one piece of the source.
/// </summary>
internal sealed class VoxelBytes(ByteSource source)
{
    private const int MostExtraBytes = 4096;

    private byte[] _buffer = new byte[4096];
    private int _at;
    private int _filled;
    private long _zeros;
    private long _received;
    private long _end = long.MaxValue;
    private long _extra;
    private bool _ended;
    private int _size = 1;

    /// <summary>Zero bytes seen behind the last voxel; complete once <see cref="Next"/> has returned false.</summary>
    public long ExtraBytes => _extra;

    /// <summary>Whole voxels waiting in the buffer; empty while <see cref="ZeroVoxels"/> is positive.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_at, Waiting / _size * _size);

    /// <summary>All-zero voxels waiting.</summary>
    public long ZeroVoxels => Waiting == 0 ? _zeros / _size : 0;

    private int Waiting => _filled - _at;

    /// <summary>The next bytes without consuming them: <paramref name="count"/>, or fewer at the end of the file. For headers.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (Waiting + _zeros < count && Fetch()) { }
        if (Waiting < count) WriteZeros((int)Math.Min(_zeros, count - Waiting));
        return _buffer.AsSpan(_at, Math.Min(Waiting, count));
    }

    /// <summary>From here on bytes are voxels.</summary>
    /// <param name="size">Bytes per voxel.</param>
    /// <param name="voxels">How many there must be.</param>
    public void Begin(int size, long voxels)
    {
        _size = size;
        _end = _received - Waiting - _zeros + checked(size * voxels);
        long over = _received - _end;
        if (over <= 0) return;
        long overZeros = Math.Min(over, _zeros);
        _zeros -= overZeros;
        int overBytes = (int)(over - overZeros);
        ReadOnlySpan<byte> extra = _buffer.AsSpan(_filled - overBytes, overBytes);
        _filled -= overBytes;
        Extra(extra, over);
    }

    /// <summary>Waits for a whole voxel: either <see cref="Bytes"/> is not empty or <see cref="ZeroVoxels"/> is positive.</summary>
    /// <returns>False after the last voxel, when the source has ended too and so vouched for all of it.</returns>
    /// <exception cref="BadFileException">The file is shorter or longer than it says, or the packing is damaged.</exception>
    public bool Next()
    {
        while (true)
        {
            if (Waiting >= _size) return true;
            if (Waiting > 0 && _zeros > 0) WriteZeros((int)Math.Min(_zeros, _size - Waiting));
            else if (Waiting == 0 && _zeros >= _size) return true;
            else if (!Fetch())
                return _received < _end ? throw Short() : false;
        }
    }

    /// <summary>Drops voxels that <see cref="Next"/> announced.</summary>
    public void Consume(long voxels)
    {
        if (Waiting > 0) _at += checked((int)(voxels * _size));
        else _zeros -= voxels * _size;
    }

    /// <summary>Drops bytes without copying the pieces that lie wholly in between.</summary>
    /// <returns>False if the file ends before that.</returns>
    public bool SkipBytes(long count)
    {
        int buffered = (int)Math.Min(count, Waiting);
        _at += buffered;
        count -= buffered;
        while (true)
        {
            long zeros = Math.Min(count, _zeros);
            _zeros -= zeros;
            count -= zeros;
            if (count == 0) return true;
            if (!Pull(out ReadOnlySpan<byte> bytes, out long moreZeros)) return false;
            _zeros += moreZeros;
            int skipped = (int)Math.Min(count, bytes.Length);
            count -= skipped;
            Append(bytes[skipped..]);
        }
    }

    /// <summary>Drops voxels, whether announced or not.</summary>
    /// <exception cref="BadFileException">There are fewer.</exception>
    public void SkipVoxels(long voxels)
    {
        if (!SkipBytes(voxels * _size)) throw Short();
    }

    private BadFileException Short() => new(Faults.NiiDataShort, "voxels",
        $"{HeaderChecks.Text(_received)} bytes", $"{HeaderChecks.Text(_end)} bytes");

    private bool Fetch()
    {
        if (!Pull(out ReadOnlySpan<byte> bytes, out long zeros)) return false;
        if (bytes.Length > 0)
        {
            WriteZeros((int)_zeros);
            Append(bytes);
        }
        _zeros += zeros;
        return true;
    }

    /// <summary>One piece of the source, without what lies behind the last voxel.</summary>
    private bool Pull(out ReadOnlySpan<byte> bytes, out long zeros)
    {
        bytes = [];
        zeros = 0;
        if (_ended) return false;
        if (!source.Read(out bytes, out zeros))
        {
            _ended = true;
            return false;
        }
        _received += bytes.Length + zeros;
        long over = Math.Min(_received - _end, bytes.Length + zeros);
        if (over <= 0) return true;
        Extra(bytes.Length > 0 ? bytes[^(int)over..] : [], over);
        if (bytes.Length > 0) bytes = bytes[..^(int)over];
        else zeros -= over;
        return true;
    }

    private void Extra(ReadOnlySpan<byte> bytes, long count)
    {
        _extra += count;
        if (_extra > MostExtraBytes || bytes.ContainsAnyExcept((byte)0))
            throw new BadFileException(Faults.GzLong, "voxels", $"{HeaderChecks.Text(_received)} bytes or more", $"{HeaderChecks.Text(_end)} bytes");
    }

    private void WriteZeros(int count)
    {
        if (count == 0) return;
        Reserve(count).Clear();
        _zeros -= count;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0) bytes.CopyTo(Reserve(bytes.Length));
    }

    private Span<byte> Reserve(int count)
    {
        if (_at > 0)
        {
            _buffer.AsSpan(_at, Waiting).CopyTo(_buffer);
            (_at, _filled) = (0, Waiting);
        }
        if (_filled + count > _buffer.Length) Array.Resize(ref _buffer, _filled + count);
        Span<byte> reserved = _buffer.AsSpan(_filled, count);
        _filled += count;
        return reserved;
    }
}
