using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Kernels;

/// <summary>Bodies that are described by how far behind the annotated point a voxel lies and how far from the line, so that their end is known.</summary>
public sealed class PosteriorWallTests
{
    private static readonly Affine Ras = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), default);

    /// <summary>Millimetre voxels upright, with the first axis along the line, thin and thick, and turned by 30 degrees.</summary>
    public static TheoryData<double[]> Affines => new(
        [1, 0, 0, 0, 1, 0, 0, 0, 1],
        [0, -1, 0, 1, 0, 0, 0, 0, 1],
        [0.5, 0, 0, 0, -1, 0, 0, 0, 2],
        [0.8660254037844386, 0.5, 0, -0.5, 0.8660254037844386, 0, 0, 0, 1],
        [0.8660254037844386, 0, 0.5, 0, -1, 0, -0.5, 0, 0.8660254037844386]);

    [Theory]
    [MemberData(nameof(Affines))]
    public void A_body_ends_where_its_filling_does_and_neither_its_hollow_nor_what_is_beside_the_line_counts(double[] axes)
    {
        Affine affine = new(new(axes[0], axes[1], axes[2]), new(axes[3], axes[4], axes[5]), new(axes[6], axes[7], axes[8]), new(3, 4, 5));
        // from the middle on only what is more than 2 mm from the line, after 20 mm only what lies beyond its 5 mm
        double? behind = Behind(affine, (back, aside) => back switch
        {
            < -25 or > 35 => false,
            < 10.49 => aside < 12,
            < 20.49 => aside is > 2 and < 12,
            _ => aside is > 5.05 and < 12,
        });
        Assert.Equal(20.5, behind);
    }

    [Theory]
    [InlineData(41, 21.5)]
    [InlineData(40, 20.5)]
    public void Half_of_what_is_usual_is_still_body(int voxelsOf81, double expected)
    {
        // the 12 lattice points at exactly 5 mm are within it, and come first
        PosteriorWall wall = new(Ras, new(50, 50, 50), new(0, -1, 0));
        (int X, int Z)[] slice = [.. from x in Enumerable.Range(-5, 11) from z in Enumerable.Range(-5, 11) where x * x + z * z <= 25 select (x, z)];
        Assert.Equal(81, slice.Length);
        foreach ((int x, int z) in slice.OrderByDescending(at => at.X * at.X + at.Z * at.Z).Take(voxelsOf81)) wall.Add(new LabelRun(20, 50 + x, 29, 50 + z, 1));
        foreach ((int x, int z) in slice)
            for (int y = 30; y <= 60; y++) wall.Add(new LabelRun(20, 50 + x, y, 50 + z, 1));
        Assert.Equal(expected, wall.BehindMm());
    }

    [Fact]
    public void Exactly_half_of_what_is_usual_is_body_and_a_voxel_less_is_not()
    {
        // between four voxels: 80 of them in the cylinder
        foreach ((int voxels, double expected) in new[] { (40, 21.5), (39, 20.5) })
        {
            PosteriorWall wall = new(Ras, new(50.5, 50, 50.5), new(0, -1, 0));
            (int X, int Z)[] slice = [.. from x in Enumerable.Range(46, 10) from z in Enumerable.Range(46, 10)
                                         where (x - 50.5) * (x - 50.5) + (z - 50.5) * (z - 50.5) < 25 select (x, z)];
            Assert.Equal(80, slice.Length);
            foreach ((int x, int z) in slice.Take(voxels)) wall.Add(new LabelRun(20, x, 29, z, 1));
            foreach ((int x, int z) in slice)
                for (int y = 30; y <= 60; y++) wall.Add(new LabelRun(20, x, y, z, 1));
            Assert.Equal(expected, wall.BehindMm());
        }
    }

    [Fact]
    public void A_point_with_nothing_in_front_of_it_or_in_the_canal_lies_in_no_body()
    {
        Assert.Null(Behind(Ras, (back, _) => back > 0.5));
        Assert.Null(Behind(Ras, (back, _) => back is < -3.5 or > 8.5));
        Assert.Equal(0.5, Behind(Ras, (back, _) => back is > -0.5 and < 0.5));
    }

    /// <summary>Asks with every voxel around a point, by runs, for a body in these millimetres behind it and beside the line.</summary>
    private static double? Behind(Affine affine, Func<double, double, bool> isBody)
    {
        const int Half = 45;
        Vector3d point = affine.Apply(new Vector3d(Half, Half, Half)), back = new(0, -1, 0);
        PosteriorWall wall = new(affine, point, back);
        for (int k = 0; k <= 2 * Half; k++)
            for (int j = 0; j <= 2 * Half; j++)
            {
                int begun = -1;
                for (int i = 0; i <= 2 * Half + 1; i++)
                {
                    Vector3d from = affine.Apply(new Vector3d(i, j, k)) - point;
                    bool inside = i <= 2 * Half && isBody(-from.Y, Math.Sqrt(from.X * from.X + from.Z * from.Z));
                    if (inside && begun < 0) begun = i;
                    if (inside || begun < 0) continue;
                    wall.Add(new LabelRun(20, begun, j, k, i - begun));
                    begun = -1;
                }
            }
        return wall.BehindMm();
    }
}
