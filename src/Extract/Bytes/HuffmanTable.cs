using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Extract.Bytes;

/// <summary>
/// Decode tables of canonical Huffman codes (RFC 1951, 3.2.2). The next <c>primaryBits</c> of the stream index the table; an entry is
/// either what to do or where the subtable of a longer code begins. Entries, low bits first:
/// <code>
/// literals  0-4 bits to drop   5 zero   6-7 how many literals, 1 or 2   8-23 the literals, first one lowest   24-31 length of a match that follows, or 0
/// length    0-4 bits to drop   5 zero   6-7 zero   8-12 bits of the code alone    13-15 zero      16-31 base length
/// distance  as length, with the base distance
/// other     0-4 bits to drop   5 zero   6-7 zero   13 subtable (at 16-31), 14 end of block, 15 set
/// </code>
/// Bits to drop count the extra bits too. An entry with bit 15 but neither 13 nor 14 belongs to no code.
/// </summary>
internal static class HuffmanTable
{
    public const int LongestCode = 15;

    public const uint DropMask = 0x1F;

    /// <summary>Of a packed table only. Set: the entry is the plain one plus this bit. Not set: it is in the form of literals, perhaps of none.</summary>
    public const uint Unpacked = 0x20;

    public const int LiteralCountShift = 6;
    public const uint LiteralCountMask = 3;
    public const uint AnyLiteral = LiteralCountMask << LiteralCountShift;
    public const int LiteralShift = 8;
    public const int MatchShift = 24;
    public const int CodeBitsShift = 8;
    public const uint CodeBitsMask = 0x1F;
    public const uint Subtable = 1 << 13;
    public const uint EndOfBlock = 1 << 14;
    public const uint Exceptional = 1 << 15;
    public const int BaseShift = 16;

    /// <summary>Entry of a bit pattern that is no code.</summary>
    public const uint NoCode = Exceptional;

    // the largest length that has no extra bits, 258 apart: lengths 3 to 10 fit a packed entry
    private const uint LongestPackedMatch = 10;

    /// <summary>Room that a table may need: each symbol can at worst open a subtable of its own.</summary>
    public static int Capacity(int primaryBits, int symbols) => (1 << primaryBits) + symbols * (1 << (LongestCode - primaryBits));

    /// <summary>Builds the table of a code, as strict as zlib: neither over-subscribed nor incomplete.</summary>
    /// <param name="lengths">Code length of each symbol, 0 to 15, 0 for a symbol without a code.</param>
    /// <param name="symbols">Each symbol's entry without its code's length.</param>
    /// <param name="sparse">Also lets pass no code at all, or one of a single bit, as encoders write them for unused alphabets.</param>
    /// <returns>False for a set of lengths that is no code; the table is then unusable.</returns>
    [MethodImpl(Hot.Method)]
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

