using System.Buffers;
using System.Runtime.CompilerServices;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Extract.Bytes;

/// <summary>
/// Unpacks one DEFLATE stream (RFC 1951) after another from the same input, rejecting what zlib rejects. Unpacked bytes go to a window
/// of 32 KiB of history and a chunk of new bytes; a long repeat of zeros is counted instead, and only the history it leaves is written.
/// This part reads blocks and, where the input is nearly used up, single symbols bit by bit; the loop for the rest is in FastSymbols.cs.
/// </summary>
internal sealed partial class Inflater(StoredInput input) : IDisposable
{
    private const int HistorySize = 32 * 1024;
    private const int ChunkSize = 128 * 1024;

    // the decoding loop may begin a symbol as long as it is below the limit, and writes less than this beyond it
    private const int Slack = 512;
    private const int Limit = HistorySize + ChunkSize;

    private const int PrimaryBits = 12, DistanceBits = 9, CodeLengthBits = 7;
    private const int LongestToken = 48;
    private const int LongestMatch = 258;

    // a shorter run of zeros is cheaper to write than to tell apart
    private const int LeastZeros = 4096;

    private const string NoSuchLength = "a literal or length that has no code";
    private const string NoSuchDistance = "a distance that has no code";
    private const string TooFar = "a distance beyond the start";

    private enum Part { BlockHeader, StoredBlock, CodedBlock, End }

    // at least as long as asked for, and with whatever a file before has left in them
    private readonly byte[] _window = ArrayPool<byte>.Shared.Rent(Limit + Slack);
    private readonly uint[] _symbols = ArrayPool<uint>.Shared.Rent(HuffmanTable.Capacity(PrimaryBits, DeflateAlphabets.LargestLiteralOrLength));
    private readonly uint[] _packed = ArrayPool<uint>.Shared.Rent(1 << PrimaryBits);
    private readonly uint[] _distances = ArrayPool<uint>.Shared.Rent(HuffmanTable.Capacity(DistanceBits, DeflateAlphabets.LargestDistance));
    private bool _returned;

    private Part _part = Part.End;
    private bool _lastBlock;
    private int _storedLeft;

    // window: history begins at low, bytes not yet handed out at unread, the next byte goes to at
    private int _low, _unread, _at;

    // what is decoded but not yet written: a repeat that did not fit, or zeros that never will be
    private long _repeatLeft;
    private int _repeatDistance;
    private long _zerosPending;

    private long _handedOut;

    /// <summary>Begins a new stream at a byte boundary of the input; nothing before it can be referred to.</summary>
    public void Restart()
    {
        _part = Part.BlockHeader;
        _lastBlock = false;
        _low = _unread = _at = HistorySize;
    }

    /// <summary>The next piece, in the sense of <see cref="ByteSource.Read"/>; false when the stream has ended and the input stands behind it.</summary>
    [MethodImpl(Hot.Method)]
    public bool Read(out ReadOnlyMemory<byte> bytes, out long zeros)
    {
        bytes = default;
        zeros = 0;
        if (_unread == _at && _zerosPending == 0)
        {
            if (_at >= Limit) Slide();
            Decode();
        }
        if (_unread < _at)
        {
            bytes = _window.AsMemory(_unread, _at - _unread);
            _unread = _at;
        }
        else if (_zerosPending > 0)
        {
            zeros = _zerosPending;
            _zerosPending = 0;
            WriteHistoryOfZeros(zeros);
        }
        _handedOut += bytes.Length + zeros;
        return bytes.Length + zeros > 0;
    }

    /// <summary>Gives the buffers to the next file; bytes handed out are no longer valid.</summary>
    public void Dispose()
    {
        if (_returned) return;
        _returned = true;
        ArrayPool<byte>.Shared.Return(_window);
        ArrayPool<uint>.Shared.Return(_symbols);
        ArrayPool<uint>.Shared.Return(_packed);
        ArrayPool<uint>.Shared.Return(_distances);
    }

    [MethodImpl(Hot.Method)]
    private void Slide()
    {
        int kept = Math.Min(HistorySize, _at - _low);
        _window.AsSpan(_at - kept, kept).CopyTo(_window.AsSpan(HistorySize - kept));
        _low = HistorySize - kept;
        _unread = _at = HistorySize;
    }

    [MethodImpl(Hot.Method)]
    private void WriteHistoryOfZeros(long zeros)
    {
        if (zeros >= HistorySize)
        {
            _low = 0;
            _window.AsSpan(0, HistorySize).Clear();
            _unread = _at = HistorySize;
            return;
        }
        if (_at + zeros > Limit) Slide();
        _window.AsSpan(_at, (int)zeros).Clear();
        _unread = _at += (int)zeros;
    }

