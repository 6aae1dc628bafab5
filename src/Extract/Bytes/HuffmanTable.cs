using System.Buffers.Binary;

namespace VerseEtl.Extract.Bytes;

/// <summary>
/// Decode tables of canonical Huffman codes (RFC 1951, 3.2.2). The next <c>primaryBits</c> of the stream index the table; an entry is
/// either what to do or where the subtable of a longer code begins. Entries, low bits first:
/// <code>
/// literals  0-5 bits to drop   6-7 how many literals, 1 to 3              8-31 the literals, first one lowest
/// length    0-5 bits to drop   6-7 zero   8-12 bits of the code alone    13-15 zero      16-31 base length
/// distance  as length, with the base distance
/// other     0-5 bits to drop   6-7 zero   13 subtable (at 16-31), 14 end of block, 15 set
/// </code>
/// Bits to drop count the extra bits too. An entry with bit 15 but neither 13 nor 14 belongs to no code.
/// </summary>
internal static class HuffmanTable
{
    public const int LongestCode = 15;

    public const uint DropMask = 0x3F;
    public const int LiteralCountShift = 6;
    public const uint LiteralCountMask = 3;
    public const uint AnyLiteral = LiteralCountMask << LiteralCountShift;
    public const int LiteralShift = 8;
    public const int CodeBitsShift = 8;
    public const uint CodeBitsMask = 0x1F;
    public const uint Subtable = 1 << 13;
    public const uint EndOfBlock = 1 << 14;
    public const uint Exceptional = 1 << 15;
    public const int BaseShift = 16;

    /// <summary>Entry of a bit pattern that is no code.</summary>
    public const uint NoCode = Exceptional;

    /// <summary>Room that a table may need: each symbol can at worst open a subtable of its own.</summary>
    public static int Capacity(int primaryBits, int symbols) => (1 << primaryBits) + symbols * (1 << (LongestCode - primaryBits));

