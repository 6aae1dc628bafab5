using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;
using VerseEtl.Extract.Bytes;
using VerseEtl.Transform.Pictures;

namespace VerseEtl.Extract.Pictures;

/// <summary>
/// Packs bytes of which many repeat the one before as zlib (RFC 1950, 1951): runs and Huffman codes, a dynamic block for each call. The same bytes are
/// packed in the same way on every machine.
/// </summary>
internal sealed class ZlibRuns : IDisposable
{
    private const int MostCodeBits = 15, Symbols = DeflateAlphabets.UsableLiteralOrLength, DynamicBlock = 2;
    private const int ShortestMatch = 3, LongestMatch = 258, FirstMatch = 256;

    // so many bytes are looked at together
    private const int Looked = 64;

    // a code in the low bits of an entry, its length above
    private const int LengthShift = 24;

    private const uint AdlerBase = 65521;

    // so many bytes cannot make a sum of 32 bits overflow
    private const int AdlerBytes = 5552;

    // literals as they are; a match is its length above FirstMatch
    private readonly LentArray<ushort> _tokens;
    private readonly byte[] _room;
    private readonly int[] _counts = new int[Symbols];
    private readonly uint[] _entries = new uint[FirstMatch + LongestMatch + 1];
    private int _tokenCount, _at, _bitCount;
    private ulong _bits;
    private uint _sum = 1, _sumOfSums;

    /// <param name="room">Where to; <see cref="MostBytes"/> are enough.</param>
    /// <param name="start">Where in it the first byte goes.</param>
    /// <param name="mostAtOnce">Bytes in one call.</param>
    public ZlibRuns(byte[] room, int start, int mostAtOnce)
    {
        (_room, _tokens) = (room, new LentArray<ushort>(mostAtOnce));
        // window of 32 KiB, fastest level, no dictionary
        (room[start], room[start + 1], _at) = (0x78, 0x01, start + 2);
    }

    /// <summary>Of so many bytes, packed in so many calls, at worst: two bits for each more, and what a block begins with.</summary>
    public static int MostBytes(int bytes, int calls) => bytes + bytes / 4 + 256 * calls + 16;

    /// <summary>Packs bytes.</summary>
    /// <param name="isLast">None come after these.</param>
    public void Write(ReadOnlySpan<byte> bytes, bool isLast)
    {
        Array.Clear(_counts);
        _tokenCount = 0;
        Cut(bytes);
        Sum(bytes);
        _counts[DeflateAlphabets.EndOfBlock] = 1;
        Span<byte> lengths = stackalloc byte[Symbols];
        CodeLengths(_counts, lengths);
        WriteHeader(isLast, lengths);
        MakeEntries(lengths);
        WriteTokens();
    }

    /// <summary>Ends it.</summary>
    /// <returns>Where in the room that is.</returns>
    public int Finish()
    {
        Add(0, (8 - _bitCount) & 7);
        BinaryPrimitives.WriteUInt32BigEndian(_room.AsSpan(_at), _sumOfSums << 16 | _sum);
        return _at + sizeof(uint);
    }

    public void Dispose() => _tokens.Dispose();

    /// <summary>Finds runs, and counts symbols.</summary>
    private void Cut(ReadOnlySpan<byte> bytes)
    {
        int cut = 0, at = 1;
        while (at <= bytes.Length - Looked)
        {
            ulong repeated = Repeated(bytes, at), runs = repeated & repeated >> 1 & repeated >> 2;
            if (runs == 0)
            {
                // of the last ones it is not known whether they begin a run
                at += Looked - ShortestMatch + 1;
                continue;
            }
            int first = BitOperations.TrailingZeroCount(runs), run = BitOperations.TrailingZeroCount(~(repeated >> first));
            CutLiterals(bytes[cut..(at + first)]);
            cut = at + first + run;
            if (first + run == Looked)
            {
                int more = bytes[cut..].IndexOfAnyExcept(bytes[cut - 1]);
                cut += more < 0 ? bytes.Length - cut : more;
            }
            CutRun(bytes[at + first], cut - at - first);
            at = cut + 1;
        }
        CutLiterals(bytes[cut..]);
    }

    /// <summary>Which of the next bytes are as the one before.</summary>
    private static ulong Repeated(ReadOnlySpan<byte> bytes, int at)
    {
        ReadOnlySpan<byte> before = bytes.Slice(at - 1, Looked), some = bytes.Slice(at, Looked);
        ulong repeated = 0;
        for (int part = 0; part < Looked; part += Vector128<byte>.Count)
        {
            Vector128<byte> alike = Vector128.Equals(Vector128.LoadUnsafe(in some[part]), Vector128.LoadUnsafe(in before[part]));
            repeated |= (ulong)alike.ExtractMostSignificantBits() << part;
        }
        return repeated;
    }

