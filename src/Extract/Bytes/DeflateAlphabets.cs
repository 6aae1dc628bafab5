namespace VerseEtl.Extract.Bytes;

/// <summary>The three alphabets of DEFLATE (RFC 1951, 3.2.5 to 3.2.7) as entries of a <see cref="HuffmanTable"/> without code lengths.</summary>
internal static class DeflateAlphabets
{
    public const int EndOfBlock = 256;

    /// <summary>The first symbol of a length that further bits add to; those before it are lengths 3 to 10.</summary>
    public const int FirstExtendedLength = 265;

    public const int LargestLiteralOrLength = 288;
    public const int LargestDistance = 32;

    /// <summary>How many symbols a dynamic block may use; the remaining ones exist in the fixed codes only and mean nothing.</summary>
    public const int UsableLiteralOrLength = 286;
    public const int UsableDistance = 30;

    private static readonly byte[] FixedLengths = MakeFixedLengths();

    public static ReadOnlySpan<byte> FixedLiteralLengths => FixedLengths.AsSpan(0, LargestLiteralOrLength);

    public static ReadOnlySpan<byte> FixedDistanceLengths => FixedLengths.AsSpan(LargestLiteralOrLength);

    /// <summary>In which order a dynamic block states the lengths of its code length code.</summary>
    public static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Symbols 0 to 18, in the place of a base.</summary>
    public static uint[] CodeLengths { get; } = MakeCodeLengths();

    public static uint[] LiteralsAndLengths { get; } = MakeLiteralsAndLengths();

    public static uint[] Distances { get; } = MakeDistances();

    private static byte[] MakeFixedLengths()
    {
        byte[] lengths = new byte[LargestLiteralOrLength + LargestDistance];
        lengths.AsSpan(0, 144).Fill(8);
        lengths.AsSpan(144, 112).Fill(9);
        lengths.AsSpan(256, 24).Fill(7);
        lengths.AsSpan(280, 8).Fill(8);
        lengths.AsSpan(LargestLiteralOrLength).Fill(5);
        return lengths;
    }

    private static uint[] MakeCodeLengths()
    {
        uint[] symbols = new uint[19];
        for (int symbol = 0; symbol < symbols.Length; symbol++) symbols[symbol] = (uint)symbol << HuffmanTable.BaseShift;
        return symbols;
    }

    private static uint[] MakeLiteralsAndLengths()
    {
        uint[] symbols = new uint[LargestLiteralOrLength];
        Array.Fill(symbols, HuffmanTable.NoCode);
        for (int literal = 0; literal < EndOfBlock; literal++)
            symbols[literal] = (uint)literal << HuffmanTable.LiteralShift | 1 << HuffmanTable.LiteralCountShift;
        symbols[EndOfBlock] = HuffmanTable.Exceptional | HuffmanTable.EndOfBlock;
        // eight lengths without extra bits, then four more for each further extra bit; 258 alone breaks the rule
        uint length = 3;
        for (int symbol = 257; symbol < 285; symbol++)
        {
            int extra = Math.Max(0, (symbol - 261) / 4);
            symbols[symbol] = length << HuffmanTable.BaseShift | (uint)extra;
            length += 1u << extra;
        }
        symbols[285] = 258u << HuffmanTable.BaseShift;
        return symbols;
    }

    private static uint[] MakeDistances()
    {
        uint[] symbols = new uint[LargestDistance];
        Array.Fill(symbols, HuffmanTable.NoCode);
        uint distance = 1;
        for (int symbol = 0; symbol < UsableDistance; symbol++)
        {
            int extra = Math.Max(0, (symbol - 2) / 2);
            symbols[symbol] = distance << HuffmanTable.BaseShift | (uint)extra;
            distance += 1u << extra;
        }
        return symbols;
    }
}
