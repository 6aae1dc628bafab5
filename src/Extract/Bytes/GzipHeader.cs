using System.Globalization;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Bytes;

/// <summary>
/// The header of a gzip member (RFC 1952, 2.3). It is checked and forgotten: file name and comment may hold patient data, and nothing
/// in it is needed.
/// </summary>
internal sealed class GzipHeader(StoredInput input)
{
    public const byte Magic1 = 0x1F;
    public const byte Magic2 = 0x8B;

    private const int Deflate = 8;
    private const int FlagHeaderCrc = 2, FlagExtra = 4, FlagName = 8, FlagComment = 16, ReservedFlags = 0xE0;
    private const int LongestText = 64 * 1024;

    // the one subfield of a block of blocked gzip (BGZF): "BC" and the block's size in two bytes
    private const int Block1 = 'B', Block2 = 'C', BlockLength = 2;

    private uint _crc;

    /// <summary>Reads a header whose two magic bytes are known to be there or cut off.</summary>
    /// <returns>Whether it held what may be free text, and whether it begins a block of blocked gzip.</returns>
    /// <exception cref="BadFileException">
    /// GZ_TRUNCATED if the file ends within the ten fixed bytes; GZ_HEADER for anything else, also a file that ends in an optional field.
    /// </exception>
    public static (bool Text, bool Block) Skip(StoredInput input) => new GzipHeader(input).Skip();

    private (bool Text, bool Block) Skip()
    {
        _ = Fixed();
        _ = Fixed();
        int method = Fixed();
        if (method != Deflate) throw Damaged("CM", Number(method), "8");
        int flags = Fixed();
        if ((flags & ReservedFlags) != 0) throw Damaged("FLG", "0x" + flags.ToString("X2", CultureInfo.InvariantCulture), "reserved bits of 0");
        for (int rest = 0; rest < 6; rest++) _ = Fixed();

        bool block = (flags & FlagExtra) != 0 && SkipExtra();
        if ((flags & FlagName) != 0) SkipText("FNAME");
        if ((flags & FlagComment) != 0) SkipText("FCOMMENT");
        if ((flags & FlagHeaderCrc) != 0)
        {
            uint computed = _crc & 0xFFFF;
            uint stated = (uint)(Optional("FHCRC") | Optional("FHCRC") << 8);
            if (stated != computed) throw Damaged("FHCRC", Hex(stated), Hex(computed));
        }
        return ((flags & (FlagName | FlagComment)) != 0 || ((flags & FlagExtra) != 0 && !block), block);
    }

    /// <summary>True if the extra field is that of a block and nothing else.</summary>
    private bool SkipExtra()
    {
        const int wholeLength = 4 + BlockLength;
        int length = Optional("FEXTRA") | Optional("FEXTRA") << 8;
        Span<byte> start = stackalloc byte[wholeLength];
        for (int at = 0; at < length; at++)
        {
            byte next = Optional("FEXTRA");
            if (at < wholeLength) start[at] = next;
        }
        return length == wholeLength && start[..4] is [Block1, Block2, BlockLength, 0];
    }

    private void SkipText(string field)
    {
        for (int length = 0; Optional(field) != 0; length++)
            if (length == LongestText) throw Damaged(field, "more than 65536 bytes", "a text that ends");
    }

    private byte Fixed() => Next() ?? throw new BadFileException(Faults.GzTruncated, observed: Number(input.Offset) + " bytes", expected: "a gzip header");

    private byte Optional(string field) => Next() ?? throw Damaged(field, "the end of the file", "a complete field");

    private byte? Next()
    {
        int value = input.ReadByte();
        if (value < 0) return null;
        byte next = (byte)value;
        _crc = Crc32.Append(_crc, [next]);
        return next;
    }

    private static BadFileException Damaged(string field, string observed, string expected) => new(Faults.GzHeader, field, observed, expected);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Hex(uint value) => value.ToString("X4", CultureInfo.InvariantCulture);
}
