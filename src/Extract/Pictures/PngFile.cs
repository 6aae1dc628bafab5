using System.Buffers.Binary;
using System.IO.Compression;
using VerseEtl.Extract.Bytes;
using VerseEtl.Transform.Pictures;

namespace VerseEtl.Extract.Pictures;

/// <summary>
/// Pictures as PNG with a palette (RFC 2083): signature, IHDR, PLTE, one IDAT with rows that are not filtered, IEND. Noise packs no better with
/// a filter. Written here by decision record 0009.
/// </summary>
public static class PngFile
{
    private const byte Depth = 8, WithPalette = 3;

    /// <summary>Of zlib: half the time of <see cref="SmallLevel"/>, files a seventh larger.</summary>
    internal const int FastLevel = 3;

    /// <summary>Of zlib: half the time of 6, files 4 % larger.</summary>
    internal const int SmallLevel = 5;

    public static byte[] Of(Picture picture) => Of(picture, FastLevel);

    /// <param name="level">Of zlib.</param>
    internal static byte[] Of(Picture picture, int level)
    {
        byte[] rows = new byte[picture.Height * (picture.Width + 1)], palette = new byte[3 * picture.Palette.Count];
        for (int row = 0; row < picture.Height; row++)
            picture.Pixels.Span.Slice(row * picture.Width, picture.Width).CopyTo(rows.AsSpan(row * (picture.Width + 1) + 1));
        for (int at = 0; at < picture.Palette.Count; at++)
            (palette[3 * at], palette[3 * at + 1], palette[3 * at + 2]) =
                ((byte)(picture.Palette[at] >> 16), (byte)(picture.Palette[at] >> 8), (byte)picture.Palette[at]);
        using MemoryStream png = new();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), picture.Height);
        (header[8], header[9]) = (Depth, WithPalette);
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "PLTE"u8, palette);
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true)) zlib.Write(rows);
        Chunk(png, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        png.Write(type);
        png.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(Crc32.Append(0, type), content));
        png.Write(number);
    }
}
