using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Kernels;

public sealed class BodyBallTests
{
    private const int Side = 31;

    [Fact]
    public void A_voxel_whose_centre_lies_at_exactly_five_millimetres_belongs_to_it()
    {
        // along each axis of a lattice of 1 mm, and at (3, 4, 0) and its like: the lattice points of a sphere of radius 5
        Affine unit = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(0, 0, 0));
        Assert.Equal(515, Count(unit, new(15, 15, 15)));
    }

    [Fact]
    public void Thick_slices_thin_it_out()
    {
        // k is 5 mm a step: the disc of radius 5 in the middle (81 points) and one voxel above and below
        Affine thick = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 5), new(0, 0, 0));
        Assert.Equal(81 + 2, Count(thick, new(15, 15, 15)));
        Assert.Equal(81 + 2, Count(thick with { I = thick.K, K = thick.I }, new(15, 15, 15)));
        Assert.Equal(81 + 2, Count(thick with { J = thick.K, K = thick.J }, new(15, 15, 15)));
    }

    [Fact]
    public void Whatever_the_affine_and_the_point_it_holds_the_voxels_that_a_loop_finds()
    {
        Random random = new(3);
        for (int round = 0; round < 40; round++)
        {
            double Step() => (random.NextDouble() * 2) - 1;
            Affine affine = new(new(1 + Step(), Step(), Step()), new(Step(), -1.5 + Step(), Step()), new(Step(), Step(), 2 + Step()), new(10, 20, 30));
            Vector3d point = new(random.NextDouble() * Side, random.NextDouble() * Side, random.NextDouble() * Side);
            Vector3d centre = affine.Apply(point);
            int expected = 0;
            for (int k = 0; k < Side; k++)
                for (int j = 0; j < Side; j++)
                    for (int i = 0; i < Side; i++)
                        if ((affine.Apply(new(i, j, k)) - centre).Length <= 5) expected++;
            Assert.Equal(expected, Count(affine, point));
        }
    }

    [Fact]
    public void The_voxels_of_a_run_are_told_from_its_start()
    {
        BodyBall ball = new(new(new(2, 0, 0), new(0, 2, 0), new(0, 0, 2), new(0, 0, 0)), new(10, 10, 10));
        Assert.Equal(5, ball.Within(new LabelRun(20, 7, 10, 10, 6), out int first));
        Assert.Equal(1, first);
        foreach (int start in new[] { 0, 13, 20 }) Assert.Equal(0, ball.Within(new LabelRun(20, start, 10, 10, 4), out _));
    }

    [Fact]
    public void The_lattice_does_not_end_where_the_volume_does()
    {
        Affine unit = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(0, 0, 0));
        Assert.Equal(515, new BodyBall(unit, new(15, 15, 15)).LatticePoints());
        Assert.Equal(515, new BodyBall(unit, new(0, -3, 0)).LatticePoints());
    }

    [Fact]
    public void A_lattice_too_fine_to_be_counted_is_not()
    {
        Affine fine = new(new(0.001, 0, 0), new(0, 0.001, 0), new(0, 0, 0.001), new(0, 0, 0));
        Assert.Null(new BodyBall(fine, new(15, 15, 15)).LatticePoints());
    }

    private static long Count(Affine affine, Vector3d point)
    {
        BodyBall ball = new(affine, point);
        long count = 0;
        for (int k = 0; k < Side; k++)
            for (int j = 0; j < Side; j++) count += ball.Within(new LabelRun(20, 0, j, k, Side), out _);
        return count;
    }
}
