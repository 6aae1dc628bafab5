using System.Buffers.Binary;
using System.IO.Compression;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Sample;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Phantoms;

/// <summary>A small NIfTI file in memory, right as made, to be broken byte by byte. Every change gives a new file.</summary>
internal sealed record PhantomFile(byte[] Bytes, bool BigEndian)
{
    /// <summary>A file of the given stored values, i fastest.</summary>
    public static PhantomFile Of(NiftiVolumeSpec spec, double[] stored)
    {
        int plane = spec.Shape.I * spec.Shape.J;
        using MemoryStream bytes = new();
        NiftiWriter.Write(bytes, spec, (k, values) => stored.AsSpan(k * plane, plane).CopyTo(values));
        return new PhantomFile(bytes.ToArray(), spec.BigEndian);
    }

    /// <summary>A mask of boxes, each filled with its label; later boxes lie over earlier ones.</summary>
    public static PhantomFile Mask(NiftiVolumeSpec spec, params (VoxelBox Box, int Label)[] boxes)
    {
        double[] stored = new double[spec.Shape.VoxelCount];
        foreach ((VoxelBox box, int label) in boxes)
            for (int k = box.MinK; k < box.MaxK; k++)
                for (int j = box.MinJ; j < box.MaxJ; j++)
                    stored.AsSpan((k * spec.Shape.J + j) * spec.Shape.I + box.MinI, box.MaxI - box.MinI).Fill(label);
        return Of(spec, stored);
    }

    /// <summary>An affine with the spacing on its diagonal, mirrored where the spacing is negative.</summary>
    public static Affine Diagonal(double x, double y, double z) =>
        new(new Vector3d(x, 0, 0), new Vector3d(0, y, 0), new Vector3d(0, 0, z), new Vector3d(-10, -20, -30));

    public PhantomFile Put(int offset, byte value) => Put(offset, [value]);

    public PhantomFile Put(int offset, short value) => PutNumber(offset, 2, value);

    public PhantomFile Put(int offset, int value) => PutNumber(offset, 4, value);

    public PhantomFile Put(int offset, long value) => PutNumber(offset, 8, value);

    public PhantomFile Put(int offset, float value) => PutNumber(offset, 4, BitConverter.SingleToInt32Bits(value));

    public PhantomFile Put(int offset, double value) => PutNumber(offset, 8, BitConverter.DoubleToInt64Bits(value));

    public PhantomFile Put(int offset, params byte[] value)
    {
        byte[] bytes = [.. Bytes];
        value.CopyTo(bytes, offset);
        return this with { Bytes = bytes };
    }

    /// <summary>The first bytes only.</summary>
    public PhantomFile Cut(int length) => this with { Bytes = Bytes[..length] };

    public PhantomFile Append(params byte[] more) => this with { Bytes = [.. Bytes, .. more] };

    public PhantomFile Insert(int offset, params byte[] more) => this with { Bytes = [.. Bytes[..offset], .. more, .. Bytes[offset..]] };

    /// <summary>One gzip member.</summary>
    public byte[] Gzip()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal)) gzip.Write(Bytes);
        return packed.ToArray();
    }

    /// <summary>The content in pieces of at most <paramref name="pieceBytes"/>.</summary>
    public ByteSource Pieces(int pieceBytes = 1000, int zerosFrom = 16) => new PieceSource(Bytes, pieceBytes, zerosFrom);

    private PhantomFile PutNumber(int offset, int size, long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        Array.Resize(ref bytes, size);
        if (BigEndian) Array.Reverse(bytes);
        return Put(offset, bytes);
    }
}
