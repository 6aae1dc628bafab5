using System.Buffers.Binary;
using System.IO.Compression;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Sample;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Bench;

/// <summary>
/// Volumes too large to ship: phantom spines of any size, and genuine scans repeated along k. Written plain, to be packed by a usual packer. And one
/// scan so small that a run of it is nothing but start and end.
/// </summary>
internal static class LargeVolumes
{
    private const double FieldOfViewMm = 420;
    private const int DimK = 46, VoxOffset = 108, Datatype = 70, Bitpix = 72;

    /// <param name="folder">Made if missing.</param>
    /// <param name="genuine">A folder with VerSe scans as they unpack; null makes the phantoms only.</param>
    public static void Write(string folder, string? genuine)
    {
        Directory.CreateDirectory(folder);
        Small(Path.Join(folder, "small"));
        Phantom(Path.Join(folder, "phantom-uint8-105MB_msk.nii"), new VoxelShape(512, 512, 400), NiftiDatatype.UInt8);
        Phantom(Path.Join(folder, "phantom-uint8-708MB_msk.nii"), new VoxelShape(768, 768, 1200), NiftiDatatype.UInt8);
        Phantom(Path.Join(folder, "phantom-float64-210MB_msk.nii"), new VoxelShape(256, 256, 400), NiftiDatatype.Float64);
        if (genuine is null) return;
        Repeated(Find(genuine, "sub-verse010*_msk.nii.gz"), 17, Path.Join(folder, "verse010-tiled-uint8-121MB_msk.nii"));
        Repeated(Find(genuine, "sub-verse012*_msk.nii.gz"), 60, Path.Join(folder, "verse012-tiled-205MB_msk.nii"));
        Repeated(Find(genuine, "sub-verse012*_ct.nii.gz"), 60, Path.Join(folder, "verse012-tiled-205MB_ct.nii"));
        AsFloat64(Find(genuine, "sub-verse004*_msk.nii.gz"), Path.Join(folder, "verse004-float64-27MB_msk.nii"));
    }

    /// <summary>A dataset of one scan: three boxes for vertebrae, and noise for a CT.</summary>
    private static void Small(string folder)
    {
        const int Side = 36, Margin = 8, FirstLabel = 20;
        VoxelShape shape = new(Side, Side, Side);
        Vector3d spacing = new(1, 1, 1);
        Affine affine = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(0, 0, 0));
        Random random = new(1);
        void Write(string path, NiftiDatatype datatype, Action<int, Span<double>> plane)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using FileStream file = File.Create(path);
            NiftiWriter.WriteGzip(file, new NiftiVolumeSpec { Shape = shape, Datatype = datatype, SpacingMm = spacing, Sform = affine }, plane);
        }
        string dataset = Path.Join(folder, "dataset-verse19training"), subject = "sub-verse900";
        Write(Path.Join(dataset, "rawdata", subject, $"{subject}_ct.nii.gz"), NiftiDatatype.Int16, (_, values) =>
        {
            for (int at = 0; at < values.Length; at++) values[at] = random.Next(-1000, 1000);
        });
        Write(Path.Join(dataset, "derivatives", subject, $"{subject}_seg-vert_msk.nii.gz"), NiftiDatatype.UInt8, (k, values) =>
        {
            for (int j = Margin; j < Side - Margin; j++) values.Slice(j * Side + Margin, Side - 2 * Margin).Fill(FirstLabel + 2 - k * 3 / Side);
        });
    }

    /// <summary>All vertebrae of a phantom person, as long as the volume.</summary>
    public static void Phantom(string path, VoxelShape shape, NiftiDatatype datatype)
    {
        Spine spine = Spine.Of(new Physique(1.0, 150, Scoliosis: 0.25), person: 1);
        VoxelGrid around = FieldOfView.Around(spine.Vertebrae, "RAS", new Vector3d(1, 1, 1), Margin.Tight, oblique: false);
        Vector3d spacing = new((float)(FieldOfViewMm / shape.I), (float)(FieldOfViewMm / shape.J), (float)((double)around.Shape.K / shape.K));
        Vector3d middle = around.Affine.Apply(new Vector3d(around.Shape.I / 2.0, around.Shape.J / 2.0, 0));
        Affine affine = new(new(spacing.X, 0, 0), new(0, spacing.Y, 0), new(0, 0, spacing.Z),
            new((float)(middle.X - FieldOfViewMm / 2), (float)(middle.Y - FieldOfViewMm / 2), around.Affine.Origin.Z));
        VoxelGrid grid = new(shape, affine, AffineSource.Sform, spacing);
        PhantomVolume volume = PhantomVolume.Draw(grid, spine, new HashSet<int>(spine.Vertebrae.Select(vertebra => vertebra.Label)));
        int plane = shape.I * shape.J;
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        NiftiWriter.Write(file, new NiftiVolumeSpec { Shape = shape, Datatype = datatype, SpacingMm = spacing, Sform = affine }, (k, values) =>
        {
            ReadOnlySpan<byte> codes = volume.Codes.AsSpan(k * plane, plane);
            for (int at = 0; at < plane; at++) values[at] = PhantomVolume.LabelOf(codes[at]);
        });
    }

    // the next copy lies further away than DEFLATE can refer to, so the packed file repeats nothing that the scan does not repeat
    private static void Repeated(string packed, int times, string path)
    {
        (byte[] header, byte[] voxels) = Unpacked(packed);
        Span<byte> depth = header.AsSpan(DimK);
        BinaryPrimitives.WriteInt16LittleEndian(depth, checked((short)(BinaryPrimitives.ReadInt16LittleEndian(depth) * times)));
        using FileStream file = File.Create(path);
        file.Write(header);
        for (int time = 0; time < times; time++) file.Write(voxels);
    }

    // many masks of VerSe are stored so
    private static void AsFloat64(string packed, string path)
    {
        (byte[] header, byte[] voxels) = Unpacked(packed);
        if (BinaryPrimitives.ReadInt16LittleEndian(header.AsSpan(Datatype)) != (short)NiftiDatatype.UInt8)
            throw new InvalidDataException($"{packed} is not uint8.");
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(Datatype), (short)NiftiDatatype.Float64);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(Bitpix), 64);
        using FileStream file = File.Create(path);
        file.Write(header);
        byte[] wide = new byte[8 * voxels.Length];
        for (int at = 0; at < voxels.Length; at++) BinaryPrimitives.WriteDoubleLittleEndian(wide.AsSpan(8 * at), voxels[at]);
        file.Write(wide);
    }

    private static (byte[] Header, byte[] Voxels) Unpacked(string packed)
    {
        using MemoryStream content = new();
        using (GZipStream stream = new(File.OpenRead(packed), CompressionMode.Decompress)) stream.CopyTo(content);
        byte[] all = content.ToArray();
        int start = (int)BinaryPrimitives.ReadSingleLittleEndian(all.AsSpan(VoxOffset));
        return (all[..start], all[start..]);
    }

    private static string Find(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal).FirstOrDefault()
        ?? throw new FileNotFoundException($"{pattern} is not below {folder}.");
}
