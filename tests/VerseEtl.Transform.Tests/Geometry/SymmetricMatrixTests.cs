using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Tests.Geometry;

public sealed class SymmetricMatrixTests
{
    [Theory]
    [InlineData(1, 0, 0, 3, 0, 2, 3, 2, 1)]
    [InlineData(2, 1, 0, 2, 0, 5, 5, 3, 1)]
    [InlineData(2, 0, 1, 7, 0, 2, 7, 3, 1)]
    [InlineData(9, 0, 0, 2, -1, 2, 9, 3, 1)]
    [InlineData(2, -1, 0, 2, -1, 2, 3.4142135623730951, 2, 0.58578643762690497)]
    [InlineData(1, 1, 1, 1, 1, 1, 3, 0, 0)]
    [InlineData(2, 1, 3, 4, 5, 6, 11.073033326370304, 1.679686310434483, -0.7527196368047905)]
    public void Eigenvalues_are_numpys_largest_first(double xx, double xy, double xz, double yy, double yz, double zz,
        double first, double second, double third)
    {
        Vector3d values = SymmetricMatrix.Eigen([xx, xy, xz, yy, yz, zz], out Vector3d[] vectors);
        Assert.Equal(first, values.X, 1e-12);
        Assert.Equal(second, values.Y, 1e-12);
        Assert.Equal(third, values.Z, 1e-12);
        for (int at = 0; at < 3; at++)
        {
            Vector3d v = vectors[at], turned = new(xx * v.X + xy * v.Y + xz * v.Z, xy * v.X + yy * v.Y + yz * v.Z, xz * v.X + yz * v.Y + zz * v.Z);
            Assert.Equal(1, v.Length, 1e-12);
            Assert.Equal(0, (turned - values[at] * v).Length, 1e-11);
        }
    }

    [Fact]
    public void A_neighbour_too_small_to_be_squared_still_ends_as_zero()
    {
        Assert.Equal(new Vector3d(3, 2, 1), SymmetricMatrix.Eigen([1, 1e-200, 0, 2, 0, 3], out _));
    }

    [Fact]
    public void A_covariance_of_indices_becomes_one_of_millimetres()
    {
        Affine affine = new(new(0.05, -0.9, 0.1), new(0.1, 0.1, -1.2), new(2.0, 0.1, 0.2), new(-30, 40, 50));
        double[,] a = { { 0.05, 0.1, 2.0 }, { -0.9, 0.1, 0.1 }, { 0.1, -1.2, 0.2 } };
        double[,] m = { { 5, 1, 2 }, { 1, 7, 3 }, { 2, 3, 11 } };
        double[] transformed = SymmetricMatrix.Transformed(affine, [5, 1, 2, 7, 3, 11]);
        int at = 0;
        for (int row = 0; row < 3; row++)
        {
            for (int column = row; column < 3; column++)
            {
                double expected = 0;
                for (int p = 0; p < 3; p++)
                    for (int q = 0; q < 3; q++) expected += a[row, p] * m[p, q] * a[column, q];
                Assert.Equal(expected, transformed[at++], 1e-12);
            }
        }
    }
}