    // until there is something to hand out or the stream has ended
    [MethodImpl(Hot.Method)]
    private void Decode()
    {
        while (_at < Limit && _zerosPending == 0)
        {
            if (_repeatLeft > 0)
            {
                WriteRepeat();
                continue;
            }
            switch (_part)
            {
                case Part.BlockHeader when _lastBlock:
                    input.AlignToByte();
                    _part = Part.End;
                    return;
                case Part.BlockHeader:
                    ReadBlockHeader();
                    break;
                case Part.StoredBlock:
                    CopyStored();
                    break;
                case Part.CodedBlock:
                    if (input.End - input.At < InputMargin) input.Fill();
                    DecodeFast();
                    if (_part == Part.CodedBlock && _at < Limit && _zerosPending == 0 && _repeatLeft == 0) DecodeSymbol();
                    break;
                case Part.End:
                    return;
            }
        }
    }

    [MethodImpl(Hot.Method)]
    private void CopyStored()
    {
        while (_storedLeft > 0)
        {
            ReadOnlyMemory<byte> bytes = input.TakeBuffered(Math.Min(_storedLeft, Limit - _at));
            if (bytes.IsEmpty)
            {
                if (_at >= Limit) return;
                throw Truncated();
            }
            bytes.CopyTo(_window.AsMemory(_at));
            _at += bytes.Length;
            _storedLeft -= bytes.Length;
        }
        _part = Part.BlockHeader;
    }

    [MethodImpl(Hot.Method)]
    private void DecodeSymbol()
    {
        // the reservoir may hold fewer bits than a token needs only at the end of the file; then missing bits read as 0
        input.Need(LongestToken);
        uint entry = Lookup(_symbols, PrimaryBits);
        if ((entry & HuffmanTable.AnyLiteral) != 0)
        {
            Drop(entry);
            _window[_at++] = (byte)(entry >> HuffmanTable.LiteralShift);
            return;
        }
        if ((entry & HuffmanTable.Exceptional) != 0)
        {
            if ((entry & HuffmanTable.EndOfBlock) == 0) throw InvalidCode(NoSuchLength);
            Drop(entry);
            _part = Part.BlockHeader;
            return;
        }
        int length = TakeValue(entry);
        entry = Lookup(_distances, DistanceBits);
        if ((entry & HuffmanTable.Exceptional) != 0) throw InvalidCode(NoSuchDistance);
        int distance = TakeValue(entry);
        if (distance > _at - _low) throw Invalid(TooFar);
        _repeatLeft = length;
        _repeatDistance = distance;
        WriteRepeat();
    }

    private uint Lookup(uint[] table, int primaryBits)
    {
        uint bits = (uint)input.Bits;
        uint entry = table[bits & ((1u << primaryBits) - 1)];
        if ((entry & HuffmanTable.Subtable) == 0 || (entry & HuffmanTable.AnyLiteral) != 0) return entry;
        uint index = (bits >> primaryBits) & ((1u << (HuffmanTable.LongestCode - primaryBits)) - 1);
        return table[(entry >> HuffmanTable.BaseShift) + index];
    }

