using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Tests.Geometry;

public sealed class VoxelShapeTests
{
    [Fact]
    public void The_largest_genuine_scan_has_more_voxels_than_an_int_holds()
    {
        VoxelShape shape = new(960, 2048, 2023);
        Assert.Equal(3_977_379_840, shape.VoxelCount);
        Assert.Equal(shape.VoxelCount - 1, shape.LinearIndex(959, 2047, 2022));
        Assert.Equal("960x2048x2023", shape.ToString());
    }

    [Fact]
    public void Positions_run_along_i_then_j_then_k()
    {
        VoxelShape shape = new(3, 4, 5);
        Assert.Equal(
            [1, 3, 12, 2 + (3 * 1) + (12 * 4)],
            [shape.LinearIndex(1, 0, 0), shape.LinearIndex(0, 1, 0), shape.LinearIndex(0, 0, 1), shape.LinearIndex(2, 1, 4)]);
        Assert.Equal([3, 4, 5], Enumerable.Range(0, 3).Select(axis => shape[axis]));
        Assert.Throws<ArgumentOutOfRangeException>(() => shape[3]);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(1, 1, 0)]
    public void An_axis_without_a_voxel_is_no_shape(long i, long j, long k) => Assert.Throws<ArgumentOutOfRangeException>(() => new VoxelShape(i, j, k));

    [Theory]
    [InlineData(1L << 31, 1, 1)]
    [InlineData(1, 1L << 31, 1)]
    [InlineData(1, 1, 1L << 31)]
    [InlineData(1 << 30, 1 << 30, 1 << 30)]
    public void What_does_not_fit_is_refused_and_never_wraps(long i, long j, long k) => Assert.Throws<OverflowException>(() => new VoxelShape(i, j, k));

    [Fact]
    public void A_box_is_half_open_on_each_axis()
    {
        VoxelBox box = new(1, 2, 3, 5, 8, 13);
        Assert.Equal([(1, 5, 4), (2, 8, 6), (3, 13, 10)], Enumerable.Range(0, 3).Select(axis => (box.Min(axis), box.Max(axis), box.Extent(axis))));
        Assert.Throws<ArgumentOutOfRangeException>(() => box.Min(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => box.Max(-1));
    }
}
