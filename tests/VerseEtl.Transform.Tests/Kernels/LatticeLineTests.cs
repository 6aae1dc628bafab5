using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Transform.Tests.Kernels;

public sealed class LatticeLineTests
{
    private static readonly Affine Stretched = new(new(0, 0, 2), new(3, 0, 0), new(0, 4, 0), new(10, 20, 30));

    [Fact]
    public void An_index_is_as_many_millimetres_along_the_line_as_its_place_in_the_world()
    {
        // voxels 2 mm along z, 3 along x, 4 along y, in steps of a half, one and two voxels from (1, 1, 1)
        LatticeLine line = LatticeLine.Of(Stretched, new(12, 23, 31), new(0.6, 0, 0.8), new(1, 1, 1), new(0.5, 1, 2));
        Assert.Equal((0.8, 1.8, 0.0), (Mm(line.I), Mm(line.J), Mm(line.K)));
        Assert.Equal(0.6 * (13 - 12) + 0.8 * (32 - 31), Mm(line.At(0, 0, 0)));
        Assert.Equal(1.8, Mm(line.At(5, -2, 7)));
        Assert.Equal(1.4 + 2.5, Mm(line.Plus(5 * LatticeLine.Millimetre / 2).At(0, 0, 0)));
    }

    [Theory]
    [InlineData(0, 1 << 20)]
    [InlineData(1, (1 << 21) / 3)]
    [InlineData(2, 1 << 19)]
    public void A_box_whose_edges_come_to_two_kilometres_does_not_fit(int axis, int voxels)
    {
        Assert.True(LatticeLine.Fits(Stretched, Box(voxels - 20)));
        Assert.False(LatticeLine.Fits(Stretched, Box(voxels + 1)));

        VoxelBox Box(int extent) => new(7, 7, 7, 8 + (axis == 0 ? extent : 0), 8 + (axis == 1 ? extent : 0), 8 + (axis == 2 ? extent : 0));
    }

    [Fact]
    public void The_edges_of_a_box_are_added_up()
    {
        // a third of 2^21 mm each, and a little more
        Assert.True(LatticeLine.Fits(Stretched, new VoxelBox(0, 0, 0, 349_000, 233_000, 174_500)));
        Assert.False(LatticeLine.Fits(Stretched, new VoxelBox(0, 0, 0, 350_000, 233_100, 174_800)));
    }

    private static double Mm(long fixedPoint) => Math.Round((double)fixedPoint / LatticeLine.Millimetre, 10);
}
