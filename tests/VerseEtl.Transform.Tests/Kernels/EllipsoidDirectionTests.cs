using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Transform.Tests.Kernels;

public sealed class EllipsoidDirectionTests
{
    /// <summary>Variance 9 along <paramref name="axis"/>, 4 along the next, 1 along the last.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Along_the_axes_of_the_world_they_point_to_the_positive_side(int axis)
    {
        double[] variances = new double[3];
        (variances[axis], variances[(axis + 1) % 3], variances[(axis + 2) % 3]) = (9, 4, 1);
        Ellipsoid ellipsoid = Ellipsoid.Of([variances[0], 0, 0, variances[1], 0, variances[2]]);
        Assert.Equal((Unit(axis), Unit(axis + 1), Unit(axis + 2)), (ellipsoid.Major, ellipsoid.Middle, ellipsoid.Minor));
        Assert.Equal(2 * Math.Sqrt(45), ellipsoid.LengthsMm.X, 1e-9);
    }

    /// <summary>The variance of a line along a direction, and a little of its own along each axis of the world.</summary>
    [Theory]
    [InlineData(1, -2, 0, 1)]
    [InlineData(-2, 1, 0, 0)]
    [InlineData(1, 2, -3, 2)]
    [InlineData(-3, 1, 2, 0)]
    [InlineData(-1, 3, 2, 1)]
    public void The_component_of_the_largest_magnitude_is_positive(double x, double y, double z, int largest)
    {
        Ellipsoid ellipsoid = Ellipsoid.Of([x * x + 0.01, x * y, x * z, y * y + 0.02, y * z, z * z + 0.04]);
        Vector3d major = ellipsoid.Major!.Value;
        Assert.Equal(Math.Abs((x, y, z) switch { _ when largest == 0 => x, _ when largest == 1 => y, _ => z }) / new Vector3d(x, y, z).Length,
            major[largest], 0.02);
        foreach (Vector3d direction in (Vector3d[])[major, ellipsoid.Middle!.Value, ellipsoid.Minor!.Value])
        {
            Assert.Equal(1, direction.Length, 1e-9);
            double[] parts = [direction.X, direction.Y, direction.Z];
            Assert.True(parts.MaxBy(Math.Abs) > 0);
        }
    }

    [Fact]
    public void No_direction_points_to_its_negative_side()
    {
        Random random = new(3);
        for (int round = 0; round < 2000; round++)
        {
            double[] x = [.. Enumerable.Range(0, 9).Select(_ => random.NextDouble() - 0.5)];
            double Dot(int a, int b) => x[a] * x[b] + x[a + 3] * x[b + 3] + x[a + 6] * x[b + 6];
            Ellipsoid ellipsoid = Ellipsoid.Of([Dot(0, 0), Dot(0, 1), Dot(0, 2), Dot(1, 1), Dot(1, 2), Dot(2, 2)]);
            foreach (Vector3d direction in new[] { ellipsoid.Major, ellipsoid.Middle, ellipsoid.Minor }.OfType<Vector3d>())
                Assert.True(new[] { direction.X, direction.Y, direction.Z }.MaxBy(Math.Abs) > 0);
        }
    }

    [Theory]
    [InlineData(9, 9, 1, false, false, true)]
    [InlineData(9, 1, 1, true, false, false)]
    [InlineData(4, 4, 4, false, false, false)]
    [InlineData(9, 4, 1, true, true, true)]
    [InlineData(9, 9 * (1 - 1e-7), 1, false, false, true)]
    [InlineData(9, 9 * (1 - 1e-5), 1, true, true, true)]
    public void A_direction_that_another_axis_of_that_length_could_have_is_null(double x, double y, double z, bool major, bool middle, bool minor)
    {
        Ellipsoid ellipsoid = Ellipsoid.Of([x, 0, 0, y, 0, z]);
        Assert.Equal((major, middle, minor), (ellipsoid.Major is not null, ellipsoid.Middle is not null, ellipsoid.Minor is not null));
    }

    private static Vector3d? Unit(int axis) => new Vector3d(axis % 3 == 0 ? 1 : 0, axis % 3 == 1 ? 1 : 0, axis % 3 == 2 ? 1 : 0);
}
