using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Kernels;

public sealed class LabelMomentsTests
{
    private static readonly Affine Unit = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(0, 0, 0));

    /// <summary>A row of n voxel centres has variance (n^2 - 1) / 12; the axis is 2 sqrt(5 variance).</summary>
    private static double AxisOf(long n) => 2 * Math.Sqrt(5 * (((double)n * n) - 1) / 12);

    [Theory]
    [InlineData(7, 8, 9)]
    [InlineData(0, 0, 0)]
    public void A_single_voxel_is_its_own_centroid_and_box_and_has_no_extent(int i, int j, int k)
    {
        LabelMoments moments = new();
        moments.Add(new LabelRun(20, i, j, k, 1));
        Assert.Equal((1, new Vector3d(i, j, k), new VoxelBox(i, j, k, i + 1, j + 1, k + 1)), (moments.VoxelCount, moments.CentroidIndex, moments.Box));
        Assert.Equal(new Vector3d(0, 0, 0), moments.EllipsoidMm(Unit).LengthsMm);
    }

    [Fact]
    public void A_box_far_from_the_origin_is_measured_as_exactly_as_one_at_it()
    {
        LabelMoments moments = new();
        for (int k = 0; k < 3; k++)
            for (int j = 0; j < 5; j++) moments.Add(new LabelRun(20, 999_000, 888_000 + j, 777_000 + k, 9));
        Assert.Equal(new Vector3d(999_004, 888_002, 777_001), moments.CentroidIndex);
        Assert.Equal(new VoxelBox(999_000, 888_000, 777_000, 999_009, 888_005, 777_003), moments.Box);
        Vector3d axes = moments.EllipsoidMm(Unit).LengthsMm;
        Assert.Equal(AxisOf(9), axes.X, 1e-12);
        Assert.Equal(AxisOf(5), axes.Y, 1e-12);
        Assert.Equal(AxisOf(3), axes.Z, 1e-12);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    public void A_diagonal_is_as_long_as_its_steps(int first, int second)
    {
        LabelMoments moments = new();
        for (int at = 0; at < 11; at++)
        {
            int[] index = [4, 4, 4];
            index[first] = index[second] = at;
            moments.Add(new LabelRun(20, index[0], index[1], index[2], 1));
        }
        Vector3d axes = moments.EllipsoidMm(Unit).LengthsMm;
        Assert.Equal(Math.Sqrt(2) * AxisOf(11), axes.X, 1e-12);
        Assert.Equal(0, axes.Y, 1e-6);
        Assert.Equal(0, axes.Z, 1e-6);
    }

    [Fact]
    public void A_slice_of_more_voxels_than_longs_hold_is_added_up_in_parts()
    {
        // 16 rows of 500,000 in each of 3 slices at the far end of the index range
        LabelMoments moments = new();
        for (int k = 0; k < 3; k++)
            for (int j = 0; j < 16; j++) moments.Add(new LabelRun(20, 500_000, 984_000 + j, 999_990 + k, 500_000));
        Assert.Equal(24_000_000, moments.VoxelCount);
        Assert.Equal(new Vector3d(749_999.5, 984_007.5, 999_991), moments.CentroidIndex);
        Vector3d axes = moments.EllipsoidMm(Unit).LengthsMm;
        Assert.Equal(AxisOf(500_000), axes.X, 1e-6);
        Assert.Equal(AxisOf(16), axes.Y, 1e-9);
        Assert.Equal(AxisOf(3), axes.Z, 1e-9);
    }

    [Fact]
    public void Looking_between_two_runs_changes_nothing()
    {
        LabelMoments looked = new(), plain = new();
        foreach (LabelRun run in new LabelRun[] { new(20, 3, 1, 1, 4), new(20, 0, 2, 1, 9), new(20, 5, 2, 2, 2) })
        {
            looked.Add(run);
            plain.Add(run);
            _ = looked.CentroidIndex;
            _ = looked.EllipsoidMm(Unit);
        }
        Assert.Equal((plain.CentroidIndex, plain.VoxelCount, plain.Box), (looked.CentroidIndex, looked.VoxelCount, looked.Box));
        Assert.Equal(plain.EllipsoidMm(Unit).LengthsMm, looked.EllipsoidMm(Unit).LengthsMm);
    }
}
