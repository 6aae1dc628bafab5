using System.Buffers.Binary;
using System.IO.Compression;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Sample;

/// <summary>A small grey PNG of the middle sagittal plane, standing for VerSe's preview pictures: annotated bone bright, other bone dim.</summary>
internal static class Preview
{
    private const int Step = 3;

    public static byte[] Png(PhantomVolume volume)
    {
        VoxelGrid grid = volume.Grid;
        int side = grid.Orientation.StoredAxis(0), front = grid.Orientation.StoredAxis(1), up = grid.Orientation.StoredAxis(2);
        int width = (grid.Shape[front] + Step - 1) / Step, height = (grid.Shape[up] + Step - 1) / Step;
        byte[] rows = new byte[height * (width + 1)];
        Span<int> index = stackalloc int[3];
        index[side] = grid.Shape[side] / 2;
        for (int row = 0; row < height; row++)
            for (int column = 0; column < width; column++)
            {
                // head at the top, front of the body to the left
                index[up] = grid.Orientation.IncreasesTowardsPositive(up) ? grid.Shape[up] - 1 - row * Step : row * Step;
                index[front] = grid.Orientation.IncreasesTowardsPositive(front) ? grid.Shape[front] - 1 - column * Step : column * Step;
                byte code = volume.Codes[(index[2] * grid.Shape.J + index[1]) * grid.Shape.I + index[0]];
                byte label = PhantomVolume.LabelOf(code);
                rows[row * (width + 1) + 1 + column] = (byte)(label > 0 ? 130 + 18 * (label % 7) : code != 0 ? 70 : 25);
            }
        return File(width, height, rows);
    }

    // PNG (RFC 2083): signature, IHDR (8-bit grey), one IDAT with filter 0 rows, IEND.
    private static byte[] File(int width, int height, byte[] rows)
    {
        using MemoryStream png = new();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        Chunk(png, "IHDR"u8, header);
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(rows);
        Chunk(png, "IDAT"u8, packed.ToArray());
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
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(content, Crc(type, uint.MaxValue)) ^ uint.MaxValue);
        png.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes, uint crc)
    {
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
        }
        return crc;
    }
}
