using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Measuring;

public sealed class HounsfieldMeasurementTests
{
    [Fact]
    public void A_value_belongs_to_its_label_and_to_the_part_of_its_run()
    {
        // T13 is the highest of all labels; four of its voxels lie within 5 mm of its point
        LabelRun body = new(VertebraLabel.T13, 0, 0, 0, 3) { Part = VertebraPart.Body }, arch = new(VertebraLabel.T13, 3, 0, 0, 2) { Part = VertebraPart.Arch };
        LabelRun neither = new(VertebraLabel.T13, 5, 0, 0, 1), other = new(VertebraLabel.L1, 6, 0, 0, 1) { Part = VertebraPart.Body };
        HounsfieldMeasurement hounsfield = new(Located(body, arch, neither, other));
        Assert.True(hounsfield.Add(body, [1, 2, 3]));
        Assert.True(hounsfield.Add(arch, [10, 20]));
        Assert.True(hounsfield.Add(neither, [1000]));
        Assert.True(hounsfield.Add(other, [7]));
        Assert.True(hounsfield.Add(new LabelRun(29, 7, 0, 0, 1), [100_000]));
        Assert.Equal(((6L, 1036.0 / 6), (3L, 2.0), (2L, 15.0)), (Of(hounsfield.Whole(VertebraLabel.T13)),
            Of(hounsfield.Part(VertebraLabel.T13, VertebraPart.Body)), Of(hounsfield.Part(VertebraLabel.T13, VertebraPart.Arch))));
        Assert.Equal(((1L, 7.0), (1L, 7.0)), (Of(hounsfield.Whole(VertebraLabel.L1)), Of(hounsfield.Part(VertebraLabel.L1, VertebraPart.Body))));
        Assert.Null(hounsfield.Part(VertebraLabel.L1, VertebraPart.Arch));
        Assert.Null(hounsfield.Whole(VertebraLabel.C1));
        Assert.Equal((4, null), (hounsfield.Ball(VertebraLabel.T13)?.VoxelCount, hounsfield.Trabecular(VertebraLabel.T13)));
    }

    [Fact]
    public void Exact_parts_have_their_voxels_volumes_and_values_in_the_row()
    {
        LabelRun body = new(VertebraLabel.L1, 0, 0, 0, 3) { Part = VertebraPart.Body };
        LabelRun arch = new(VertebraLabel.L1, 3, 0, 0, 2) { Part = VertebraPart.Arch };
        (SpineMeasurement spine, LocalMeasurement local) = Measured(voxelMm: 2, body, arch);
        HounsfieldMeasurement hounsfield = new(local);
        hounsfield.Add(body, [1, 2, 6]);
        hounsfield.Add(arch with { Length = 1 }, [10]);
        hounsfield.Add(arch with { I = 4, Length = 1 }, [20]);
        PartVoxels parts = new();
        parts.Add(body);
        parts.Add(arch);
        SpineRows rows = new(new ScanIdentity(new ScanKey("verse19", "test", "sub-a"), "a", "a"), spine)
        {
            Local = local, Hounsfield = hounsfield, Scaling = new CtScaling(10, -100), Parts = parts,
        };
        VertebraRow row = Assert.Single(rows.Vertebrae());
        Assert.Equal((3, 24.0, -70.0, -80.0), (row.BodyExactVoxels, row.BodyExactVolumeMm3, row.BodyExactHuMean, row.BodyExactHuMedian));
        Assert.Equal((2, 16.0, 50.0, 50.0), (row.ArchExactVoxels, row.ArchExactVolumeMm3, row.ArchExactHuMean, row.ArchExactHuMedian));
        Assert.Equal((50.0, -100 + 10 * 39 / 5.0), (row.ArchExactHuStd, row.MaskHuMean));
    }

    private static (long Count, double Mean) Of(HounsfieldHistogram? histogram) =>
        (histogram!.VoxelCount, histogram.Summarise(new CtScaling(1, 0))!.Value.Mean);

    private static LocalMeasurement Located(params LabelRun[] runs) => Measured(1, runs).Local;

    private static (SpineMeasurement Spine, LocalMeasurement Local) Measured(double voxelMm, params LabelRun[] runs)
    {
        Affine affine = new(new(voxelMm, 0, 0), new(0, voxelMm, 0), new(0, 0, voxelMm), new(0, 0, 0));
        SpineMeasurement spine = new(new VoxelGrid(new VoxelShape(10, 1, 1), affine, AffineSource.Sform, affine.ColumnNorms),
            new Dictionary<int, Vector3d> { [VertebraLabel.T13] = new(-2, 0, 0) });
        spine.Add(runs);
        spine.Finish();
        LocalMeasurement local = new(spine);
        local.Add(runs);
        local.Finish();
        return (spine, local);
    }
}
