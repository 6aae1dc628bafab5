using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Tests.Geometry;

public sealed class VoxelGridTests
{
    private static readonly VoxelGrid Grid = new(
        new VoxelShape(11, 21, 31), new(new(2, 0, 0), new(0, 3, 0), new(0, 0, 4), new(5, 6, 7)), AffineSource.Sform, new(2, 3, 4));

    [Fact]
    public void A_voxel_s_volume_is_its_spacing_and_not_its_affine()
    {
        Assert.Equal(24, Grid.VoxelVolumeMm3);
        Assert.Equal(0.25, (Grid with { SpacingMm = new(0.5, 0.5, 1) }).VoxelVolumeMm3);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 20)]
    [InlineData(2, 30)]
    public void Two_grids_are_as_far_apart_as_their_farthest_corner(int axis, int lastIndex)
    {
        Vector3d tilt = new(0, 0.03, 0.04);
        Affine affine = Grid.Affine;
        Affine tilted = axis switch
        {
            0 => affine with { I = affine.I + tilt },
            1 => affine with { J = affine.J - tilt },
            _ => affine with { K = affine.K + tilt },
        };
        Assert.Equal(lastIndex * 0.05, Grid.LargestCornerDistanceMm(Grid with { Affine = tilted }), 1e-12);
        Assert.Equal(0, Grid.LargestCornerDistanceMm(Grid));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 20)]
    [InlineData(2, 30)]
    public void A_tilt_that_an_offset_takes_back_at_the_last_corner_shows_at_the_first(int axis, int lastIndex)
    {
        Vector3d tilt = new(0.03, 0, 0.04);
        Affine shifted = Grid.Affine with { Origin = Grid.Affine.Origin - (lastIndex * tilt) };
        Affine other = axis switch
        {
            0 => shifted with { I = shifted.I + tilt },
            1 => shifted with { J = shifted.J + tilt },
            _ => shifted with { K = shifted.K + tilt },
        };
        Assert.Equal(lastIndex * 0.05, Grid.LargestCornerDistanceMm(Grid with { Affine = other }), 1e-12);
    }

    [Theory]
    [InlineData(0.8, 0, 0, 0.4, 0)]
    [InlineData(0, -1.2, 0, 0.4, 1)]
    [InlineData(0, 0, 1.6, 0.4, 2)]
    [InlineData(0.8, 0, 1.2, 0.4, 0)]
    public void A_shift_counts_in_voxels_of_the_axis_it_runs_along(double x, double y, double z, double voxels, int axis)
    {
        (double apart, int along) =
            Grid.LargestCornerDistanceVoxels(Grid with { Affine = Grid.Affine with { Origin = Grid.Affine.Origin + new Vector3d(x, y, z) } });
        Assert.Equal((voxels, axis), (Math.Round(apart, 12), along));
    }

    [Fact]
    public void Voxels_of_an_oblique_grid_are_counted_along_its_own_axes()
    {
        Affine oblique = new(new(0.05, -0.9, 0.1), new(0.1, 0.1, -1.2), new(2.9, 0.1, 0.2), new(-30, 40, 50));
        VoxelGrid grid = new(new VoxelShape(5, 6, 7), oblique, AffineSource.Sform, new(0.9, 1.2, 2.9));
        for (int axis = 0; axis < 3; axis++)
        {
            VoxelGrid shifted = grid with { Affine = oblique with { Origin = oblique.Origin - 0.3 * oblique.Column(axis) } };
            (double apart, int along) = grid.LargestCornerDistanceVoxels(shifted);
            Assert.Equal((0.3, axis), (Math.Round(apart, 12), along));
        }
        Vector3d index = new(1.5, -2, 40);
        Assert.Equal(0, (oblique.Invert(oblique.Apply(index)) - index).Length, 1e-12);
    }
}