        Span<ushort> ordered = stackalloc ushort[lengths.Length];
        Order(lengths, counts, ordered);
        // after each length the first 2^length entries are right for all codes so far; the next bit doubles them
        table[0] = unused > 0 ? NoCode : 0;
        uint code = 0;
        int next = 0;
        for (int length = 1; length <= primaryBits; length++)
        {
            int half = 1 << (length - 1);
            table[..half].CopyTo(table[half..]);
            code <<= 1;
            for (int end = next + counts[length]; next < end; next++) table[Place(code++, length)] = Entry(symbols[ordered[next]], length);
        }
        int primaryMask = (1 << primaryBits) - 1;
        int subtableSize = 1 << (LongestCode - primaryBits);
        int free = 1 << primaryBits;
        for (int length = primaryBits + 1; length <= LongestCode; length++)
        {
            code <<= 1;
            for (int end = next + counts[length]; next < end; next++)
            {
                int place = Place(code++, length);
                ref uint link = ref table[place & primaryMask];
                if ((link & Subtable) == 0)
                {
                    link = Exceptional | Subtable | (uint)free << BaseShift;
                    free += subtableSize;
                }
                Span<uint> subtable = table.Slice((int)(link >> BaseShift), subtableSize);
                uint entry = Entry(symbols[ordered[next]], length);
                for (int at = place >> primaryBits; at < subtableSize; at += 1 << (length - primaryBits)) subtable[at] = entry;
            }
        }
        return true;
    }

    /// <summary>
    /// Writes a table of the same index in which one entry holds as much as its bits say for certain: a literal, a second literal, and a
    /// match's length if that has no extra bits. Where literals prevail, such a match after no literal is one of these entries too, so that
    /// in a CT, where it cannot be guessed whether a literal or a match comes next, nothing hangs on it.
    /// </summary>
    /// <param name="lengths">As given to <see cref="TryBuild"/>, which must have built <paramref name="single"/> from it.</param>
    [MethodImpl(Hot.Method)]
    public static void PackLiterals(ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> single, Span<uint> packed, int primaryBits)
    {
        Pack(single, packed, LiteralsPrevail(lengths) ? LongestPackedMatch : 0);
        Span<int> counts = stackalloc int[LongestCode + 1];
        counts.Clear();
        foreach (byte length in lengths) counts[length]++;
        counts[0] = 0;
        Span<ushort> ordered = stackalloc ushort[lengths.Length];
        Order(lengths, counts, ordered);

        // what can share an index, shortest codes first
        Span<(uint Entry, int Place)> literals = stackalloc (uint, int)[DeflateAlphabets.EndOfBlock];
        Span<(uint Entry, int Place)> matches = stackalloc (uint, int)[(int)LongestPackedMatch];
        int literalCount = 0, matchCount = 0, next = 0;
        uint code = 0;
        for (int length = 1; length < primaryBits; length++)
        {
            code <<= 1;
            for (int end = next + counts[length]; next < end; next++)
            {
                int place = Place(code++, length);
                uint entry = single[place];
                if ((entry & AnyLiteral) != 0) literals[literalCount++] = (entry, place);
                else if ((entry & Exceptional) == 0 && (entry >> BaseShift) <= LongestPackedMatch) matches[matchCount++] = (entry, place);
            }
        }
        literals = literals[..literalCount];
        matches = matches[..matchCount];

        foreach ((uint first, int place) in literals)
        {
            PackMatches(first, place, matches, packed, primaryBits);
            int firstLength = (int)(first & DropMask);
            foreach ((uint second, int secondPlace) in literals)
            {
                int length = firstLength + (int)(second & DropMask);
                if (length > primaryBits) break;
                uint pair = (second & LiteralMask) << 8 | first & LiteralMask | 2 << LiteralCountShift | (uint)length;
                int at = place | secondPlace << firstLength;
                Fill(packed, at, length, pair);
                PackMatches(pair, at, matches, packed, primaryBits);
            }
        }
    }

    // by how much of the stream's bits go to them; which branch is taken should seldom change
    private static bool LiteralsPrevail(ReadOnlySpan<byte> lengths)
    {
        int literals = 0, extended = 0;
        foreach (byte length in lengths[..DeflateAlphabets.EndOfBlock]) literals += Share(length);
        foreach (byte length in lengths[Math.Min(DeflateAlphabets.FirstExtendedLength, lengths.Length)..]) extended += Share(length);
        return literals > extended;

        static int Share(int length) => length == 0 ? 0 : 1 << (LongestCode - length);
    }

    // a literal as it is, a length without extra bits as a match after no literal, anything else as the plain entry it is
    [MethodImpl(Hot.Method)]
    private static void Pack(ReadOnlySpan<uint> single, Span<uint> packed, uint longestMatch)
    {
        ReadOnlySpan<Vector256<uint>> from = MemoryMarshal.Cast<uint, Vector256<uint>>(single);
        Span<Vector256<uint>> to = MemoryMarshal.Cast<uint, Vector256<uint>>(packed);
        for (int at = 0; at < to.Length; at++)
        {
            Vector256<uint> entry = from[at];
            Vector256<uint> matches = entry >> BaseShift << MatchShift | entry & Vector256.Create(DropMask);
            Vector256<uint> packable = Vector256.Equals(entry & Vector256.Create(Exceptional), Vector256<uint>.Zero)
                & Vector256.LessThan(entry, Vector256.Create((longestMatch + 1) << BaseShift));
            Vector256<uint> other = Vector256.ConditionalSelect(packable, matches, entry | Vector256.Create(Unpacked));
            to[at] = Vector256.ConditionalSelect(Vector256.Equals(entry & Vector256.Create(AnyLiteral), Vector256<uint>.Zero), other, entry);
        }
    }

    private const uint LiteralMask = 0xFF << LiteralShift;

    [MethodImpl(Hot.Method)]
    private static void PackMatches(uint literals, int place, ReadOnlySpan<(uint Entry, int Place)> matches, Span<uint> packed, int primaryBits)
    {
        int before = (int)(literals & DropMask);
        foreach ((uint match, int matchPlace) in matches)
        {
            int length = before + (int)(match & DropMask);
            if (length > primaryBits) return;
            Fill(packed, place | matchPlace << before, length, (literals & ~DropMask) | match >> BaseShift << MatchShift | (uint)length);
        }
    }

    private static void Fill(Span<uint> table, int place, int length, uint entry)
    {
        for (int at = place; at < table.Length; at += 1 << length) table[at] = entry;
    }

    // symbols that have a code, shortest codes first
    [MethodImpl(Hot.Method)]
    private static void Order(ReadOnlySpan<byte> lengths, ReadOnlySpan<int> counts, Span<ushort> ordered)
    {
        Span<int> starts = stackalloc int[LongestCode + 2];
        starts.Clear();
        for (int length = 1; length <= LongestCode; length++) starts[length + 1] = starts[length] + counts[length];
        for (int symbol = 0; symbol < lengths.Length; symbol++)
            if (lengths[symbol] != 0) ordered[starts[lengths[symbol]]++] = (ushort)symbol;
    }

    private static uint Entry(uint symbol, int length)
    {
        uint entry = symbol + (uint)length;
        return (entry & AnyLiteral) == 0 ? entry | (uint)length << CodeBitsShift : entry;
    }

    // codes are stored most significant bit first, the stream is read least significant first
    private static int Place(uint code, int length)
    {
        code = (code >> 1) & 0x55555555 | (code & 0x55555555) << 1;
        code = (code >> 2) & 0x33333333 | (code & 0x33333333) << 2;
        code = (code >> 4) & 0x0F0F0F0F | (code & 0x0F0F0F0F) << 4;
        return (int)(BinaryPrimitives.ReverseEndianness(code) >> (32 - length));
    }
}
