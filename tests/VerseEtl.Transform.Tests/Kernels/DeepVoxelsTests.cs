using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Kernels;

public sealed class DeepVoxelsTests
{
    private const int Label = 20;

    [Fact]
    public void Whatever_the_affine_a_voxel_is_deep_where_no_centre_outside_is_near_and_the_plane_is_not_passed()
    {
        Random random = new(4);
        int deep = 0, shallow = 0;
        for (int round = 0; round < 40 * LongRuns.Factor; round++)
        {
            double Step() => random.NextDouble() * 0.6 - 0.3;
            Affine affine = new(new(0.5 + Step(), Step(), Step()), new(Step(), -0.8 + Step(), Step()), new(Step(), Step(), 1 + Step()), new(10, 20, 30));
            LabelVolume volume = Blob(random);
            double depth = 0.3 + 2 * random.NextDouble();
            Vector3d direction = new(Step(), Step(), Step());
            Plane plane = new(affine.Apply(new(random.Next(volume.I), random.Next(volume.J), random.Next(volume.K))),
                round % 4 == 0 ? new(0, 0, 0) : 1 / direction.Length * direction, 4 * random.NextDouble());
            bool[] inside = Measure(volume, affine, depth, plane);
            for (int z = 0; z < volume.K; z++)
                for (int y = 0; y < volume.J; y++)
                    for (int x = 0; x < volume.I; x++)
                    {
                        bool expected = volume[x, y, z] == Label && !IsNearOutside(volume, affine, (x, y, z), depth)
                            && Vector3d.Dot(affine.Apply(new(x, y, z)) - plane.Origin, plane.Direction) <= plane.MostMm;
                        Assert.Equal(expected, inside[(z * volume.J + y) * volume.I + x]);
                        if (expected) deep++;
                        else if (volume[x, y, z] == Label) shallow++;
                    }
        }
        Assert.True(deep > 1000 && shallow > 1000, $"{deep} deep, {shallow} shallow");
    }

    [Fact]
    public void Five_millimetres_are_deep_enough_and_less_is_not()
    {
        // half a space of voxels: at 1 mm a step the fifth from the edge is 5 mm from the first centre outside
        LabelVolume volume = new(150, 13, 13);
        for (int z = 0; z < 13; z++)
            for (int y = 0; y < 13; y++)
                for (int x = 20; x < 130; x++) volume[x, y, z] = Label;
        bool[] inside = Measure(volume, Spaced(1, 1, 1), 5, Plane.None);
        Assert.Equal(Enumerable.Range(24, 102), Enumerable.Range(0, 150).Where(x => inside[(6 * 13 + 6) * 150 + x]));
        inside = Measure(volume, Spaced(0.999, 1, 1), 5, Plane.None);
        Assert.Equal(Enumerable.Range(25, 100), Enumerable.Range(0, 150).Where(x => inside[(6 * 13 + 6) * 150 + x]));
        // an affine is stored as floats: the same spacing, not quite
        inside = Measure(volume, Spaced(0.99999994, 1, 1), 5, Plane.None);
        Assert.Equal(102, Enumerable.Range(0, 150).Count(x => inside[(6 * 13 + 6) * 150 + x]));
    }

    [Theory]
    [InlineData(62)]
    [InlineData(64)]
    [InlineData(65)]
    public void What_begins_the_next_row_does_not_go_on_where_one_ends(int width)
    {
        LabelVolume volume = new(width, 7, 7);
        Array.Fill(volume.Voxels, Label);
        bool[] inside = Measure(volume, Spaced(1, 1, 1), 2.5, Plane.None);
        Assert.Equal(Enumerable.Range(2, width - 4), Enumerable.Range(0, width).Where(x => inside[(3 * 7 + 3) * width + x]));
    }

    [Fact]
    public void A_region_too_large_or_a_lattice_too_fine_is_refused()
    {
        LatticeBall ball = LatticeBall.Of(Spaced(1, 1, 1), 5)!;
        // a row needs room for the four steps of the ball behind it
        Assert.NotNull(DeepVoxels.Of(new VoxelBox(0, 0, 0, 64 * 128 - 4, 64, 64), ball));
        Assert.Null(DeepVoxels.Of(new VoxelBox(0, 0, 0, 64 * 128 - 3, 64, 64), ball));
        Assert.Null(DeepVoxels.Of(new VoxelBox(0, 0, 0, 1_000_000, 1_000_000, 1_000_000), ball));
        Assert.Null(LatticeBall.Of(Spaced(1, 1, 1e-9), 5));
        LatticeBall fine = LatticeBall.Of(Spaced(1, 0.03, 0.03), 5)!;
        Assert.Null(DeepVoxels.Of(new VoxelBox(0, 0, 0, 64, 700, 700), fine));
    }

    [Fact]
    public void Voxels_outside_a_convex_part_of_space_are_dropped()
    {
        LabelVolume volume = new(9, 5, 5);
        Array.Fill(volume.Voxels, Label);
        DeepVoxels deep = DeepVoxels.Of(Box(volume), LatticeBall.Of(Spaced(1, 1, 1), 1.5)!)!;
        foreach (LabelRun run in volume.Runs()) deep.Add(run);
        deep.Erode(Spaced(1, 1, 1), default, default, 0);
        Assert.Equal(7 * 3 * 3, deep.Keep(_ => true));
        Assert.Equal(7 * 3 * 3 - 3 * 3, deep.Keep(index => index.X > 1));
        Assert.Equal(4 * 3 * 3, deep.Keep(index => index.X >= 3 && index.X < 7));
        int first = 0;
        Assert.Equal(4, deep.Within(new LabelRun(Label, 1, 2, 2, 8), ref first));
        Assert.Equal(2, first);
        first += 4;
        Assert.Equal(0, deep.Within(new LabelRun(Label, 1, 2, 2, 8), ref first));
        first = 0;
        Assert.Equal(1, deep.Within(new LabelRun(Label, 1, 2, 2, 3), ref first));
    }

