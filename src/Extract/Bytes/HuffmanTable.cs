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

        Span<uint> nextCode = stackalloc uint[LongestCode + 1];
        uint code = 0;
        int unused = 1;
        int codes = 0;
        for (int length = 1; length <= LongestCode; length++)
        {
            unused = 2 * unused - counts[length];
            if (unused < 0) return false;
            codes += counts[length];
            nextCode[length] = code;
            code = (code + (uint)counts[length]) << 1;
        }
        bool single = codes == 0 || (codes == 1 && counts[1] == 1);
        if (unused > 0 && !(sparse && single)) return false;

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

    /// <summary>Entries that hold up to three literals where their codes together fit the index; other entries as they are.</summary>
    public static void PackLiterals(ReadOnlySpan<uint> single, Span<uint> packed, int primaryBits)
    {
        for (int at = 0; at < packed.Length; at++)
        {
            uint entry = single[at];
            for (uint count = 1; count < 3 && (entry & AnyLiteral) != 0; count++)
            {
                int used = (int)(entry & DropMask);
                uint next = single[at >> used];
                int together = used + (int)(next & DropMask);
                if ((next & AnyLiteral) == 0 || together > primaryBits) break;
                uint literals = (entry >> LiteralShift) | (next >> LiteralShift) << (int)(8 * count);
                entry = (uint)together | (count + 1) << LiteralCountShift | literals << LiteralShift;
            }
            packed[at] = entry;
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