    /// <summary>Builds the table of a code, as strict as zlib: neither over-subscribed nor incomplete.</summary>
    /// <param name="lengths">Code length of each symbol, 0 to 15, 0 for a symbol without a code.</param>
    /// <param name="symbols">Each symbol's entry without its code's length.</param>
    /// <param name="sparse">Also lets pass no code at all, or one of a single bit, as encoders write them for unused alphabets.</param>
    /// <returns>False for a set of lengths that is no code; the table is then unusable.</returns>
    public static bool TryBuild(ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> symbols, int primaryBits, bool sparse, Span<uint> table)
    {
        Span<int> counts = stackalloc int[LongestCode + 1];
        counts.Clear();
        foreach (byte length in lengths) counts[length]++;
        counts[0] = 0;

        int unused = 1;
        int codes = 0;
        for (int length = 1; length <= LongestCode; length++)
        {
            unused = 2 * unused - counts[length];
            if (unused < 0) return false;
            codes += counts[length];
        }
        bool single = codes == 0 || (codes == 1 && counts[1] == 1);
        if (unused > 0 && !(sparse && single)) return false;

        Span<uint> nextCode = stackalloc uint[LongestCode + 1];
        FirstCodes(lengths, nextCode);
        int primarySize = 1 << primaryBits;
        int subtableSize = 1 << (LongestCode - primaryBits);
        int end = primarySize;
        if (unused > 0) table[..primarySize].Fill(NoCode);
        else table[..primarySize].Clear();
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            if (length == 0) continue;
            // codes are stored most significant bit first, the stream is read least significant first
            int reversed = (int)(ReverseBits(nextCode[length]++) >> (32 - length));
            uint entry = symbols[symbol] + (uint)length;
            if ((entry & AnyLiteral) == 0) entry |= (uint)length << CodeBitsShift;
            if (length <= primaryBits)
            {
                for (int at = reversed; at < primarySize; at += 1 << length) table[at] = entry;
                continue;
            }
            ref uint link = ref table[reversed & (primarySize - 1)];
            if ((link & Subtable) == 0)
            {
                link = Exceptional | Subtable | (uint)end << BaseShift;
                end += subtableSize;
            }
            Span<uint> subtable = table.Slice((int)(link >> BaseShift), subtableSize);
            for (int at = reversed >> primaryBits; at < subtableSize; at += 1 << (length - primaryBits)) subtable[at] = entry;
        }
        return true;
    }

    /// <summary>Writes a table of the same index in which one entry holds up to three literals whose codes together fit the index.</summary>
    /// <param name="lengths">As given to <see cref="TryBuild"/>, which must have built <paramref name="single"/> from it.</param>
    public static void PackLiterals(ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> single, Span<uint> packed, int primaryBits)
    {
        single[..packed.Length].CopyTo(packed);

        // entry and place of each literal that is short enough to share an index, shortest codes first
        Span<int> firsts = stackalloc int[LongestCode + 2];
        firsts.Clear();
        ReadOnlySpan<byte> literals = lengths[..256];
        foreach (byte length in literals) firsts[length + 1]++;
        firsts[1] = 0;
        for (int length = 1; length <= LongestCode; length++) firsts[length + 1] += firsts[length];
        Span<uint> entries = stackalloc uint[256];
        Span<int> places = stackalloc int[256];
        Span<uint> nextCode = stackalloc uint[LongestCode + 1];
        int coded = firsts[LongestCode + 1];
        if (coded == 0) return;
        FirstCodes(lengths, nextCode);
        for (int literal = 0; literal < literals.Length; literal++)
        {
            int length = literals[literal];
            if (length == 0) continue;
            int rank = firsts[length]++;
            entries[rank] = (uint)literal << LiteralShift | 1 << LiteralCountShift | (uint)length;
            places[rank] = (int)(ReverseBits(nextCode[length]++) >> (32 - length));
        }
        entries = entries[..coded];
        int shortest = (int)(entries[0] & DropMask);

        for (int first = 0; first < entries.Length; first++)
        {
            int firstLength = (int)(entries[first] & DropMask);
            if (firstLength + shortest > primaryBits) break;
            for (int second = 0; second < entries.Length; second++)
            {
                int together = firstLength + (int)(entries[second] & DropMask);
                if (together > primaryBits) break;
                int place = places[first] | places[second] << firstLength;
                uint literalPair = entries[first] >> LiteralShift | entries[second] >> LiteralShift << 8;
                uint pair = literalPair << LiteralShift | 2 << LiteralCountShift | (uint)together;
                for (int at = place; at < packed.Length; at += 1 << together) packed[at] = pair;
                if (together + shortest > primaryBits) continue;
                for (int third = 0; third < entries.Length; third++)
                {
                    int all = together + (int)(entries[third] & DropMask);
                    if (all > primaryBits) break;
                    uint triple = (literalPair | entries[third] >> LiteralShift << 16) << LiteralShift | 3 << LiteralCountShift | (uint)all;
                    for (int at = place | places[third] << together; at < packed.Length; at += 1 << all) packed[at] = triple;
                }
            }
        }
    }

    // the first code of each length in the canonical order
    private static void FirstCodes(ReadOnlySpan<byte> lengths, Span<uint> firstCodes)
    {
        Span<uint> counts = stackalloc uint[LongestCode + 1];
        counts.Clear();
        foreach (byte length in lengths) counts[length]++;
        counts[0] = 0;
        uint code = 0;
        for (int length = 1; length <= LongestCode; length++)
        {
            code = (code + counts[length - 1]) << 1;
            firstCodes[length] = code;
        }
    }

    private static uint ReverseBits(uint value)
    {
        value = (value >> 1) & 0x55555555 | (value & 0x55555555) << 1;
        value = (value >> 2) & 0x33333333 | (value & 0x33333333) << 2;
        value = (value >> 4) & 0x0F0F0F0F | (value & 0x0F0F0F0F) << 4;
        return BinaryPrimitives.ReverseEndianness(value);
    }
}