    [Fact]
    public void A_place_is_one_of_the_mask_wherever_the_region_lies()
    {
        DeepVoxels deep = DeepVoxels.Of(new VoxelBox(10, 20, 30, 19, 25, 35), LatticeBall.Of(Spaced(1, 1, 1), 1.5)!)!;
        for (int k = 30; k < 35; k++)
            for (int j = 20; j < 25; j++) deep.Add(new LabelRun(Label, 10, j, k, 9));
        deep.Erode(Spaced(1, 1, 1), default, default, 0);
        Assert.Equal(4 * 2 * 1, deep.Keep(index => index.X >= 13 && index.X < 17 && index.Y < 23 && index.Z > 32));
    }

    [Theory]
    [InlineData(1, 0, 5.2)]
    [InlineData(-1, 0, -2.9)]
    [InlineData(0, 1, 2.1)]
    [InlineData(0.6, 0.8, 3.5)]
    [InlineData(-0.6, 0.8, -0.3)]
    [InlineData(1, 0, -1)]
    [InlineData(1, 0, 100)]
    public void What_is_too_far_along_a_direction_is_not_deep(double x, double y, double mostMm)
    {
        LabelVolume volume = new(9, 5, 5);
        Array.Fill(volume.Voxels, Label);
        bool[] inside = Measure(volume, Spaced(1, 1, 1), 1.5, new Plane(default, new(x, y, 0), mostMm));
        int expected = 3 * Enumerable.Range(1, 7).Sum(i => Enumerable.Range(1, 3).Count(j => i * x + j * y <= mostMm));
        Assert.Equal(expected, inside.Count(deep => deep));
    }

    [Fact]
    public void A_cube_as_wide_as_the_ball_is_deep_in_its_middle_only()
    {
        LabelVolume volume = new(7, 7, 7);
        Array.Fill(volume.Voxels, Label);
        bool[] inside = Measure(volume, Spaced(1, 1, 1), 3.5, Plane.None);
        Assert.Equal([(3 * 7 + 3) * 7 + 3], Enumerable.Range(0, inside.Length).Where(at => inside[at]));
    }

    private readonly record struct Plane(Vector3d Origin, Vector3d Direction, double MostMm)
    {
        public static Plane None => default;
    }

    private static bool[] Measure(LabelVolume volume, Affine affine, double depthMm, Plane plane)
    {
        DeepVoxels deep = DeepVoxels.Of(Box(volume), LatticeBall.Of(affine, depthMm)!)!;
        foreach (LabelRun run in volume.Runs().Where(run => run.Label == Label)) deep.Add(run);
        deep.Erode(affine, plane.Origin, plane.Direction, plane.MostMm);
        bool[] inside = new bool[volume.Voxels.Length];
        foreach (LabelRun run in volume.Runs().Where(run => run.Label == Label))
        {
            int first = 0;
            for (int count = deep.Within(run, ref first); count > 0; count = deep.Within(run, ref first))
                for (; count > 0; count--) inside[(run.K * volume.J + run.J) * volume.I + run.I + first++] = true;
        }
        return inside;
    }

    private static bool IsNearOutside(LabelVolume volume, Affine affine, (int X, int Y, int Z) at, double depthMm)
    {
        for (int k = -9; k <= 9; k++)
            for (int j = -9; j <= 9; j++)
                for (int i = -14; i <= 14; i++)
                {
                    if ((i * affine.I + j * affine.J + k * affine.K).Length >= depthMm - 1e-5) continue;
                    (int x, int y, int z) = (at.X + i, at.Y + j, at.Z + k);
                    bool holds = x >= 0 && x < volume.I && y >= 0 && y < volume.J && z >= 0 && z < volume.K && volume[x, y, z] == Label;
                    if (!holds) return true;
                }
        return false;
    }

    /// <summary>Balls and boxes that overlap, with a few holes; often wider than a word.</summary>
    private static LabelVolume Blob(Random random)
    {
        LabelVolume volume = new(random.Next(1, 75), random.Next(1, 13), random.Next(1, 11));
        for (int part = 0; part < 4; part++)
        {
            (int X, int Y, int Z) centre = (random.Next(volume.I), random.Next(volume.J), random.Next(volume.K));
            int radius = random.Next(2, 12), width = random.Next(1, 60);
            for (int z = 0; z < volume.K; z++)
                for (int y = 0; y < volume.J; y++)
                    for (int x = 0; x < volume.I; x++)
                    {
                        int a = Math.Max(Math.Abs(x - centre.X) - width, 0), b = y - centre.Y, c = z - centre.Z;
                        if (a * a + b * b + c * c <= radius * radius) volume[x, y, z] = Label;
                    }
        }
        for (int hole = random.Next(5); hole > 0; hole--) volume[random.Next(volume.I), random.Next(volume.J), random.Next(volume.K)] = 21;
        return volume;
    }

    private static VoxelBox Box(LabelVolume volume) => new(0, 0, 0, volume.I, volume.J, volume.K);

    private static Affine Spaced(double i, double j, double k) => new(new(i, 0, 0), new(0, j, 0), new(0, 0, k), new(0, 0, 0));
}
