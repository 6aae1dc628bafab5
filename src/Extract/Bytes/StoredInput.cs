using System.Buffers;
using System.Runtime.CompilerServices;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Extract.Bytes;

/// <summary>
/// The stored bytes of a file behind one fixed buffer, read forward, as bytes or as a stream of bits (least significant first, as
/// DEFLATE packs them). Between calls the bit reservoir has no bit set above <see cref="BitCount"/>.
/// </summary>
internal sealed class StoredInput(Stream stored) : IDisposable
{
    private const int Capacity = 64 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private bool _returned;
    private long _before;
    private bool _ended;

    /// <summary>Read buffer; valid from <see cref="At"/> to <see cref="End"/>.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>Index of the next byte that is not in the reservoir.</summary>
    public int At { get; set; }

    public int End { get; private set; }

    /// <summary>Bits taken from the buffer but not yet consumed.</summary>
    public ulong Bits { get; set; }

    public int BitCount { get; set; }

    /// <summary>Stored bytes consumed; one of which the last bit is still unread counts as consumed.</summary>
    public long Offset => _before + At - (BitCount >> 3);

    /// <summary>Puts whole unread bytes of the reservoir back into the buffer, leaving fewer than 8 bits in it.</summary>
    public void ReturnBytes()
    {
        At -= BitCount >> 3;
        BitCount &= 7;
        Bits &= (1UL << BitCount) - 1;
    }

    /// <summary>Drops the rest of a byte that was begun, so that reading goes on at the next byte.</summary>
    public void AlignToByte()
    {
        ReturnBytes();
        BitCount = 0;
        Bits = 0;
    }

    /// <summary>Moves what is unread to the front and fills the buffer up from the file; false if nothing was left to read.</summary>
    [MethodImpl(Hot.Method)]
    public bool Fill()
    {
        if (_ended) return false;
        ReturnBytes();
        int unread = End - At;
        if (At > 0) _buffer.AsSpan(At, unread).CopyTo(_buffer);
        _before += At;
        At = 0;
        End = unread;
        Span<byte> free = _buffer.AsSpan(End, Capacity - End);
        int read = stored.ReadAtLeast(free, free.Length, throwOnEndOfStream: false);
        _ended = read < free.Length;
        End += read;
        return read > 0;
    }

    /// <summary>The coming bytes, at most <paramref name="count"/> of them, fewer only where the file ends. Call on a byte boundary.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (End - At < count) Fill();
        return _buffer.AsSpan(At, Math.Min(count, End - At));
    }

    /// <summary>The bytes that are in the buffer, after filling it if it was empty; none at the end. Call on a byte boundary.</summary>
    public ReadOnlyMemory<byte> TakeBuffered() => TakeBuffered(Capacity);

    /// <inheritdoc cref="TakeBuffered()"/>
    public ReadOnlyMemory<byte> TakeBuffered(int most)
    {
        if (At == End) Fill();
        ReadOnlyMemory<byte> taken = _buffer.AsMemory(At, Math.Min(most, End - At));
        At += taken.Length;
        return taken;
    }

    /// <summary>The next byte, or -1 at the end. Call on a byte boundary.</summary>
    public int ReadByte() => At < End || Fill() ? _buffer[At++] : -1;

    /// <summary>Brings at least <paramref name="count"/> (at most 56) bits into the reservoir; false if the file has fewer left.</summary>
    [MethodImpl(Hot.Method)]
    public bool Need(int count)
    {
        while (BitCount < count)
        {
            if (At == End)
            {
                if (_ended) return false;
                // puts whole bytes of the reservoir back, so that even at the end of the file there is something to take up again
                Fill();
                continue;
            }
            Bits |= (ulong)_buffer[At++] << BitCount;
            BitCount += 8;
        }
        return true;
    }

    /// <summary>Removes bits that <see cref="Need"/> has brought in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Take(int count)
    {
        uint taken = (uint)Bits & ((1u << count) - 1);
        Drop(count);
        return taken;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(int count)
    {
        Bits >>= count;
        BitCount -= count;
    }

    public void Dispose()
    {
        stored.Dispose();
        if (_returned) return;
        _returned = true;
        ArrayPool<byte>.Shared.Return(_buffer);
    }
}
