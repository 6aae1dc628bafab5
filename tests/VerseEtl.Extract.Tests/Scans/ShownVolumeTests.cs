using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Sample;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tests.Scans;

public sealed class ShownVolumeTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_small_scan_is_shown_voxel_by_voxel()
    {
        (NiftiHeader header, short[] ct) = Ct(PhantomFile.Of(OneScan.CtSpec, OneScan.Hounsfield).Gzip());
        Assert.Equal((OneScan.Shape, OneScan.Spec.Sform!.Value, NiftiDatatype.Int16), (header.Grid.Shape, header.Grid.Affine, header.Datatype));
        Assert.Equal(OneScan.Hounsfield, ct.Select(value => (double)value));

        (header, byte[] labels) = Mask(PhantomFile.Of(OneScan.Spec, OneScan.Labels).Gzip());
        Assert.Equal((OneScan.Shape, OneScan.Spec.Sform!.Value, NiftiDatatype.UInt8), (header.Grid.Shape, header.Grid.Affine, header.Datatype));
        Assert.Equal(OneScan.Labels, labels.Select(value => (double)value));
    }

    [Theory]
    [InlineData(NiftiDatatype.Int16, 1, 0, false)]
    [InlineData(NiftiDatatype.UInt16, 1, -1024, false)]
    [InlineData(NiftiDatatype.Int32, 2, 0, true)]
    [InlineData(NiftiDatatype.Float32, 1, 0, false)]
    [InlineData(NiftiDatatype.Float64, 0.5, 8, true)]
    public void Long_axes_are_reduced_to_means_and_most_frequent_labels_in_place(NiftiDatatype datatype, double slope, double intercept, bool bigEndian)
    {
        VoxelShape shape = new(300, 5, 600);
        NiftiVolumeSpec spec = new() { Shape = shape, SpacingMm = new Vector3d(0.5, 2, 1), Sform = PhantomFile.Diagonal(0.5, 2, -1) };
        (NiftiHeader header, short[] ct) = Ct(PhantomFile.Of(spec with { Datatype = datatype, Slope = slope, Intercept = intercept, BigEndian = bigEndian },
            [.. Enumerable.Range(0, (int)shape.VoxelCount).Select(at => (Hu(at) - intercept) / slope)]).Gzip());
        Assert.Equal(new VoxelShape(150, 5, 200), header.Grid.Shape);
        Assert.Equal(new Affine(new(1, 0, 0), new(0, 2, 0), new(0, 0, -3), new(-10 + 0.25, -20, -30 - 1)), header.Grid.Affine);
        for (int at = 0; at < ct.Length; at++)
        {
            int i = 2 * (at % 150), j = at / 150 % 5, k = 3 * (at / 750);
            double sum = 0;
            for (int z = 0; z < 3; z++) sum += Hu(((k + z) * 5 + j) * 300 + i) + Hu(((k + z) * 5 + j) * 300 + i + 1);
            Assert.InRange(ct[at] - sum / 6, -0.5, 0.5);
        }

        (header, byte[] labels) = Mask(PhantomFile.Mask(spec, (new VoxelBox(100, 1, 31, 201, 3, 62), 20)).Gzip());
        Assert.Equal(new VoxelShape(150, 5, 200), header.Grid.Shape);
        // the blocks at either end of the box hold two of three slices, the last of each row one of two voxels: too little where both meet
        Assert.Equal(51 * 2 * 11 - 2 * 2, labels.Count(label => label == 20));
        Assert.Equal(51 * 2 * 11 - 2 * 2, labels.Count(label => label != 0));

        int Hu(int at) => 200 + 4 * (at % 300) + 100 * (at / 300 % 5) - 2 * (at / 1500);
    }

    [Fact]
    public void Labels_are_those_of_the_tables_whatever_the_source_calls_them()
    {
        File.WriteAllBytes(_temp["a.nii.gz"], PhantomFile.Mask(OneScan.Spec, (new VoxelBox(1, 1, 1, 9, 9, 9), 1)).Gzip());
        File.WriteAllBytes(_temp["b.nii.gz"], PhantomFile.Mask(OneScan.Spec, (new VoxelBox(20, 1, 1, 28, 9, 9), 1)).Gzip());
        SourcePath a = new(_temp.Path, "a.nii.gz"), b = new(_temp.Path, "b.nii.gz");
        string hashes = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{HashOf("a.nii.gz")} a.nii.gz\n{HashOf("b.nii.gz")} b.nii.gz\n")));
        byte[] parted = Bytes(ShownVolume.OfMask(Files() with { Mask = a, MaskParts = [new(a, 20), new(b, 28)] }, hashes, new ReadingLimits(), Token))[352..];
        Assert.Equal((8 * 8 * 8, 8 * 8 * 8), (parted.Count(label => label == 20), parted.Count(label => label == 28)));

        LabelMap map = LabelMap.Of([(1, 24)])!;
        byte[] mapped = Bytes(ShownVolume.OfMask(Files() with { Mask = a, Labels = map }, HashOf("a.nii.gz"), new ReadingLimits(), Token))[352..];
        Assert.Equal(8 * 8 * 8, mapped.Count(label => label == 24));
        Assert.Equal(8 * 8 * 8, mapped.Count(label => label != 0));
    }

    [Fact]
    public void What_was_not_measured_is_not_shown()
    {
        byte[] ct = PhantomFile.Of(OneScan.CtSpec, OneScan.Hounsfield).Gzip(), other = [.. ct];
        other[5] ^= 1; // the time in the gzip header: the same voxels in another file
        File.WriteAllBytes(_temp["ct.nii.gz"], other);
        string measured = Convert.ToHexStringLower(SHA256.HashData(ct));
        Assert.Throws<SourceChangedException>(() => ShownVolume.OfCt(Files(), measured, new ReadingLimits(), Token));
        File.Delete(_temp["ct.nii.gz"]);
        Assert.Throws<FileNotFoundException>(() => ShownVolume.OfCt(Files(), measured, new ReadingLimits(), Token));
        File.WriteAllText(_temp["ct.nii.gz"], "no volume");
        Assert.Throws<BadFileException>(() => ShownVolume.OfCt(Files(), HashOf("ct.nii.gz"), new ReadingLimits(), Token));

        // measured as damaged, and so shown up to where it breaks
        ct[^3] ^= 1;
        BadFileException bad = Assert.Throws<BadFileException>(() => Ct(ct));
        Assert.Equal(Faults.GzIsize, bad.Fault);
        Assert.Throws<BadFileException>(() => Mask(PhantomFile.Of(OneScan.Spec, OneScan.Labels).Gzip()[..^9]));
    }

    [Fact]
    public void Who_leaves_is_not_read_on_for()
    {
        File.WriteAllBytes(_temp["ct.nii.gz"], PhantomFile.Of(OneScan.CtSpec, OneScan.Hounsfield).Gzip());
        using CancellationTokenSource gone = new();
        using ShownVolume ct = ShownVolume.OfCt(Files(), HashOf("ct.nii.gz"), new ReadingLimits(), gone.Token);
        Assert.NotEqual(0, ct.Next().Length);
        gone.Cancel();
        Assert.Throws<OperationCanceledException>(() => ct.Next());
    }

    [Fact]
    public void Memory_is_a_slice_whatever_the_number_of_slices()
    {
        // files so large that none is kept for a second pass
        long few = Allocated(600), many = Allocated(2400);
        Assert.InRange(many - few, -64 << 10, 64 << 10);

        long Allocated(int slices)
        {
            NiftiVolumeSpec spec = new() { Shape = new(300, 40, slices), SpacingMm = new(1, 1, 1), Sform = PhantomFile.Diagonal(1, 1, 1) };
            using (FileStream ct = File.Create(_temp["ct.nii"]))
                NiftiWriter.Write(ct, spec with { Datatype = NiftiDatatype.Int16 }, (k, plane) => plane.Fill(k % 7));
            using (FileStream mask = File.Create(_temp["msk.nii"]))
                NiftiWriter.Write(mask, spec, (k, plane) => plane.Slice(k % 40 * 300, 100).Fill(20));
            ScanFiles files = Files() with { Ct = new SourcePath(_temp.Path, "ct.nii"), Mask = new SourcePath(_temp.Path, "msk.nii") };
            string ctHash = HashOf("ct.nii"), maskHash = HashOf("msk.nii");
            return Enumerable.Range(0, 3).Min(_ =>
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                using (ShownVolume ct = ShownVolume.OfCt(files, ctHash, new ReadingLimits(), Token))
                    while (!ct.Next().IsEmpty) { }
                using (ShownVolume mask = ShownVolume.OfMask(files, maskHash, new ReadingLimits(), Token))
                    while (!mask.Next().IsEmpty) { }
                return GC.GetAllocatedBytesForCurrentThread() - before;
            });
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ScanFiles Files() => new()
    {
        Key = new ScanKey("verse19", "training", "sub-verse900"),
        SubjectId = "verse900",
        SeriesId = "verse900",
        Mask = new SourcePath(_temp.Path, "msk.nii.gz"),
        Ct = new SourcePath(_temp.Path, "ct.nii.gz"),
    };

    private (NiftiHeader Header, short[] Hu) Ct(byte[] file)
    {
        File.WriteAllBytes(_temp["ct.nii.gz"], file);
        byte[] bytes = Bytes(ShownVolume.OfCt(Files(), HashOf("ct.nii.gz"), new ReadingLimits(), Token));
        return (NiftiHeader.Parse(bytes, new ReadingLimits()), [.. bytes[352..].Chunk(2).Select(pair => BinaryPrimitives.ReadInt16LittleEndian(pair))]);
    }

    private (NiftiHeader Header, byte[] Labels) Mask(byte[] file)
    {
        File.WriteAllBytes(_temp["msk.nii.gz"], file);
        byte[] bytes = Bytes(ShownVolume.OfMask(Files(), HashOf("msk.nii.gz"), new ReadingLimits(), Token));
        return (NiftiHeader.Parse(bytes, new ReadingLimits()), bytes[352..]);
    }

    private string HashOf(string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_temp[name])));

    private static byte[] Bytes(ShownVolume volume)
    {
        using MemoryStream bytes = new();
        using (volume)
        {
            bytes.Write(volume.Header.Span);
            for (ReadOnlyMemory<byte> slice = volume.Next(); !slice.IsEmpty; slice = volume.Next()) bytes.Write(slice.Span);
        }
        Assert.Equal(volume.Length, bytes.Length);
        return bytes.ToArray();
    }
}
