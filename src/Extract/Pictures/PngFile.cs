using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.Intrinsics;
using VerseEtl.Extract.Bytes;
using VerseEtl.Transform.Pictures;

namespace VerseEtl.Extract.Pictures;

/// <summary>
/// Pictures as PNG with a palette (RFC 2083): signature, IHDR, PLTE, one IDAT with rows less the one above (filter 2), IEND. Rows that are the same
/// cost next to nothing then. Written here by decision record 0009.
/// </summary>
public static class PngFile
{
    private const byte Depth = 8, WithPalette = 3, AsItIs = 0, LessAbove = 2;
    private const int RowsAtATime = 64;

    // run lengths and Huffman codes: of bytes less those above, files as small as those of level 3 in three quarters of its time
    private static readonly ZLibCompressionOptions Packing = new() { CompressionLevel = 1, CompressionStrategy = ZLibCompressionStrategy.RunLengthEncoding };

    public static byte[] Of(Picture picture)
    {
        byte[] palette = new byte[3 * picture.Palette.Count];
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
        using (ZLibStream zlib = new(packed, Packing, leaveOpen: true)) WriteRows(picture, zlib);
        Chunk(png, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>Each byte less the one above it.</summary>
    private static void WriteRows(Picture picture, Stream zlib)
    {
        int width = picture.Width;
        byte[] rows = new byte[RowsAtATime * (width + 1)];
        for (int row = 0; row < picture.Height;)
        {
            int filled = 0;
            for (; row < picture.Height && filled < rows.Length; row++, filled += width + 1)
            {
                rows[filled] = row == 0 ? AsItIs : LessAbove;
                ReadOnlySpan<byte> pixels = picture.Pixels.Span.Slice(row * width, width);
                Span<byte> filtered = rows.AsSpan(filled + 1, width);
                if (row == 0) pixels.CopyTo(filtered);
                else Subtract(pixels, picture.Pixels.Span.Slice((row - 1) * width, width), filtered);
            }
            zlib.Write(rows, 0, filled);
        }
    }

    private static void Subtract(ReadOnlySpan<byte> from, ReadOnlySpan<byte> bytes, Span<byte> difference)
    {
        int at = 0;
        for (; at <= difference.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
            (Vector128.LoadUnsafe(in from[at]) - Vector128.LoadUnsafe(in bytes[at])).StoreUnsafe(ref difference[at]);
        for (; at < difference.Length; at++) difference[at] = (byte)(from[at] - bytes[at]);
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
