using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Pictures;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Pictures;

public sealed class PicturePanelTests
{
    private const double PixelMm = 1.6, VoxelMm = 0.75;

    // 0.75 mm upright, the second and third axis stored from high to low in turn
    private static readonly VoxelShape Shape = new(200, 120, 150);
    private static readonly Vector3d LowestMm = new(-20, 11.3, 47.1), Low = new(0, 20, 60), High = new(50, 84.1, 140.2);

    public static TheoryData<int, bool> Panels => new() { { 1, false }, { 1, true }, { 0, false }, { 0, true } };

    [Theory]
    [MemberData(nameof(Panels))]
    public void Places_are_two_voxels_apart_and_the_lowest_voxel_is_on_their_lattice(int axis, bool flipped)
    {
        PicturePanel panel = Panel(axis, flipped);
        for (int place = 0; place < panel.PlacesAcross; place++)
        {
            Assert.Equal(panel.AcrossMm(0) + place * 2 * VoxelMm, panel.AcrossMm(place), 1e-9);
            double steps = (panel.AcrossMm(place) - LowestMm[axis]) / (2 * VoxelMm);
            Assert.Equal(Math.Round(steps), steps, 1e-9);
        }
        SpineCurve curve = Upright(Grid(flipped), new(7, 9, 100));
        for (int place = 0; place < panel.PlacesUp; place++)
        {
            (double depth, double up) = panel.SurfaceMm(place, curve);
            double steps = (up - LowestMm.Z) / (2 * VoxelMm);
            Assert.Equal(Math.Round(steps), steps, 1e-9);
            Assert.Equal(axis == 1 ? 7 : 9, depth, 0.05);
        }
    }

    [Theory]
    [MemberData(nameof(Panels))]
    public void A_pixel_lies_as_far_between_two_places_as_its_centre_does(int axis, bool flipped)
    {
        PicturePanel panel = Panel(axis, flipped);
        // 50 / 1.6 = 31.25, 64.1 / 1.6 = 40.06, 80.2 / 1.6 = 50.125
        Assert.Equal((axis == 0 ? 32 : 41, 51), (panel.Width, panel.Height));
        SpineCurve curve = Upright(Grid(flipped), new(0, 0, 0));
        AssertPlaced(panel.Columns(), High[axis], panel.AcrossMm);
        AssertPlaced(panel.Rows(), High.Z, place => panel.SurfaceMm(place, curve).UpMm);

        static void AssertPlaced((int Place, int Beyond)[] pixels, double mostMm, Func<int, double> mm)
        {
            for (int at = 0; at < pixels.Length; at++)
            {
                (int place, int beyond) = pixels[at];
                Assert.InRange(beyond, 0, 256);
                // a 256th of 1.5 mm
                Assert.Equal(mostMm - (at + 0.5) * PixelMm, mm(place) + beyond / 256.0 * (mm(place + 1) - mm(place)), 0.003);
            }
        }
    }

    [Fact]
    public void The_upper_left_pixel_holds_the_highest_place_and_the_next_begins_a_pixel_on()
    {
        PicturePanel panel = Panel(1, false);
        Assert.Equal((0, 0), panel.PixelOf(High - new Vector3d(30, 0.01, 0.01)));
        Assert.Equal((0, 0), panel.PixelOf(High - new Vector3d(30, PixelMm - 0.01, PixelMm - 0.01)));
        Assert.Equal((1, 2), panel.PixelOf(High - new Vector3d(30, PixelMm + 0.01, 2 * PixelMm + 0.01)));
        Assert.Equal((-1, -1), panel.PixelOf(High + new Vector3d(0, 0.01, 0.01)));
    }

    /// <summary>One body, above and below which the curve is upright.</summary>
    private static SpineCurve Upright(VoxelGrid grid, Vector3d bodyMm)
    {
        SpineMeasurement spine = new(grid, new Dictionary<int, Vector3d> { [20] = grid.Affine.Invert(bodyMm) });
        spine.Add([new LabelRun(20, 50, 50, 50, 5)]);
        spine.Finish();
        return new SpineCurve(spine.Located(), grid.Affine);
    }

    private static PicturePanel Panel(int axis, bool flipped) => new(axis, Low, High, Grid(flipped), PixelMm);

    private static VoxelGrid Grid(bool flipped)
    {
        Vector3d highest = LowestMm + new Vector3d((Shape.I - 1) * VoxelMm, (Shape.J - 1) * VoxelMm, (Shape.K - 1) * VoxelMm);
        Affine affine = flipped
            ? new(new(-VoxelMm, 0, 0), new(0, -VoxelMm, 0), new(0, 0, -VoxelMm), highest)
            : new(new(VoxelMm, 0, 0), new(0, VoxelMm, 0), new(0, 0, VoxelMm), LowestMm);
        return new VoxelGrid(Shape, affine, AffineSource.Sform, new Vector3d(VoxelMm, VoxelMm, VoxelMm));
    }
}
