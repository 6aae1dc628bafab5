namespace VerseEtl.Extract.Tests.Bytes;

/// <summary>Writes DEFLATE bit by bit, valid or not.</summary>
internal sealed class DeflateWriter
{
    private readonly List<bool> _bits = [];

    public byte[] ToArray()
    {
        byte[] bytes = new byte[(_bits.Count + 7) / 8];
        for (int at = 0; at < _bits.Count; at++) if (_bits[at]) bytes[at / 8] |= (byte)(1 << at % 8);
        return bytes;
    }

    /// <summary>A number, least significant bit first.</summary>
    public DeflateWriter Number(int value, int count)
    {
        for (int bit = 0; bit < count; bit++) _bits.Add((value >> bit & 1) != 0);
        return this;
    }

    /// <summary>A Huffman code, most significant bit first.</summary>
    public DeflateWriter Code(int code, int length)
    {
        for (int bit = length - 1; bit >= 0; bit--) _bits.Add((code >> bit & 1) != 0);
        return this;
    }

    public DeflateWriter Block(int type, bool last = true) => Number(last ? 1 : 0, 1).Number(type, 2);

    public DeflateWriter Stored(byte[] content, bool last = true, int? complement = null)
    {
        Block(0, last);
        while (_bits.Count % 8 != 0) _bits.Add(false);
        Number(content.Length, 16).Number(complement ?? ~content.Length, 16);
        foreach (byte b in content) Number(b, 8);
        return this;
    }

    /// <summary>A symbol of the fixed code of literals and lengths.</summary>
    public DeflateWriter Fixed(int symbol) => symbol switch
    {
        < 144 => Code(0x30 + symbol, 8),
        < 256 => Code(0x190 + symbol - 144, 9),
        < 280 => Code(symbol - 256, 7),
        _ => Code(0xC0 + symbol - 280, 8),
    };

    public DeflateWriter FixedDistance(int symbol) => Code(symbol, 5);

    public DeflateWriter FixedEnd() => Fixed(256);

    /// <summary>
    /// Header of a dynamic block up to and including the code length code, in which lengths 0 to 12 and the repeats 16 to 18 have the
    /// sixteen codes of four bits.
    /// </summary>
    public DeflateWriter DynamicHeader(int literals, int distances)
    {
        Block(2).Number(literals - 257, 5).Number(distances - 1, 5).Number(19 - 4, 4);
        foreach (int symbol in (int[])[16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]) Number(symbol is > 12 and < 16 ? 0 : 4, 3);
        return this;
    }

    /// <summary>A symbol of the code that <see cref="DynamicHeader"/> states.</summary>
    public DeflateWriter CodeLength(int symbol) => Code(symbol < 16 ? symbol : symbol - 3, 4);

    public DeflateWriter Dynamic(int[] literalLengths, int[] distanceLengths)
    {
        DynamicHeader(literalLengths.Length, distanceLengths.Length);
        foreach (int length in literalLengths) CodeLength(length);
        foreach (int length in distanceLengths) CodeLength(length);
        return this;
    }
}
