using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Spines;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests;

/// <summary>
/// Solids with known heights under an arch: three of them in a column, measured through both passes. A map has cells of 1 mm and voxels of 1 mm are
/// cut into halves, so a straight edge is met to a quarter of a millimetre on average; a slanted or curved one to half.
/// </summary>
public sealed class VertebraHeightsTests
{
    private const double DepthMm = 32;

    private static readonly Affine Upright = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(-39.5, -69.5, -89.5));
    private static readonly VoxelShape Shape = new(80, 120, 180);

    /// <summary>Turned by 20 degrees about the left-right axis: the column leans, its frame with it.</summary>
    private static readonly Vector3d[] Leaning = [new(1, 0, 0), new(0, Math.Cos(0.35), Math.Sin(0.35)), new(0, -Math.Sin(0.35), Math.Cos(0.35))];

    private static readonly Vector3d[] Straight = [new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)];

    [Theory]
    [InlineData(false, 0.3)]
    [InlineData(true, 0.5)]
    public void A_cylinder_has_one_height_everywhere_however_it_leans(bool leaning, double tolerance)
    {
        foreach (VertebraRow row in Rows(Cylinder(26), leaning ? Leaning : Straight))
        {
            Assert.Equal(26, row.HeightAnteriorMm!.Value, tolerance);
            Assert.Equal(26, row.HeightMiddleMm!.Value, tolerance);
            Assert.Equal(26, row.HeightPosteriorMm!.Value, tolerance);
            Assert.Equal(DepthMm, row.DepthMm!.Value, 1.0);
            Assert.Equal(0, row.WedgeAngleDeg!.Value, 1.0);
            Assert.InRange(row.HeightLossPercent!.Value, -2, 2);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_wedge_has_the_angle_and_the_heights_it_was_cut_with(bool leaning)
    {
        // 10 degrees from each side: 26 mm in the middle, lower in front
        double slope = Math.Tan(5 * Math.PI / 180);
        double Height(double forward) => 26 - 2 * slope * forward;
        Vector3d[] axes = leaning ? Leaning : Straight;
        IReadOnlyList<VertebraRow> rows = Rows((p, _) => InBody(p) && Math.Abs(p.Z) <= Height(p.Y) / 2, axes);
        VertebraRow row = rows[1];
        Assert.Equal(10, row.WedgeAngleDeg!.Value, 1.0);
        Assert.Equal(Height(0.35 * DepthMm), row.HeightAnteriorMm!.Value, 0.5);
        Assert.Equal(Height(-0.35 * DepthMm), row.HeightPosteriorMm!.Value, 0.5);
        Assert.Equal(Height(0.25 * DepthMm), row.HeightMiddleMm!.Value, 0.7);
        Endplate superior = Endplate.Superior(row)!.Value, inferior = Endplate.Inferior(row)!.Value;
        Assert.InRange((superior.MiddleMm - 13 * axes[2]).Length, 0, 1);
        Assert.InRange((inferior.MiddleMm + 13 * axes[2]).Length, 0, 1);
        Assert.InRange((superior.Backwards - (-Math.Cos(0.0873) * axes[1] + Math.Sin(0.0873) * axes[2])).Length, 0, 0.02);
        Assert.InRange((inferior.Backwards - (-Math.Cos(0.0873) * axes[1] - Math.Sin(0.0873) * axes[2])).Length, 0, 0.02);
        Assert.Equal((1, 1), (Math.Round(superior.Backwards.Length, 12), Math.Round(inferior.Backwards.Length, 12)));
        Assert.Equal(10, NeighbourPairs.Of(rows).First().EndplateAngleDeg!.Value, 1.0);
    }

    [Fact]
    public void An_ellipsoid_is_as_high_as_its_chords()
    {
        VertebraRow row = Rows((p, _) => p.X * p.X / 400 + p.Y * p.Y / 256 + p.Z * p.Z / 196 <= 1, Straight)[1];
        // chords fall to half their median 14.4 mm from the middle: 5 to 25 % of the depth are 13.0 to 7.2 mm, over x from -5 to 5
        double expected = 0;
        for (double x = -4.95; x < 5; x += 0.1)
            for (double y = 7.25; y < 13; y += 0.1) expected += 28 * Math.Sqrt(1 - x * x / 400 - y * y / 256) / (100 * 58);
        Assert.Equal(expected, row.HeightAnteriorMm!.Value, 1.0);
        Assert.Equal(row.HeightAnteriorMm!.Value, row.HeightPosteriorMm!.Value, 1.0);
        Assert.Equal(0, row.WedgeAngleDeg!.Value, 1.5);
    }

    [Fact]
    public void A_crushed_body_lacks_what_was_taken_off_it()
    {
        IReadOnlyList<VertebraRow> rows = Rows((p, level) => InBody(p) && Math.Abs(p.Z) <= (level == 1 ? 9 : 13), Straight);
        Assert.Equal(100.0 * 8 / 26, rows[1].HeightLossPercent!.Value, 1.5);
        Assert.InRange(rows[0].HeightLossPercent!.Value, -25, 2);
        PairRow[] pairs = [.. NeighbourPairs.Of(rows)];
        Assert.Equal(18.0 / 26, pairs[0].HeightRatio!.Value, 0.02);
        Assert.Equal(40 - 13 - 9, pairs[0].GapMm!.Value, 0.5);
        Assert.Equal(0, pairs[0].EndplateAngleDeg!.Value, 1.0);
    }

    [Fact]
    public void A_body_lacks_as_much_as_where_it_lacks_most_against_the_median_of_its_neighbours()
    {
        // the points lie 4 mm behind the middles
        Vector3d forward = new(0, 4, 0);
        IReadOnlyList<VertebraRow> rows =
            Rows((p, level) => InBody(p - forward) && Math.Abs(p.Z) <= level switch { 0 => 10, 1 => p.Y > 4 ? 9 : 13, _ => 11 }, Straight);
        Assert.Equal(100.0 * (21 - 18) / 21, rows[1].HeightLossPercent!.Value, 1.5);
        Assert.InRange((Endplate.Superior(rows[0])!.Value.MiddleMm - new Vector3d(0, 4, 40 + 10)).Length, 0, 1);
        Assert.InRange((Endplate.Inferior(rows[2])!.Value.MiddleMm - new Vector3d(0, 4, -40 - 11)).Length, 0, 1);
    }

    [Fact]
    public void No_cut_of_the_stream_changes_a_bit()
    {
        IReadOnlyList<VertebraRow> whole = Rows(Cylinder(26), Leaning);
        foreach (int batch in new[] { 1, 7 }) Assert.Equal(whole, Rows(Cylinder(26), Leaning, batch: batch));
    }

    [Fact]
    public void The_forty_eight_axis_orders_give_the_same_heights()
    {
        // coordinates are rounded before they are sorted into cells, so a voxel goes the same way; what is left is rounding of sums
        VertebraRow expected = Rows(Cylinder(26), Leaning)[1];
        int orders = 0;
        foreach (int[] axes in new[] { new[] { 0, 1, 2 }, [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
            for (int flips = 0; flips < 8; flips++)
            {
                Vector3d[] columns = [.. axes.Select((axis, at) => (flips >> at & 1) == 0 ? Upright.Column(axis) : -1 * Upright.Column(axis))];
                Vector3d origin = Upright.Origin;
                for (int at = 0; at < 3; at++)
                    if ((flips >> at & 1) != 0) origin += (Shape[axes[at]] - 1) * Upright.Column(axes[at]);
                VertebraRow row = Rows(Cylinder(26), Leaning, new Affine(columns[0], columns[1], columns[2], origin),
                    new VoxelShape(Shape[axes[0]], Shape[axes[1]], Shape[axes[2]]))[1];
                Assert.Equal(expected.HeightAnteriorMm!.Value, row.HeightAnteriorMm!.Value, 1e-9);
                Assert.Equal(expected.HeightMiddleMm!.Value, row.HeightMiddleMm!.Value, 1e-9);
                Assert.Equal(expected.HeightPosteriorMm!.Value, row.HeightPosteriorMm!.Value, 1e-9);
                Assert.Equal(expected.WedgeAngleDeg!.Value, row.WedgeAngleDeg!.Value, 1e-9);
                Assert.Equal(expected.EndplateSuperiorZMm!.Value, row.EndplateSuperiorZMm!.Value, 1e-9);
                orders++;
            }
        Assert.Equal(48, orders);
    }

    [Fact]
    public void C2_the_sacrum_a_vertebra_alone_one_without_point_and_one_cut_off_have_none()
    {
        Assert.All(Rows(Cylinder(26), Straight, labels: [1, 2, 26]), row => Assert.Null(row.HeightMiddleMm));
        Assert.Equal([false, true, true], Rows(Cylinder(26), Straight, labels: [2, 3, 4]).Select(row => row.HeightMiddleMm is not null));
        (LabelRun[] runs, Dictionary<int, Vector3d> points) = Draw(Cylinder(26), Straight, Upright, Shape);
        LabelRun[] alone = [.. runs.Where(run => run.Label == 21)];
        Assert.Null(Assert.Single(Measure(alone, points.Where(point => point.Key == 21).ToDictionary(), Upright, Shape, 100)).HeightMiddleMm);
        points.Remove(21);
        Assert.Equal([true, false, true], Measure(runs, points, Upright, Shape, 100).Select(row => row.HeightMiddleMm is not null));
        LabelRun[] cut = [.. runs.Where(run => run.K >= 50).Select(run => run with { K = run.K - 50 })];
        Affine moved = Upright with { Origin = Upright.Origin + 50 * Upright.K };
        points = Draw(Cylinder(26), Straight, moved, Shape).Points;
        Assert.Equal([true, true, false], Measure(cut, points, moved, Shape, 100).Select(row => row.HeightMiddleMm is not null));
        VoxelShape low = new(Shape.I, Shape.J, 130);
        cut = [.. runs.Where(run => run.K < low.K)];
        points = Draw(Cylinder(26), Straight, Upright, Shape).Points;
        Assert.Equal([false, true, true], Measure(cut, points, Upright, low, 100).Select(row => row.HeightMiddleMm is not null));
    }

    private static bool InBody(Vector3d p) => p.X * p.X / (20.0 * 20) + p.Y * p.Y / (DepthMm * DepthMm / 4) <= 1;

    private static Func<Vector3d, int, bool> Cylinder(double heightMm) => (p, _) => InBody(p) && Math.Abs(p.Z) <= heightMm / 2;

    private static IReadOnlyList<VertebraRow> Rows(Func<Vector3d, int, bool> body, Vector3d[] axes, Affine? affine = null, VoxelShape? shape = null,
        int batch = 1000, int[]? labels = null)
    {
        (LabelRun[] runs, Dictionary<int, Vector3d> points) = Draw(body, axes, affine ?? Upright, shape ?? Shape, labels);
        return Measure(runs, points, affine ?? Upright, shape ?? Shape, batch);
    }

    /// <summary>Three bodies 40 mm apart along the third axis, each with an arch behind a canal.</summary>
    private static (LabelRun[] Runs, Dictionary<int, Vector3d> Points) Draw(Func<Vector3d, int, bool> body, Vector3d[] axes, Affine affine, VoxelShape shape,
        int[]? labels = null)
    {
        labels ??= [20, 21, 22];
        int LabelAt(Vector3d mm)
        {
            for (int level = 0; level < 3; level++)
            {
                Vector3d p = mm - 40 * (1 - level) * axes[2];
                Vector3d own = new(Vector3d.Dot(p, axes[0]), Vector3d.Dot(p, axes[1]), Vector3d.Dot(p, axes[2]));
                bool arch = own.Y is > -55 and < -32 && Math.Abs(own.X) < 15 && Math.Abs(own.Z) < 8;
                if (body(own, level) || arch) return labels[level];
            }
            return 0;
        }
        List<LabelRun> runs = [];
        for (int k = 0; k < shape.K; k++)
            for (int j = 0; j < shape.J; j++)
                for (int i = 0; i < shape.I; i++)
                {
                    int label = LabelAt(affine.Apply(new(i, j, k)));
                    if (label == 0) continue;
                    if (runs.Count > 0 && runs[^1] is { } last && last.Label == label && last.J == j && last.K == k && last.I + last.Length == i)
                        runs[^1] = last with { Length = last.Length + 1 };
                    else runs.Add(new LabelRun(label, i, j, k, 1));
                }
        Dictionary<int, Vector3d> points = [];
        for (int level = 0; level < 3; level++)
        {
            Vector3d from = 40 * (1 - level) * axes[2] - affine.Origin;
            double determinant = affine.Determinant;
            points[labels[level]] = new(Vector3d.Dot(from, Vector3d.Cross(affine.J, affine.K)) / determinant,
                Vector3d.Dot(from, Vector3d.Cross(affine.K, affine.I)) / determinant, Vector3d.Dot(from, Vector3d.Cross(affine.I, affine.J)) / determinant);
        }
        return ([.. runs], points);
    }

    private static IReadOnlyList<VertebraRow> Measure(LabelRun[] runs, Dictionary<int, Vector3d> points, Affine affine, VoxelShape shape, int batch)
    {
        SpineMeasurement spine = new(new VoxelGrid(shape, affine, AffineSource.Sform, affine.ColumnNorms), points);
        foreach (LabelRun[] some in runs.Chunk(batch)) Assert.True(spine.Add(some));
        spine.Finish();
        LocalMeasurement local = new(spine);
        foreach (LabelRun[] some in runs.Chunk(batch)) local.Add(some);
        local.Finish();
        return new SpineRows(new ScanIdentity(new ScanKey("verse19", "training", "sub-a"), "a", "a"), spine) { Local = local }.Vertebrae();
    }
}
