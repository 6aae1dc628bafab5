using StbImageSharp;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Pictures;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tests.Scans;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Tests.Pictures;

public sealed class MaskPreviewTests : IDisposable
{
    private readonly OneScan _scan = new();

    public void Dispose() => _scan.Dispose();

    [Fact]
    public void A_ct_stored_in_another_axis_order_gives_the_same_picture()
    {
        MaskPreview inOrder = _scan.Preview();
        VoxelShape shape = OneScan.Shape;
        // k fastest and backwards, then i, then j
        double[] stored = new double[shape.VoxelCount];
        for (int k = 0; k < shape.K; k++)
            for (int j = 0; j < shape.J; j++)
                for (int i = 0; i < shape.I; i++)
                    stored[(j * shape.I + i) * shape.K + shape.K - 1 - k] = OneScan.Hounsfield[(k * shape.J + j) * shape.I + i];
        Affine affine = OneScan.Spec.Sform!.Value;
        _scan.Ct = PhantomFile.Of(OneScan.CtSpec with
        {
            Shape = new VoxelShape(shape.K, shape.I, shape.J),
            SpacingMm = new Vector3d(1.5, 1, 1),
            Sform = new Affine(-1 * affine.K, affine.I, affine.J, affine.Origin + (shape.K - 1) * affine.K),
        }, stored).Gzip();

        MaskPreview reordered = _scan.Preview();

        Assert.Equal(["Info PAIR_SHAPE"], OneScan.Codes(reordered.Findings));
        Assert.Equal(inOrder.Png, reordered.Png);
        _scan.Ct = null;
        Assert.NotEqual(inOrder.Png, _scan.Preview().Png);
    }

    [Fact]
    public void A_damaged_ct_leaves_the_labels_alone_and_is_told()
    {
        _scan.Ct = null;
        MaskPreview alone = _scan.Preview();
        Assert.Empty(alone.Findings);
        byte[] ct = PhantomFile.Of(OneScan.CtSpec, OneScan.Hounsfield).Gzip();
        ct[^3] ^= 1;
        _scan.Ct = ct;

        MaskPreview damaged = _scan.Preview();

        Assert.Equal(["Error GZ_ISIZE"], OneScan.Codes(damaged.Findings));
        Assert.Equal(alone.Png, damaged.Png);
    }

    [Fact]
    public void A_damaged_mask_has_no_picture()
    {
        _scan.Mask = PhantomFile.Of(OneScan.Spec, OneScan.Labels).Gzip()[..^9];
        Assert.Null(_scan.Preview().Png);
    }

    [Fact]
    public void Two_thousand_slices_are_a_picture_of_the_usual_size()
    {
        NiftiVolumeSpec spec = new() { Shape = new(40, 30, 2000), SpacingMm = new(1, 1, 0.5), Sform = PhantomFile.Diagonal(1, 1, 0.5) };
        _scan.Mask = PhantomFile.Mask(spec,
            [.. Enumerable.Range(0, 20).Select(at => (new VoxelBox(10, 8, 100 * at + 10, 30, 22, 100 * at + 80), at + 5))]).Gzip();
        _scan.Ct = PhantomFile.Of(spec with { Datatype = NiftiDatatype.Int16 },
            [.. Enumerable.Range(0, (int)spec.Shape.VoxelCount).Select(at => (double)(at % 700))]).Gzip();

        MaskPreview preview = _scan.Preview();

        Assert.Empty(preview.Findings);
        Assert.InRange(Opened(preview).Height, 850, 1000);
        Assert.InRange(preview.Png!.Length, 3_000, PackedPicture.MostBytes - 1);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(47, 39, 29)]
    [InlineData(20, 0, 29)]
    public void One_voxel_is_a_picture_over_a_ct_and_without(int i, int j, int k)
    {
        _scan.Mask = PhantomFile.Mask(OneScan.Spec, (new VoxelBox(i, j, k, i + 1, j + 1, k + 1), 22)).Gzip();
        Assert.InRange(Opened(_scan.Preview()).Width, 280, 400);
        _scan.Ct = null;
        Assert.InRange(Opened(_scan.Preview()).Width, 280, 400);
    }

    [Theory]
    [InlineData(1, 14, 256)]
    [InlineData(4, 15, 50)]
    [InlineData(20, 3, 30)]
    public void A_noisy_ct_is_shown_in_fewer_shades_until_the_file_is_small(int noise, int fewestColours, int mostColours)
    {
        VoxelShape shape = new(300, 20, 300);
        NiftiVolumeSpec spec = new() { Shape = shape, SpacingMm = new Vector3d(0.4, 8, 0.8), Sform = PhantomFile.Diagonal(0.4, 8, 0.8) };
        Random random = new(1);
        _scan.Mask = PhantomFile.Mask(spec, (new VoxelBox(0, 0, 0, 300, 20, 130), 20), (new VoxelBox(0, 0, 160, 300, 20, 300), 19)).Gzip();
        _scan.Ct = PhantomFile.Of(spec with { Datatype = NiftiDatatype.Int16 },
            [.. Enumerable.Range(0, (int)shape.VoxelCount)
                .Select(_ => (double)(300 + (random.Next(-30, 30) + random.Next(-30, 30) + random.Next(-30, 30)) * noise))]).Gzip();

        MaskPreview preview = _scan.Preview();

        Assert.InRange(preview.Png!.Length, 3_000, PackedPicture.MostBytes - 1);
        ImageResult png = Opened(preview);
        Assert.InRange(png.Height, 500, 1000);
        HashSet<(byte, byte, byte)> colours = [];
        foreach (byte[] pixel in png.Data.Chunk(3)) colours.Add((pixel[0], pixel[1], pixel[2]));
        Assert.InRange(colours.Count, fewestColours, mostColours);
    }

    private static ImageResult Opened(MaskPreview preview) => ImageResult.FromMemory(preview.Png!, ColorComponents.RedGreenBlue);
}
