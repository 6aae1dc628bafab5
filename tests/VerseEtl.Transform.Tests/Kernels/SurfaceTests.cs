using System.Globalization;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Kernels;

/// <summary>
/// Area, volume and largest diameter of the surface of a label: <see cref="SurfaceCubes"/>, <see cref="SliceCorners"/>, <see cref="FarthestPair"/>.
/// </summary>
public sealed class SurfaceTests
{
    private const int Label = 20;

    private static readonly Affine Unit = Spaced(1, 1, 1);

    [Fact]
    public void Random_labels_have_the_surface_that_scikit_image_gives_them()
    {
        int seen = 0;
        foreach (string line in File.ReadLines(Path.Join(Repository.Root, "tests/VerseEtl.Transform.Tests/Kernels/surface_golden.txt")))
        {
            string[] fields = line.Split(' ');
            double[] number = [.. fields.Select((field, at) => at == 6 ? 0 : double.Parse(field, CultureInfo.InvariantCulture))];
            LabelVolume volume = new((int)number[0], (int)number[1], (int)number[2]);
            for (int at = 0; at < volume.Voxels.Length; at++)
                volume.Voxels[at] = (int.Parse(fields[6].AsSpan(at / 4, 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> at % 4 & 1) * Label;
            LabelSurface surface = Measure(volume, Spaced(number[3], number[4], number[5]));
            Assert.Equal(number[7], surface.AreaMm2, 1e-9 * number[7]);
            Assert.Equal(number[8], surface.VolumeMm3, 1e-9 * number[8]);
            Assert.Equal(number[9], surface.MaxDiameterMm, 1e-9 * number[9]);
            seen++;
        }
        Assert.Equal(60, seen);
    }

    [Fact]
    public void One_voxel_is_an_octahedron()
    {
        LabelVolume volume = new(3, 3, 3) { [1, 1, 1] = Label };
        LabelSurface surface = Measure(volume, Unit);
        Assert.Equal(Math.Sqrt(3), surface.AreaMm2, 12);
        Assert.Equal(1 / 6.0, surface.VolumeMm3, 12);
        Assert.Equal(1, surface.MaxDiameterMm, 12);
        // an octahedron's, as it stands in books: (pi / (3 sqrt 3))^(1/3)
        Assert.Equal(Math.Cbrt(Math.PI / (3 * Math.Sqrt(3))), surface.Sphericity, 12);
        Assert.Equal(8, Measure(volume, Spaced(2, 2, 2)).VolumeMm3 / surface.VolumeMm3, 12);
    }

    [Fact]
    public void A_box_loses_its_edges_and_corners_and_nothing_else()
    {
        const int I = 70, J = 9, K = 5;
        LabelVolume volume = new(80, 12, 9);
        for (int k = 2; k < 2 + K; k++)
            for (int j = 1; j < 1 + J; j++)
                for (int i = 4; i < 4 + I; i++) volume[i, j, k] = Label;
        LabelSurface surface = Measure(volume, Unit);
        // flat faces of (n - 1)(m - 1), quarter cylinders cut flat along the edges, eighths of an octahedron at the corners
        double edges = 4 * (I - 1 + J - 1 + K - 1);
        Assert.Equal(2 * ((I - 1) * (J - 1) + (J - 1) * (K - 1) + (K - 1) * (I - 1)) + edges * Math.Sqrt(0.5) + Math.Sqrt(3), surface.AreaMm2, 9);
        double slabs = (I - 1) * (J - 1) + (J - 1) * (K - 1) + (K - 1) * (I - 1);
        Assert.Equal((I - 1) * (J - 1) * (K - 1) + slabs + edges / 8 + 1 / 6.0, surface.VolumeMm3, 9);
        Assert.Equal(Math.Sqrt(I * I + (J - 1) * (J - 1) + (K - 1) * (K - 1)), surface.MaxDiameterMm, 9);
    }

    [Fact]
    public void A_ball_is_measured_as_one()
    {
        const int Radius = 24;
        LabelVolume volume = new(2 * Radius + 3, 2 * Radius + 3, 2 * Radius + 3);
        for (int k = 0; k < volume.K; k++)
            for (int j = 0; j < volume.J; j++)
                for (int i = 0; i < volume.I; i++)
                {
                    int x = i - Radius - 1, y = j - Radius - 1, z = k - Radius - 1;
                    if (x * x + y * y + z * z <= Radius * Radius) volume[i, j, k] = Label;
                }
        LabelSurface surface = Measure(volume, Unit);
        Assert.Equal(4 / 3.0 * Math.PI * Radius * Radius * Radius, surface.VolumeMm3, 0.01 * surface.VolumeMm3);
        Assert.Equal(2 * Radius + 1, surface.MaxDiameterMm, 9);
        // steps of a lattice keep their length however fine it is: a digital ball has up to a tenth too much
        Assert.InRange(surface.AreaMm2 / (4 * Math.PI * Radius * Radius), 1.05, 1.10);
        Assert.InRange(surface.Sphericity, 0.90, 0.95);
    }

    [Fact]
    public void The_largest_diameter_is_the_one_that_all_pairs_of_vertices_give_whatever_the_affine()
    {
        Random random = new(5);
        for (int round = 0; round < 300 * LongRuns.Factor; round++)
        {
            LabelVolume volume = LabelVolume.Random(random, [Label, 21]);
            if (!volume.Voxels.Contains(Label)) continue;
            double Step() => random.NextDouble() * 2 - 1;
            Affine affine = new(new(1 + Step(), Step(), Step()), new(Step(), -1.5 + Step(), Step()), new(Step(), Step(), 2 + Step()), new(10, 20, 30));
            Vector3d[] vertices = [.. Vertices(volume).Select(affine.Apply)];
            double expected = vertices.Max(a => vertices.Max(b => (a - b).Length));
            LabelSurface surface = Measure(volume, affine);
            Assert.Equal(expected, surface.MaxDiameterMm, 1e-12 * expected);
            Vector3d[] centres = [.. volume.VoxelsOf(Label).Select(at => affine.Apply(new Vector3d(at.X, at.Y, at.Z)))];
            expected = centres.Max(a => centres.Max(b => (a - b).Length));
            Assert.Equal(expected, surface.MaxCentreDistanceMm, 1e-12 * expected);
        }
    }

    [Fact]
    public void Among_many_points_the_farthest_two_are_found()
    {
        Random random = new(6);
        for (int round = 0; round < 20; round++)
        {
            // on a sphere nearly all pairs of opposite points are candidates
            SliceCorners.Corner[] points = [.. Enumerable.Range(0, 40 + 40 * round).Select(_ =>
            {
                Vector3d at = new(random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5);
                at = (round % 2 == 0 ? 100 : 100 / at.Length) * at;
                return new SliceCorners.Corner((int)at.X, (int)at.Y, (int)at.Z);
            })];
            Affine affine = Spaced(0.7, 1, 0.5 + 3 * random.NextDouble());
            Vector3d[] centres = [.. points.Select(at => affine.Apply(new Vector3d(at.I, at.J, at.K)))];
            double expected = centres.Max(a => centres.Max(b => (a - b).Length));
            Assert.Equal(expected, FarthestPair.Of(points, affine)!.CentresMm, 12);
        }
    }

    [Fact]
    public void Turning_and_mirroring_the_lattice_leaves_the_surface_as_it_is()
    {
        Random random = new(8);
        LabelVolume volume = LabelVolume.Random(random, [Label]);
        while (volume.I < 5 || volume.J < 5 || volume.K < 5) volume = LabelVolume.Random(random, [Label]);
        Affine affine = new(new(0.05, -0.9, 0.1), new(0.1, 0.1, -1.2), new(2.0, 0.1, 0.2), new(-30, 40, 50));
        LabelSurface expected = Measure(volume, affine);
        foreach (int[] order in new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
            for (int flips = 0; flips < 8; flips++)
            {
                int[] size = [volume.I, volume.J, volume.K];
                LabelVolume turned = new(size[order[0]], size[order[1]], size[order[2]]);
                foreach ((int x, int y, int z) in volume.VoxelsOf(Label))
                {
                    int[] at = [x, y, z];
                    int Turned(int axis) => (flips >> axis & 1) == 0 ? at[order[axis]] : size[order[axis]] - 1 - at[order[axis]];
                    turned[Turned(0), Turned(1), Turned(2)] = Label;
                }
                Vector3d Column(int axis) => ((flips >> axis & 1) == 0 ? 1 : -1) * affine.Column(order[axis]);
                LabelSurface surface = Measure(turned, new Affine(Column(0), Column(1), Column(2), new(0, 0, 0)));
                // corners of a patch that do not lie in one plane are joined along either diagonal
                Assert.Equal(expected.AreaMm2, surface.AreaMm2, 1e-3 * expected.AreaMm2);
                Assert.Equal(expected.VolumeMm3, surface.VolumeMm3, 1e-12 * expected.VolumeMm3);
                Assert.Equal(expected.MaxDiameterMm, surface.MaxDiameterMm, 1e-12 * expected.MaxDiameterMm);
            }
    }

    [Fact]
    public void A_label_spread_over_more_than_a_slice_can_hold_is_not_measured()
    {
        Assert.True(SurfaceCubes.Fits(new VoxelBox(0, 0, 0, 4096, 4096, 1_000_000)));
        Assert.False(SurfaceCubes.Fits(new VoxelBox(0, 0, 0, 4097, 4096, 1)));
        // four corners a slice
        Assert.Equal(Math.Sqrt(25 + 1 + 9), Boxes(slices: 4).Farthest(Unit)!.VerticesMm, 12);
        Assert.NotNull(Boxes(SliceCorners.MostCorners / 4).Farthest(Unit));
        Assert.Null(Boxes(SliceCorners.MostCorners / 4 + 1).Farthest(Unit));
        Assert.Null(FarthestPair.Of([.. Enumerable.Range(0, FarthestPair.MostPoints + 1).Select(at => new SliceCorners.Corner(0, at % 2, 0))], Unit));

        static SliceCorners Boxes(int slices)
        {
            SliceCorners corners = new();
            for (int row = 0; row < 2 * slices; row++) corners.Add(new LabelRun(Label, 0, row % 2, row / 2, 5));
            corners.Finish();
            return corners;
        }
    }

    private static LabelSurface Measure(LabelVolume volume, Affine affine)
    {
        (int X, int Y, int Z)[] voxels = [.. volume.VoxelsOf(Label)];
        VoxelBox box = new(voxels.Min(v => v.X), voxels.Min(v => v.Y), voxels.Min(v => v.Z),
            voxels.Max(v => v.X) + 1, voxels.Max(v => v.Y) + 1, voxels.Max(v => v.Z) + 1);
        SurfaceCubes cubes = new(box);
        SliceCorners corners = new();
        foreach (LabelRun run in volume.Runs().Where(run => run.Label == Label))
        {
            cubes.Add(run);
            corners.Add(run);
        }
        cubes.Finish();
        corners.Finish();
        FarthestPair farthest = corners.Farthest(affine)!;
        return new LabelSurface(cubes.AreaMm2(MarchingCubes.AreasMm2(affine)), cubes.VolumeVoxels() * Math.Abs(affine.Determinant),
            farthest.VerticesMm, farthest.CentresMm);
    }

    /// <summary>Halfway between each voxel inside and each neighbour outside.</summary>
    private static IEnumerable<Vector3d> Vertices(LabelVolume volume)
    {
        HashSet<(int X, int Y, int Z)> inside = [.. volume.VoxelsOf(Label)];
        foreach ((int x, int y, int z) in inside)
            foreach ((int i, int j, int k) in new[] { (1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1) })
                if (!inside.Contains((x + i, y + j, z + k))) yield return new Vector3d(x + i / 2.0, y + j / 2.0, z + k / 2.0);
    }

    private static Affine Spaced(double i, double j, double k) => new(new(i, 0, 0), new(0, j, 0), new(0, 0, k), new(0, 0, 0));
}
