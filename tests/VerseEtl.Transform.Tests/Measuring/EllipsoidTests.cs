using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Measuring;

/// <summary>A solid ellipsoid whose volume, surface and axes stand in books, through both passes to its row: half axes of 24, 18 and 12 mm.</summary>
public sealed class EllipsoidTests
{
    private const int Label = 20, Size = 64;
    private const double A = 24, B = 18, C = 12;

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(0.5, 1, 1, 1)]
    [InlineData(0.5, 0.8, 1, 1.4)]
    public void Its_row_is_that_of_the_solid(double turn, double spacingI, double spacingJ, double spacingK)
    {
        // turned about z and then about x, in a lattice of the stored axes
        Vector3d major = new(Math.Cos(turn), Math.Sin(turn), 0), z = new(0, -Math.Sin(turn), Math.Cos(turn));
        major = new(major.X, major.Y * Math.Cos(turn), major.Y * Math.Sin(turn));
        Vector3d middle = Vector3d.Cross(z, major);
        Affine affine = new(new(spacingI, 0, 0), new(0, spacingJ, 0), new(0, 0, spacingK), -0.5 * Size * new Vector3d(spacingI, spacingJ, spacingK));
        LabelVolume volume = new(Size, Size, Size);
        for (int k = 0; k < Size; k++)
            for (int j = 0; j < Size; j++)
                for (int i = 0; i < Size; i++)
                {
                    Vector3d mm = affine.Apply(new(i, j, k));
                    double x = Vector3d.Dot(mm, major) / A, y = Vector3d.Dot(mm, middle) / B, w = Vector3d.Dot(mm, z) / C;
                    if (x * x + y * y + w * w <= 1) volume[i, j, k] = Label;
                }
        VertebraRow row = Measure(volume, affine);
        double expected = 4 / 3.0 * Math.PI * A * B * C;
        Assert.Equal(expected, row.VolumeMm3, 0.005 * expected);
        Assert.Equal(expected, row.MeshVolumeMm3!.Value, 0.01 * expected);
        Assert.Equal(Math.Cbrt(8 * A * B * C), row.EquivalentDiameterMm, 0.1);
        Assert.Equal(2 * A, row.MaxDiameterMm!.Value, 1.5);
        Assert.Equal(2 * A, row.MaxCentreDistanceMm!.Value, 1.0);
        Assert.Equal((2 * A, 2 * B, 2 * C), (row.AxisMajorMm, row.AxisMiddleMm, row.AxisMinorMm), (seen, wanted) =>
            Math.Abs(seen.Item1 - wanted.Item1) < 0.2 && Math.Abs(seen.Item2 - wanted.Item2) < 0.2 && Math.Abs(seen.Item3 - wanted.Item3) < 0.2);
        Assert.Equal(1, Math.Abs(Vector3d.Dot(major, new(row.AxisMajorX!.Value, row.AxisMajorY!.Value, row.AxisMajorZ!.Value))), 1e-3);
        // steps of a lattice keep their length however fine it is: up to an eighth too much where it is not the same along all axes
        Assert.InRange(row.SurfaceAreaMm2!.Value / SurfaceMm2(), 1.04, 1.125);
        Assert.Equal(Math.Cbrt(36 * Math.PI * expected * expected) / row.SurfaceAreaMm2!.Value, row.Sphericity!.Value, 0.01);
    }

    /// <summary>The integral of the area element over both angles.</summary>
    private static double SurfaceMm2()
    {
        const int Steps = 400;
        double sum = 0;
        for (int at = 0; at < Steps; at++)
            for (int around = 0; around < Steps; around++)
            {
                (double sinT, double cosT) = Math.SinCos(Math.PI * (at + 0.5) / Steps);
                (double sinP, double cosP) = Math.SinCos(2 * Math.PI * (around + 0.5) / Steps);
                Vector3d along = new(A * cosT * cosP, B * cosT * sinP, -C * sinT), across = new(-A * sinT * sinP, B * sinT * cosP, 0);
                sum += Vector3d.Cross(along, across).Length;
            }
        return sum * 2 * Math.PI * Math.PI / (Steps * Steps);
    }

    private static VertebraRow Measure(LabelVolume volume, Affine affine)
    {
        LabelRun[] runs = [.. volume.Runs()];
        VoxelGrid grid = new(new VoxelShape(Size, Size, Size), affine, AffineSource.Sform, affine.ColumnNorms);
        SpineMeasurement spine = new(grid, new Dictionary<int, Vector3d>());
        Assert.True(spine.Add(runs));
        spine.Finish();
        LocalMeasurement local = new(spine);
        local.Add(runs);
        local.Finish();
        return Assert.Single(new SpineRows(new ScanIdentity(new ScanKey("verse19", "training", "sub-a"), "a", "a"), spine) { Local = local }.Vertebrae());
    }
}
