using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Measuring;

/// <summary>
/// A vertebra made of boxes, 1 mm a voxel, RAS: a body 40 mm wide, 30 deep and 25 high, a canal of 15 mm, behind it an arch thick enough
/// to be deep itself, without pedicles. Bone of the body is 150 HU inside, 600 in its outer 5 mm; the arch is 900.
/// </summary>
public sealed class TrabecularTests
{
    private const int I = 60, J = 90, K = 60;

    private static readonly ScanIdentity Identity = new(new ScanKey("verse19", "training", "sub-verse900"), "verse900", "verse900");
    private static readonly Affine Ras = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(-30, -45, -30));

    [Fact]
    public void Trabecular_bone_is_the_body_five_millimetres_inside_without_arch_and_cortex()
    {
        VertebraRow row = Measure(Vertebra(25), Ras);
        // 5 mm from each face, and no edge or corner of a convex body is nearer than its faces
        Assert.Equal((40 - 8) * (30 - 8) * (25 - 8), row.TrabecularVoxels);
        Assert.Equal((40 - 8) * (30 - 8) * (25 - 8), row.TrabecularVolumeMm3);
        Assert.Equal((150.0, 150.0, 0.0), (row.TrabecularHuMean, row.TrabecularHuMedian, row.TrabecularHuStd));
        Assert.Equal((1, 515, 150.0), (row.BodyBallFraction, row.BodyHuVoxels, row.BodyHuMean));
    }

    [Fact]
    public void A_body_is_looked_at_as_far_as_forty_millimetres_from_its_point()
    {
        LabelVolume volume = new(100, J, K);
        Fill(volume, 10, 90, 55, 85, 18, 43);
        Fill(volume, 30, 70, 10, 40, 18, 43);
        VertebraRow row = Assert.Single(Rows(volume, Ras, new() { [20] = new Vector3d(50, 70, 30) }, 20));
        Assert.Equal((80 - 8) * (30 - 8) * (25 - 8), row.TrabecularVoxels);
    }

    [Fact]
    public void Volumes_are_in_cubic_millimetres_whatever_a_voxel_is()
    {
        // half of the slices, of 2 mm
        LabelVolume volume = new(I, J, K / 2);
        Fill(volume, 10, 50, 55, 85, 8, 22);
        Fill(volume, 10, 50, 10, 40, 9, 21);
        VertebraRow row = Assert.Single(Rows(volume, Ras with { K = new(0, 0, 2) }, new() { [20] = new Vector3d(30, 70, 15) }, 20));
        Assert.Equal((40 * 30 * 26, 2 * 40 * 30 * 26.0), (row.VoxelCount, row.VolumeMm3));
        Assert.InRange(row.TrabecularVoxels ?? -1, 1000, 9000);
        Assert.Equal(2.0 * row.TrabecularVoxels, row.TrabecularVolumeMm3);
    }

    [Fact]
    public void Quartiles_are_as_far_apart_as_the_bone_is_uneven()
    {
        LabelVolume volume = new(9, 1, 1);
        Fill(volume, 2, 7, 0, 1, 0, 1);
        SpineMeasurement spine = new(Grid(volume, Ras), new Dictionary<int, Vector3d>());
        spine.Add([.. volume.Runs()]);
        spine.Finish();
        LocalMeasurement local = new(spine);
        local.Add([.. volume.Runs()]);
        local.Finish();
        HounsfieldMeasurement hounsfield = new(local);
        Assert.True(hounsfield.Add(new LabelRun(20, 2, 0, 0, 5), [50, 10, 40, 20, 30]));
        VertebraRow row = Assert.Single(new SpineRows(Identity, spine) { Local = local, Hounsfield = hounsfield, Scaling = new CtScaling(2, 100) }.Vertebrae());
        Assert.Equal((140.0, 180.0, 40.0), (row.MaskHuP25, row.MaskHuP75, row.MaskHuIqr));
        Assert.Equal((120.0, 160.0, 160.0, 200.0), (row.MaskHuMin, row.MaskHuMean, row.MaskHuMedian, row.MaskHuMax));
    }

    [Fact]
    public void A_crushed_body_has_none_and_its_ball_shows_it()
    {
        VertebraRow row = Measure(Vertebra(7), Ras);
        Assert.Equal(0L, row.TrabecularVoxels);
        Assert.Equal(0.0, row.TrabecularVolumeMm3);
        Assert.Null(row.TrabecularHuMean);
        // planes of lattice points in a ball of 5 mm: 81, 2 x 69, 2 x 69, 2 x 49 of 515 lie within 3 mm of the middle
        Assert.Equal((81 + 2 * 69 + 2 * 69 + 2 * 49) / 515.0, row.BodyBallFraction!.Value, 12);
    }

    [Fact]
    public void It_is_the_same_in_all_orders_of_the_axes()
    {
        LabelVolume upright = Vertebra(25);
        VertebraRow expected = Measure(upright, Ras);
        int[] size = [I, J, K];
        foreach (int[] order in new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
            for (int flips = 0; flips < 8; flips++)
            {
                LabelVolume turned = new(size[order[0]], size[order[1]], size[order[2]]);
                int Turned(int axis, int[] at) => (flips >> axis & 1) == 0 ? at[order[axis]] : size[order[axis]] - 1 - at[order[axis]];
                for (int at = 0; at < upright.Voxels.Length; at++)
                {
                    int[] index = [at % I, at / I % J, at / I / J];
                    turned[Turned(0, index), Turned(1, index), Turned(2, index)] = upright.Voxels[at];
                }
                Vector3d Column(int axis) => ((flips >> axis & 1) == 0 ? 1 : -1) * Ras.Column(order[axis]);
                Affine affine = new(Column(0), Column(1), Column(2), Ras.Origin);
                for (int axis = 0; axis < 3; axis++)
                    if ((flips >> axis & 1) == 1) affine = affine with { Origin = affine.Origin + (size[order[axis]] - 1) * Ras.Column(order[axis]) };
                VertebraRow row = Measure(turned, affine);
                Assert.Equal((expected.TrabecularVoxels, expected.TrabecularHuMean, expected.BodyBallFraction, expected.BodyHuMean),
                    (row.TrabecularVoxels, row.TrabecularHuMean, row.BodyBallFraction, row.BodyHuMean));
            }
    }

    [Fact]
    public void Without_annotation_or_as_C1_there_is_no_body()
    {
        LabelVolume volume = Vertebra(25);
        VertebraRow row = Assert.Single(Rows(volume, Ras, [], 20));
        Assert.Equal((null, null, null), (row.TrabecularVoxels, row.TrabecularHuMean, row.BodyBallFraction));
        row = Assert.Single(Rows(volume, Ras, new() { [VertebraLabel.C1] = Point(Ras) }, VertebraLabel.C1));
        Assert.Equal((null, null, null), (row.TrabecularVoxels, row.TrabecularHuMean, row.BodyBallFraction));
    }

    [Fact]
    public void A_point_outside_the_label_finds_no_wall_and_so_no_body()
    {
        VertebraRow row = Assert.Single(Rows(Vertebra(25), Ras, new() { [20] = new Vector3d(30, 70, 59) }, 20));
        Assert.Null(row.TrabecularVoxels);
        Assert.Null(row.TrabecularHuMean);
    }

    [Fact]
    public void Up_is_between_neighbours_and_back_across_it()
    {
        LabelVolume volume = new(20, 20, 40);
        Dictionary<int, Vector3d> points = [];
        foreach ((int label, int k) in new[] { (19, 30), (20, 20), (22, 10) })
        {
            for (int j = 5; j < 15; j++) volume[10, j, k] = label;
            points[label] = new Vector3d(10, k == 30 ? 15 : 12, k);
        }
        SpineMeasurement spine = new(Grid(volume, Spaced), points);
        Assert.True(spine.Add([.. volume.Runs()]));
        spine.Finish();
        IReadOnlyList<LocatedVertebra> located = spine.Located();
        double length = Math.Sqrt(20 * 20 + 3 * 3);
        VertebraFrame frame = VertebraFrame.Of(located, 1)!;
        Assert.Equal(0, (frame.Up!.Value - new Vector3d(0, 3 / length, 20 / length)).Length, 12);
        Assert.Equal(0, (frame.Back - new Vector3d(0, -20 / length, 3 / length)).Length, 12);
        Assert.Equal(points[20], frame.OriginMm);
        VertebraFrame top = VertebraFrame.Of(located, 0)!;
        Assert.Equal(0, (top.Up!.Value - 1 / Math.Sqrt(109) * new Vector3d(0, 3, 10)).Length, 12);
        VertebraFrame bottom = VertebraFrame.Of(located, 2)!;
        Assert.Equal(0, (bottom.Up!.Value - new Vector3d(0, 0, 1)).Length, 12);
        Assert.Null(VertebraFrame.Of([located[1]], 0)!.Up);
    }

    [Theory]
    [InlineData(2.1, true)]
    [InlineData(1.9, false)]
    public void A_point_in_the_middle_of_its_label_does_not_say_where_the_back_is(double apart, bool says)
    {
        LabelVolume volume = new(20, 20, 20);
        volume[10, 10, 10] = 20;
        SpineMeasurement spine = new(Grid(volume, Spaced), new Dictionary<int, Vector3d> { [20] = new(10, 10 + apart, 10) });
        Assert.True(spine.Add([.. volume.Runs()]));
        spine.Finish();
        Assert.Equal(says, VertebraFrame.Of(spine.Located(), 0) is not null);
    }

    private static readonly Affine Spaced = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(0, 0, 0));

    private static VoxelGrid Grid(LabelVolume volume, Affine affine) =>
        new(new VoxelShape(volume.I, volume.J, volume.K), affine, AffineSource.Sform, affine.ColumnNorms);

    /// <summary>Middle of the body, as voxel index.</summary>
    private static Vector3d Point(Affine affine) => affine.Invert(Ras.Apply(new Vector3d(30, 70, 30)));

    private static VertebraRow Measure(LabelVolume volume, Affine affine) =>
        Assert.Single(Rows(volume, affine, new() { [20] = Point(affine) }, 20));

    private static IReadOnlyList<VertebraRow> Rows(LabelVolume volume, Affine affine, Dictionary<int, Vector3d> annotated, int label)
    {
        SpineMeasurement spine = new(Grid(volume, affine), annotated);
        LabelRun[] runs = [.. volume.Runs().Where(run => run.Label > 0).Select(run => run with { Label = label })];
        Assert.True(spine.Add(runs));
        spine.Finish();
        LocalMeasurement local = new(spine);
        local.Add(runs);
        local.Finish();
        HounsfieldMeasurement hounsfield = new(local);
        foreach (LabelRun run in runs)
            Assert.True(hounsfield.Add(run, [.. Enumerable.Range(run.I, run.Length).Select(i => Hounsfield(Ras.Invert(affine.Apply(new(i, run.J, run.K)))))]));
        return new SpineRows(Identity, spine) { Local = local, Hounsfield = hounsfield, Scaling = new CtScaling(1, 0) }.Vertebrae();
    }

    /// <summary>Body j from 55 to 84 around k = 30, canal j from 40 to 54, arch j from 10 to 39.</summary>
    private static LabelVolume Vertebra(int high)
    {
        LabelVolume volume = new(I, J, K);
        Fill(volume, 10, 50, 55, 85, 30 - high / 2, 30 - high / 2 + high);
        Fill(volume, 10, 50, 10, 40, 18, 43);
        return volume;
    }

    private static void Fill(LabelVolume volume, int fromI, int toI, int fromJ, int toJ, int fromK, int toK)
    {
        for (int k = fromK; k < toK; k++)
            for (int j = fromJ; j < toJ; j++)
                for (int i = fromI; i < toI; i++) volume[i, j, k] = 20;
    }

    private static long Hounsfield(Vector3d upright)
    {
        (double i, double j, double k) = (Math.Round(upright.X), Math.Round(upright.Y), Math.Round(upright.Z));
        if (j < 55) return 900;
        return i >= 14 && i < 46 && j >= 59 && j < 81 && k >= 22 && k < 39 ? 150 : 600;
    }
}
