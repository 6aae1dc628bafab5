using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Kernels;

public sealed class PointProbeTests
{
    private static readonly VoxelShape Shape = new(10, 4, 3);

    [Theory]
    [InlineData(3.0, 1.0, 1.0, 20)]
    [InlineData(2.5, 1.0, 1.0, 20)]
    [InlineData(2.4999, 1.0, 1.0, 0)]
    [InlineData(5.4999, 1.0, 1.0, 20)]
    [InlineData(5.5, 1.0, 1.0, 21)]
    [InlineData(6.4999, 1.49, 0.5, 21)]
    [InlineData(6.5, 1.0, 1.0, 0)]
    [InlineData(3.0, 1.5, 1.0, 0)]
    [InlineData(3.0, 1.0, 1.5, 0)]
    public void The_voxel_looked_at_is_the_nearest_one_half_up(double i, double j, double k, int expected)
    {
        PointProbe probe = new(Shape, [new(7, new Vector3d(i, j, k))]);
        probe.Add(new LabelRun(19, 0, 0, 0, 10));
        probe.Add(new LabelRun(20, 3, 1, 1, 3));
        probe.Add(new LabelRun(21, 6, 1, 1, 1));
        probe.Add(new LabelRun(22, 0, 3, 2, 10));
        Assert.Equal(expected, probe.LabelAt(7));
    }

    [Theory]
    [InlineData(-0.5, 0, 0, true)]
    [InlineData(-0.5001, 0, 0, false)]
    [InlineData(9.4999, 3.4999, 2.4999, true)]
    [InlineData(9.5, 0, 0, false)]
    [InlineData(0, -0.5001, 0, false)]
    [InlineData(0, 3.5, 0, false)]
    [InlineData(0, 0, -0.5001, false)]
    [InlineData(0, 0, 2.5, false)]
    [InlineData(double.NaN, 0, 0, false)]
    [InlineData(1e300, 0, 0, false)]
    public void A_point_outside_the_volume_has_no_label_not_even_background(double i, double j, double k, bool inside)
    {
        PointProbe probe = new(Shape, [new(7, new Vector3d(i, j, k))]);
        Assert.Equal(inside ? 0 : null, probe.LabelAt(7));
        Assert.Null(probe.LabelAt(8));
    }

    [Fact]
    public void Several_points_in_one_run_and_two_at_one_voxel_in_any_order_are_all_found()
    {
        PointProbe probe = new(Shape, [new(3, new(4, 2, 1)), new(1, new(2, 2, 1)), new(2, new(2.2, 1.8, 1)), new(4, new(9, 3, 2)), new(5, new(0, 0, 0))]);
        probe.Add(new LabelRun(20, 2, 2, 1, 3));
        probe.Add(new LabelRun(21, 9, 3, 2, 1));
        Assert.Equal([20, 20, 20, 21, 0], Enumerable.Range(1, 5).Select(key => probe.LabelAt(key)!.Value));
    }
}