    private int TakeValue(uint entry)
    {
        int code = (int)(entry >> HuffmanTable.CodeBitsShift & HuffmanTable.CodeBitsMask);
        int all = (int)(entry & HuffmanTable.DropMask);
        uint extra = (uint)(input.Bits >> code) & ((1u << (all - code)) - 1);
        Drop(entry);
        return (int)((entry >> HuffmanTable.BaseShift) + extra);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Drop(uint entry)
    {
        int count = (int)(entry & HuffmanTable.DropMask);
        if (count > input.BitCount) throw Truncated();
        input.Drop(count);
    }

    // repeats what lies repeatDistance back, as far as there is room; the copied stretch doubles, so that a long one costs few copies
    [MethodImpl(Hot.Method)]
    private void WriteRepeat()
    {
        int count = (int)Math.Min(_repeatLeft, Limit + Slack - _at);
        _repeatLeft -= count;
        int from = _at - _repeatDistance;
        int end = _at + count;
        while (_at < end)
        {
            int chunk = Math.Min(_at - from, end - _at);
            _window.AsSpan(from, chunk).CopyTo(_window.AsSpan(_at));
            _at += chunk;
        }
    }

    private void ReadBlockHeader()
    {
        _lastBlock = TakeBits(1) != 0;
        switch (TakeBits(2))
        {
            case 0:
                input.AlignToByte();
                ReadOnlySpan<byte> lengths = input.Peek(4);
                if (lengths.Length < 4) throw Truncated();
                _storedLeft = lengths[0] | lengths[1] << 8;
                if ((_storedLeft ^ 0xFFFF) != (lengths[2] | lengths[3] << 8)) throw Invalid("a stored block whose length and its complement differ");
                input.At += 4;
                _part = Part.StoredBlock;
                return;
            case 1:
                BuildTables(DeflateAlphabets.FixedLiteralLengths, DeflateAlphabets.FixedDistanceLengths);
                return;
            case 2:
                ReadDynamicTables();
                return;
            default:
                throw Invalid("block type 3");
        }
    }

    [MethodImpl(Hot.Method)]
    private void ReadDynamicTables()
    {
        int literals = (int)TakeBits(5) + 257;
        int distanceSymbols = (int)TakeBits(5) + 1;
        int stated = (int)TakeBits(4) + 4;
        if (literals > DeflateAlphabets.UsableLiteralOrLength || distanceSymbols > DeflateAlphabets.UsableDistance)
            throw Invalid("a block with too many length or distance symbols");

        Span<byte> codeLengthLengths = stackalloc byte[DeflateAlphabets.CodeLengthOrder.Length];
        codeLengthLengths.Clear();
        for (int index = 0; index < stated; index++) codeLengthLengths[DeflateAlphabets.CodeLengthOrder[index]] = (byte)TakeBits(3);
        Span<uint> codeLengths = stackalloc uint[1 << CodeLengthBits];
        if (!HuffmanTable.TryBuild(codeLengthLengths, DeflateAlphabets.CodeLengths, CodeLengthBits, sparse: false, codeLengths))
            throw Invalid("an impossible code of code lengths");

        Span<byte> lengths = stackalloc byte[DeflateAlphabets.UsableLiteralOrLength + DeflateAlphabets.UsableDistance];
        lengths = lengths[..(literals + distanceSymbols)];
        for (int have = 0; have < lengths.Length;)
        {
            input.Need(CodeLengthBits);
            uint entry = codeLengths[(int)(input.Bits & ((1 << CodeLengthBits) - 1))];
            Drop(entry);
            int symbol = (int)(entry >> HuffmanTable.BaseShift);
            if (symbol < 16)
            {
                lengths[have++] = (byte)symbol;
                continue;
            }
            if (symbol == 16 && have == 0) throw Invalid("a code length that repeats nothing");
            byte repeated = symbol == 16 ? lengths[have - 1] : (byte)0;
            int count = symbol switch { 16 => 3 + (int)TakeBits(2), 17 => 3 + (int)TakeBits(3), _ => 11 + (int)TakeBits(7) };
            if (count > lengths.Length - have) throw Invalid("code lengths that repeat beyond the last symbol");
            lengths.Slice(have, count).Fill(repeated);
            have += count;
        }
        if (lengths[DeflateAlphabets.EndOfBlock] == 0) throw Invalid("a block that cannot end");
        BuildTables(lengths[..literals], lengths[literals..]);
    }

    private void BuildTables(ReadOnlySpan<byte> literalLengths, ReadOnlySpan<byte> distanceLengths)
    {
        if (!HuffmanTable.TryBuild(literalLengths, DeflateAlphabets.LiteralsAndLengths, PrimaryBits, sparse: true, _symbols))
            throw Invalid("an impossible code of literals and lengths");
        if (!HuffmanTable.TryBuild(distanceLengths, DeflateAlphabets.Distances, DistanceBits, sparse: true, _distances))
            throw Invalid("an impossible code of distances");
        HuffmanTable.PackLiterals(literalLengths, _symbols, _packed.AsSpan(0, 1 << PrimaryBits), PrimaryBits);
        _part = Part.CodedBlock;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint TakeBits(int count) => input.Need(count) ? input.Take(count) : throw Truncated();

    private long Unpacked => _handedOut + _at - _unread + _zerosPending;

    private BadFileException Truncated() =>
        new(Faults.GzTruncated, observed: Invariant($"{Unpacked} bytes unpacked"), expected: "a complete gzip stream");

    private BadFileException Invalid(string what) =>
        new(Faults.GzDeflate, observed: Invariant($"{what}, at unpacked byte {Unpacked}"), expected: "a valid DEFLATE stream");

    // with fewer bits left than the longest code it was the file's end that made the code wrong
    private BadFileException InvalidCode(string what) => input.BitCount < HuffmanTable.LongestCode ? Truncated() : Invalid(what);
}