    private void CutLiterals(ReadOnlySpan<byte> bytes)
    {
        Span<ushort> tokens = _tokens.Span.Slice(_tokenCount, bytes.Length);
        int[] counts = _counts;
        for (int at = 0; at < bytes.Length; at++)
        {
            tokens[at] = bytes[at];
            counts[bytes[at]]++;
        }
        _tokenCount += bytes.Length;
    }

    private void CutRun(byte repeated, int bytes)
    {
        Span<ushort> tokens = _tokens.Span;
        while (bytes >= ShortestMatch)
        {
            int match = Math.Min(bytes, LongestMatch);
            tokens[_tokenCount++] = (ushort)(FirstMatch + match);
            _counts[SymbolOf(match).Symbol]++;
            bytes -= match;
        }
        for (; bytes > 0; bytes--)
        {
            tokens[_tokenCount++] = repeated;
            _counts[repeated]++;
        }
    }

    /// <summary>Adler-32 (RFC 1950, 9): the sum of all bytes and of all such sums.</summary>
    private void Sum(ReadOnlySpan<byte> bytes)
    {
        Vector128<ushort> firstWeights = Vector128.Create((ushort)16, 15, 14, 13, 12, 11, 10, 9), lastWeights = firstWeights - Vector128.Create((ushort)8);
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(bytes.Length, AdlerBytes)..])
        {
            ReadOnlySpan<byte> some = bytes[..Math.Min(bytes.Length, AdlerBytes)];
            Vector128<uint> sums = default, before = default, weighted = default;
            int at = 0;
            for (; at <= some.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
            {
                (Vector128<ushort> first, Vector128<ushort> last) = Vector128.Widen(Vector128.LoadUnsafe(in some[at]));
                before += sums;
                (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(first + last);
                sums += a + b;
                (a, b) = Vector128.Widen(first * firstWeights + last * lastWeights);
                weighted += a + b;
            }
            ulong sumOfSums = _sumOfSums + (ulong)at * _sum + 16ul * Vector128.Sum(before) + Vector128.Sum(weighted);
            uint sum = _sum + Vector128.Sum(sums);
            for (; at < some.Length; at++) sumOfSums += sum += some[at];
            (_sum, _sumOfSums) = (sum % AdlerBase, (uint)(sumOfSums % AdlerBase));
        }
    }

    /// <summary>RFC 1951, 3.2.5: the symbol of a length of matches, and how far beyond its first length that is, in so many bits.</summary>
    private static (int Symbol, int Beyond, int Bits) SymbolOf(int match)
    {
        if (match == LongestMatch) return (285, 0, 0);
        int from = match - ShortestMatch;
        if (from < 8) return (257 + from, 0, 0);
        // four symbols for each number of extra bits
        int bits = BitOperations.Log2((uint)from) - 2;
        return (257 + 4 * bits + (from >> bits), from & (1 << bits) - 1, bits);
    }

    /// <summary>Lengths of a Huffman code (Huffman 1952; two queues, one of symbols by count and one of what was joined).</summary>
    /// <param name="counts">Of each symbol; at least two occur.</param>
    /// <param name="lengths">Gets bits of each; 0 of one that does not occur.</param>
    private static void CodeLengths(ReadOnlySpan<int> counts, Span<byte> lengths)
    {
        Span<long> leaves = stackalloc long[Symbols];
        Span<int> weights = stackalloc int[2 * Symbols], parents = stackalloc int[2 * Symbols], depths = stackalloc int[2 * Symbols];
        for (int rarer = 0; ; rarer++)
        {
            int count = 0;
            // rare ones count for more where codes would become too long otherwise
            for (int symbol = 0; symbol < Symbols; symbol++)
                if (counts[symbol] > 0) leaves[count++] = (long)((counts[symbol] >> rarer) + 1) << 16 | (long)symbol;
            leaves[..count].Sort();
            for (int leaf = 0; leaf < count; leaf++) weights[leaf] = (int)(leaves[leaf] >> 16);
            int root = 2 * count - 2;
            for (int joined = count, nextLeaf = 0, nextJoined = count; joined <= root; joined++)
            {
                weights[joined] = 0;
                for (int child = 0; child < 2; child++)
                {
                    bool isLeaf = nextLeaf < count && (nextJoined == joined || weights[nextLeaf] <= weights[nextJoined]);
                    int lightest = isLeaf ? nextLeaf++ : nextJoined++;
                    parents[lightest] = joined;
                    weights[joined] += weights[lightest];
                }
            }
            depths[root] = 0;
            int deepest = 0;
            for (int node = root - 1; node >= 0; node--) deepest = Math.Max(deepest, depths[node] = depths[parents[node]] + 1);
            if (deepest > MostCodeBits) continue;
            lengths.Clear();
            for (int leaf = 0; leaf < count; leaf++) lengths[(int)(leaves[leaf] & ushort.MaxValue)] = (byte)depths[leaf];
            return;
        }
    }

    /// <summary>
    /// RFC 1951, 3.2.7. Lengths are written as they are, four bits each; the first of two distances, one bit each, is that of the byte before.
    /// </summary>
    private void WriteHeader(bool isLast, ReadOnlySpan<byte> lengths)
    {
        Add(isLast ? 1u : 0, 1);
        Add(DynamicBlock, 2);
        Add(Symbols - 257, 5);
        Add(2 - 1, 5);
        Add((uint)DeflateAlphabets.CodeLengthOrder.Length - 4, 4);
        foreach (byte ofLength in DeflateAlphabets.CodeLengthOrder) Add(ofLength <= MostCodeBits ? 4u : 0, 3);
        foreach (byte length in lengths) Add(Reversed(length, 4), 4);
        Add(Reversed(1, 4), 4);
        Add(Reversed(1, 4), 4);
    }

    /// <summary>RFC 1951, 3.2.2: codes follow from their lengths.</summary>
    private void MakeEntries(ReadOnlySpan<byte> lengths)
    {
        Span<uint> codes = stackalloc uint[Symbols], ofLength = stackalloc uint[MostCodeBits + 2];
        ofLength.Clear();
        foreach (byte length in lengths) if (length > 0) ofLength[length + 1]++;
        for (int length = 2; length < ofLength.Length; length++) ofLength[length] = ofLength[length - 1] + ofLength[length] << 1;
        for (int symbol = 0; symbol < Symbols; symbol++)
            codes[symbol] = lengths[symbol] == 0 ? 0 : Reversed(ofLength[lengths[symbol]]++, lengths[symbol]);
        for (int literal = 0; literal <= DeflateAlphabets.EndOfBlock; literal++) _entries[literal] = codes[literal] | (uint)lengths[literal] << LengthShift;
        for (int match = ShortestMatch; match <= LongestMatch; match++)
        {
            (int symbol, int beyond, int bits) = SymbolOf(match);
            // and the distance, whose code is a zero
            _entries[FirstMatch + match] = codes[symbol] | (uint)beyond << lengths[symbol] | (uint)(lengths[symbol] + bits + 1) << LengthShift;
        }
    }

    private void WriteTokens()
    {
        ReadOnlySpan<ushort> tokens = _tokens.Span[.._tokenCount];
        ReadOnlySpan<uint> entries = _entries;
        Span<byte> to = _room;
        ulong bits = _bits;
        int bitCount = _bitCount, at = _at, token = 0;
        const uint code = (1u << LengthShift) - 1;
        // seven bits that wait and two of at most 21
        for (; token + 1 < tokens.Length; token += 2)
        {
            uint first = entries[tokens[token]], second = entries[tokens[token + 1]];
            int ofFirst = (int)(first >> LengthShift);
            bits |= ((first & code) | (ulong)(second & code) << ofFirst) << bitCount;
            bitCount += ofFirst + (int)(second >> LengthShift);
            BinaryPrimitives.WriteUInt64LittleEndian(to[at..], bits);
            at += bitCount >> 3;
            bits >>= bitCount & ~7;
            bitCount &= 7;
        }
        (_bits, _bitCount, _at) = (bits, bitCount, at);
        if (token < tokens.Length) Add(entries[tokens[token]] & code, (int)(entries[tokens[token]] >> LengthShift));
        Add(entries[DeflateAlphabets.EndOfBlock] & code, (int)(entries[DeflateAlphabets.EndOfBlock] >> LengthShift));
    }

    private void Add(uint bits, int count)
    {
        _bits |= (ulong)bits << _bitCount;
        _bitCount += count;
        BinaryPrimitives.WriteUInt64LittleEndian(_room.AsSpan(_at), _bits);
        _at += _bitCount >> 3;
        _bits >>= _bitCount & ~7;
        _bitCount &= 7;
    }

    // codes are stored from their highest bit on
    private static uint Reversed(uint code, int bits)
    {
        uint reversed = 0;
        for (int bit = 0; bit < bits; bit++) reversed |= (code >> bit & 1) << bits - 1 - bit;
        return reversed;
    }
}
