using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Kernels;

public sealed class SagittalMapTests
{
    private const double SpacingMm = 0.6;
    private static readonly int[][] AxisOrders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    private static readonly VoxelBox Solid = new(10, 20, 15, 90, 95, 85);

    /// <summary>
    /// Voxels of 0.6 mm are cut into parts of 0.3 mm, whose centres lie on the borders of cells here, one in ten: to which side they fall is for
    /// the half of 1/1024 mm to say, not for what is lost in rounding 0.3 mm.
    /// </summary>
    [Fact]
    public void Parts_on_the_border_of_two_cells_go_the_same_way_in_every_stored_order()
    {
        const int Voxels = 100;
        // a part's centre is at 0.3 n + 0.15 - 0.3; cells begin half a millimetre from the origin
        double onBorder = 0.3 * 100 - 0.15 - 0.5;
        Vector3d origin = new(onBorder + 0.5, onBorder, onBorder);
        double[]? first = null;
        foreach (int[] axes in AxisOrders)
            for (int flipped = 0; flipped < 8; flipped++)
            {
                double[] shares = Shares(axes, flipped, Voxels, origin);
                first ??= shares;
                Assert.Equal(first, shares);
            }
        Assert.Contains(first!, share => share > 0.9);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(45, 90)]
    [InlineData(45, -45)]
    [InlineData(-45, 90)]
    [InlineData(-45, -45)]
    public void Voxels_of_a_cell_fill_it_alone_over_five_millimetres_to_either_side(int up, int back)
    {
        SagittalMap map = OfMillimetres();
        map.Add(new LabelRun(20, -30, back + 100, up + 100, 70));
        Assert.Equal(1, map.Share(up, back), 1e-12);
        Assert.Equal(1, Sum(map), 1e-12);
        foreach (int i in new[] { -1, 10 }) map.Add(new LabelRun(20, i, back + 100, up + 100, 1));
        Assert.Equal(1, Sum(map), 1e-12);
        foreach (int i in new[] { 0, 9 }) map.Add(new LabelRun(20, i, back + 100, up + 100, 1));
        Assert.Equal(1.2, map.Share(up, back), 1e-12);
    }

    [Theory]
    [InlineData(46, 0)]
    [InlineData(-46, 0)]
    [InlineData(0, 91)]
    [InlineData(0, -46)]
    [InlineData(0, 1000)]
    [InlineData(1000, 0)]
    public void Beyond_its_ends_a_map_is_empty(int up, int back)
    {
        SagittalMap map = OfMillimetres();
        map.Add(new LabelRun(20, 0, back + 100, up + 100, 10));
        Assert.Equal(0, Sum(map));
        Assert.Equal(0, map.Share(up, back));
    }

    /// <summary>Rows of parts go through the plane, aslant by 7 degrees upwards and 4 backwards, either way: each counts in the cell of its centre.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Rows_that_cross_the_plane_aslant_fall_into_the_cells_of_their_parts(int way)
    {
        Vector3d slant = new(0.9901, 0.0698 * way, 0.1219 * way);
        Vector3d side = 1 / slant.Length * slant, up = new(-side.Z / Math.Sqrt(1 - side.Y * side.Y), 0, side.X / Math.Sqrt(1 - side.Y * side.Y));
        Vector3d back = Vector3d.Cross(up, side), origin = new(20.123, 15.234, 14.345);
        SagittalMap map = new(new Affine(new(3, 0, 0), new(0, 1, 0), new(0, 0, 1), new(0, 0, 0)), origin, up, back);
        Dictionary<(int Up, int Back), int> parts = [];
        for (int k = 5; k < 25; k++)
            for (int j = 5; j < 25; j++)
            {
                map.Add(new LabelRun(20, 2, j, k, 11));
                for (int part = 0; part < 11 * 6 * 4; part++)
                {
                    Vector3d mm = new Vector3d(4.75 + part / 4 * 0.5, j - 0.25 + part % 2 * 0.5, k - 0.25 + part / 2 % 2 * 0.5) - origin;
                    if (Math.Abs(Vector3d.Dot(mm, side)) > 5 + 1.0 / 2048) continue;
                    const double half = 0.5 + 1.0 / 2048;
                    (int Up, int Back) cell = ((int)Math.Floor(Vector3d.Dot(mm, up) + half), (int)Math.Floor(Vector3d.Dot(mm, back) + half));
                    parts[cell] = parts.GetValueOrDefault(cell) + 1;
                }
            }
        for (int at = -30; at <= 30; at++)
            for (int behind = -30; behind <= 30; behind++)
                Assert.Equal(parts.GetValueOrDefault((at, behind)) / 8.0 / 10, map.Share(at, behind), 1e-9);
    }

    /// <summary>Voxel (i, j, k) is centred at (i - 4.5, j - 100, k - 100): ten of them are a cell.</summary>
    private static SagittalMap OfMillimetres() =>
        new(new Affine(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(-4.5, -100, -100)), new(0, 0, 0), new(0, 0, 1), new(0, 1, 0));

    private static double Sum(SagittalMap map) => Enumerable.Range(-45, 91).Sum(up => Enumerable.Range(-45, 136).Sum(back => map.Share(up, back)));

    private static double[] Shares(int[] axes, int flipped, int voxels, Vector3d origin)
    {
        Vector3d[] columns = new Vector3d[3];
        Vector3d corner = new(0, 0, 0);
        for (int stored = 0; stored < 3; stored++)
        {
            Vector3d column = SpacingMm * new Vector3d(axes[stored] == 0 ? 1 : 0, axes[stored] == 1 ? 1 : 0, axes[stored] == 2 ? 1 : 0);
            bool turned = (flipped >> stored & 1) != 0;
            if (turned) corner += (voxels - 1) * column;
            columns[stored] = turned ? -1 * column : column;
        }
        SagittalMap map = new(new Affine(columns[0], columns[1], columns[2], corner), origin, new Vector3d(0, 0, 1), new Vector3d(0, -1, 0));
        (int iFrom, int iEnd) = Range(0);
        (int jFrom, int jEnd) = Range(1);
        (int kFrom, int kEnd) = Range(2);
        for (int k = kFrom; k < kEnd; k++)
            for (int j = jFrom; j < jEnd; j++) map.Add(new LabelRun(20, iFrom, j, k, iEnd - iFrom));
        return [.. Enumerable.Range(-45, 91).SelectMany(up => Enumerable.Range(-45, 136).Select(back => map.Share(up, back)))];

        (int From, int End) Range(int stored)
        {
            (int from, int end) = (Solid.Min(axes[stored]), Solid.Max(axes[stored]));
            return (flipped >> stored & 1) == 0 ? (from, end) : (voxels - end, voxels - from);
        }
    }
}
