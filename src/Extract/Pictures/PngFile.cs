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
    private const int RowsAtATime = 64, RoomBesidePixels = 4096, PixelsPerByteMore = 512;

    // run lengths and Huffman codes: of bytes less those above, files as small as those of level 3 in three quarters of its time
    private static readonly ZLibCompressionOptions Packing = new() { CompressionLevel = 1, CompressionStrategy = ZLibCompressionStrategy.RunLengthEncoding };

    public static byte[] Of(Picture picture)
    {
        Span<byte> palette = stackalloc byte[3 * picture.Palette.Count];
        for (int at = 0; at < picture.Palette.Count; at++)
            (palette[3 * at], palette[3 * at + 1], palette[3 * at + 2]) =
                ((byte)(picture.Palette[at] >> 16), (byte)(picture.Palette[at] >> 8), (byte)picture.Palette[at]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], picture.Height);
        (header[8], header[9], header[10], header[11], header[12]) = (Depth, WithPalette, 0, 0, 0);
        // what cannot be packed is stored, in blocks with a few bytes before each
        int filtered = picture.Height * (picture.Width + 1);
        using LentArray<byte> room = new(filtered + filtered / PixelsPerByteMore + RoomBesidePixels);
        using MemoryStream png = new(room.Array);
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        EndChunk(BeginChunk("IHDR"u8, header));
        EndChunk(BeginChunk("PLTE"u8, palette));
        int packed = BeginChunk("IDAT"u8, []);
        using (ZLibStream zlib = new(png, Packing, leaveOpen: true)) WriteRows(picture, zlib);
        EndChunk(packed);
        EndChunk(BeginChunk("IEND"u8, []));
        return room.Span[..(int)png.Position].ToArray();

        // a chunk is its length, which is not known yet, type, content and the CRC of these two
        int BeginChunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
        {
            png.Position += sizeof(int);
            png.Write(type);
            png.Write(content);
            return (int)png.Position - type.Length - content.Length;
        }

        void EndChunk(int type)
        {
            ReadOnlySpan<byte> chunk = room.Span[type..(int)png.Position];
            BinaryPrimitives.WriteInt32BigEndian(room.Span[(type - sizeof(int))..], chunk.Length - sizeof(int));
            BinaryPrimitives.WriteUInt32BigEndian(room.Span[(int)png.Position..], Crc32.Append(0, chunk));
            png.Position += sizeof(uint);
        }
    }

    /// <summary>Each byte less the one above it.</summary>
    private static void WriteRows(Picture picture, ZLibStream zlib)
    {
        int width = picture.Width;
        using LentArray<byte> room = new(RowsAtATime * (width + 1));
        Span<byte> rows = room.Span;
        ReadOnlySpan<byte> all = picture.Pixels.Span;
        for (int row = 0; row < picture.Height;)
        {
            int filled = 0;
            for (; row < picture.Height && filled < rows.Length; row++, filled += width + 1)
            {
                rows[filled] = row == 0 ? AsItIs : LessAbove;
                ReadOnlySpan<byte> pixels = all.Slice(row * width, width);
                Span<byte> filtered = rows.Slice(filled + 1, width);
                if (row == 0) pixels.CopyTo(filtered);
                else Subtract(pixels, all.Slice((row - 1) * width, width), filtered);
            }
            zlib.Write(rows[..filled]);
        }
    }

    private static void Subtract(ReadOnlySpan<byte> from, ReadOnlySpan<byte> bytes, Span<byte> difference)
    {
        int at = 0;
        for (; at <= difference.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
            (Vector128.LoadUnsafe(in from[at]) - Vector128.LoadUnsafe(in bytes[at])).StoreUnsafe(ref difference[at]);
        for (; at < difference.Length; at++) difference[at] = (byte)(from[at] - bytes[at]);
    }
}
