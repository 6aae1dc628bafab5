using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Tests.Geometry;

public sealed class AffineTests
{
    private static readonly Affine Skewed = new(new(2, 1, 0), new(0, 3, 1), new(1, 0, 4), new(-10, 20, 30));

    [Fact]
    public void A_voxel_index_is_weighted_column_by_column()
    {
        // 2 I + 3 J + 5 K + origin
        Assert.Equal(new Vector3d(-1, 31, 53), Skewed.Apply(new(2, 3, 5)));
        Assert.Equal(Skewed.Origin, Skewed.Apply(new(0, 0, 0)));
    }

    [Fact]
    public void The_determinant_has_the_sign_of_the_handedness()
    {
        Assert.Equal(25, Skewed.Determinant);
        Assert.Equal(-25, (Skewed with { I = Skewed.J, J = Skewed.I }).Determinant);
    }

    [Fact]
    public void Columns_their_lengths_and_the_row_major_matrix()
    {
        Affine affine = new(new(0, 3, 4), new(-5, 0, 12), new(2, 3, 6), new(7, 8, 9));
        Assert.Equal(new Vector3d(5, 13, 7), affine.ColumnNorms);
        Assert.Equal([affine.I, affine.J, affine.K], Enumerable.Range(0, 3).Select(affine.Column));
        Assert.Throws<ArgumentOutOfRangeException>(() => affine.Column(3));
        Assert.Equal([0, -5, 2, 7, 3, 0, 3, 8, 4, 12, 6, 9, 0, 0, 0, 1], affine.ToRowMajor());
    }

    [Fact]
    public void One_value_that_is_no_number_makes_the_whole_affine_none()
    {
        Assert.True(Skewed.IsFinite);
        for (int at = 0; at < 12; at++)
        {
            double[] v = [2, 1, 0, 0, 3, 1, 1, 0, 4, -10, 20, 30];
            v[at] = at % 2 == 0 ? double.NaN : double.NegativeInfinity;
            Assert.False(new Affine(new(v[0], v[1], v[2]), new(v[3], v[4], v[5]), new(v[6], v[7], v[8]), new(v[9], v[10], v[11])).IsFinite);
        }
    }

    [Fact]
    public void Vectors_add_subtract_scale_and_multiply_in_both_ways()
    {
        Vector3d a = new(1, 2, 3), b = new(4, -5, 6);
        Assert.Equal(new Vector3d(5, -3, 9), a + b);
        Assert.Equal(new Vector3d(-3, 7, -3), a - b);
        Assert.Equal(new Vector3d(3, 6, 9), 3 * a);
        Assert.Equal(12, Vector3d.Dot(a, b));
        Assert.Equal(new Vector3d(27, 6, -13), Vector3d.Cross(a, b));
        Assert.Equal(7, new Vector3d(2, 3, -6).Length);
        Assert.Equal([4, -5, 6], Enumerable.Range(0, 3).Select(axis => b[axis]));
        Assert.Throws<ArgumentOutOfRangeException>(() => b[3]);
    }
}
