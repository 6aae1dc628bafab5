using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Pictures;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Pictures;

public sealed class ScanPictureTests
{
    private static readonly int[][] AxisOrders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

    public static TheoryData<double, double, double> Spacings => new()
    {
        { 1, 1, 1 }, { 3, 1, 1 }, { 1, 1, 3 }, { 1, 2.5, 1 }, { 0.75, 0.75, 4 }, { 2, 2, 2 },
    };

    [Theory]
    [InlineData(2, 2, 2)]
    [InlineData(3, 1.5, 1.5)]
    [InlineData(1.5, 1.5, 4.5)]
    public void Every_axis_order_and_flip_gives_the_same_picture(double x, double y, double z)
    {
        CurvedSpine spine = new(new Vector3d(x, y, z));
        Picture first = spine.Gather(spine.Grid([0, 1, 2], 0)).Paint("scan", 48);
        foreach (int[] axes in AxisOrders)
            for (int flipped = 0; flipped < 8; flipped++)
            {
                Picture picture = spine.Gather(spine.Grid(axes, flipped)).Paint("scan", 48);
                Assert.Equal((first.Width, first.Height), (picture.Width, picture.Height));
                Assert.Equal(first.Palette, picture.Palette);
                Assert.True(first.Pixels.Span.SequenceEqual(picture.Pixels.Span), $"{string.Join("", axes)} flipped {flipped}");
            }
    }

    [Theory]
    [MemberData(nameof(Spacings))]
    public void Each_body_is_met_in_both_panels_whole_and_in_true_proportion(double x, double y, double z)
    {
        Vector3d spacing = new(x, y, z);
        CurvedSpine spine = new(spacing);
        foreach (bool annotated in new[] { true, false })
        {
            PictureLayout layout = Layout(spine, annotated);
            PictureSamples samples = Samples(spine, layout);
            for (int at = 0; at < 2; at++)
            {
                PicturePanel panel = layout.Panels[at];
                byte[] shown = Shown(panel, samples.Labels(at));
                foreach ((int label, Vector3d body) in CurvedSpine.Bodies)
                {
                    (int column, int row) = panel.PixelOf(body);
                    Assert.Equal(label, shown[row * panel.Width + column]);
                    // from the centre upwards, downwards and to the front or both sides, without a gap; a voxel may lie half outside
                    int axis = panel.Axis;
                    AssertReach(Reach(shown, panel, label, column, row, 0, -1), CurvedSpine.HalfMm.Z, spacing.Z);
                    AssertReach(Reach(shown, panel, label, column, row, 0, 1), CurvedSpine.HalfMm.Z, spacing.Z);
                    AssertReach(Reach(shown, panel, label, column, row, -1, 0), CurvedSpine.HalfMm[axis], spacing[axis]);
                    if (axis == 0) AssertReach(Reach(shown, panel, label, column, row, 1, 0), CurvedSpine.HalfMm.X, spacing.X);

                    void AssertReach(int pixels, double halfMm, double voxelMm) =>
                        Assert.InRange((pixels + 0.5) * panel.PixelMm, halfMm - voxelMm - panel.PixelMm, halfMm + voxelMm + panel.PixelMm);
                }
            }
        }
    }

    [Fact]
    public void Head_is_up_front_and_right_are_to_the_left()
    {
        CurvedSpine spine = new(new Vector3d(1, 1, 1));
        PictureLayout layout = Layout(spine, annotated: true);
        Vector3d at = new(3, 5, 7);
        Assert.True(layout.Panels[0].PixelOf(at with { Y = 9 }).Column < layout.Panels[0].PixelOf(at).Column);
        Assert.True(layout.Panels[1].PixelOf(at with { X = 9 }).Column < layout.Panels[1].PixelOf(at).Column);
        Assert.All(layout.Panels, panel => Assert.True(panel.PixelOf(at with { Z = 9 }).Row < panel.PixelOf(at).Row));
    }

    [Fact]
    public void Between_the_places_of_thick_slices_grey_runs_on()
    {
        // a value that rises by 40 a millimetre upwards, in slices of 8 mm
        VoxelGrid grid = new(new VoxelShape(40, 40, 10), new Affine(new(1, 0, 0), new(0, 1, 0), new(0, 0, 8), new(0, 0, 0)),
            AffineSource.Sform, new Vector3d(1, 1, 8));
        SpineMeasurement measured = new(grid, new Dictionary<int, Vector3d>());
        measured.Add([new LabelRun(20, 20, 20, 4, 1)]);
        measured.Finish();
        PictureSamples samples = new(new PictureLayout(measured.Located(), grid));
        samples.Take([.. samples.Voxels.ToArray().Select(voxel => voxel / 1600 * 8 * 20 - 500)], new(1, 0));
        Picture picture = new ScanPainter(samples, "", 64).Paint();
        PicturePanel panel = samples.Layout.Panels[0];
        int[] greys = [.. Enumerable.Range(0, panel.Height).Select(row => picture[10 + 25, 10 + row] & 255).TakeLast(panel.Height - 3)];
        Assert.True(greys.Distinct().Count() > 8, string.Join(' ', greys));
        Assert.All(greys.Zip(greys.Skip(1)), pair => Assert.InRange(pair.First - pair.Second, 0, 8));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(4, 4, 4)]
    [InlineData(2, 0, 4)]
    public void One_voxel_is_a_picture(int i, int j, int k)
    {
        VoxelGrid grid = new(new VoxelShape(5, 5, 5), new Affine(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(0, 0, 0)),
            AffineSource.Sform, new Vector3d(1, 1, 1));
        SpineMeasurement measured = new(grid, new Dictionary<int, Vector3d>());
        measured.Add([new LabelRun(24, i, j, k, 1)]);
        measured.Finish();
        ScanPicture picture = ScanPicture.Of(measured)!;
        picture.Add([new LabelRun(24, i, j, k, 1)]);
        Picture painted = picture.PaintPanels(48);
        int colour = LabelColours.Of(24);
        Assert.Contains(colour, painted.Pixels.ToArray().Select(pixel => painted.Palette[pixel]));
        Assert.InRange(painted.Width * painted.Height, 1, 100 * 100);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_lent_room_held_before_does_not_show(bool ct)
    {
        CurvedSpine spine = new(new Vector3d(1.5, 1, 2));
        byte[] first = Painted(0), second = Painted(byte.MaxValue);
        Assert.True(first.AsSpan().SequenceEqual(second));

        byte[] Painted(byte left)
        {
            LeaveInPool<byte>(left);
            LeaveInPool<int>(left);
            LeaveInPool<long>(left);
            using ScanPicture picture = spine.Gather(spine.Grid([0, 1, 2], 0), ct);
            return picture.Paint("scan", 48).Pixels.ToArray();
        }

        static void LeaveInPool<T>(byte left) where T : unmanaged
        {
            for (int length = 16; length <= 1 << 21; length *= 2)
            {
                T[][] rented = [.. Enumerable.Range(0, 6).Select(_ => ArrayPool<T>.Shared.Rent(length))];
                foreach (T[] array in rented)
                {
                    MemoryMarshal.AsBytes(array.AsSpan()).Fill(left);
                    ArrayPool<T>.Shared.Return(array);
                }
            }
        }
    }

    [Fact]
    public void A_picture_that_was_given_back_lends_nothing_more()
    {
        CurvedSpine spine = new(new Vector3d(2, 2, 2));
        ScanPicture picture = spine.Gather(spine.Grid([0, 1, 2], 0));
        picture.Dispose();
        picture.Dispose();
        Assert.Throws<ObjectDisposedException>(() => picture.Voxels);
        Assert.Throws<ObjectDisposedException>(() => picture.Paint("scan", 48));
    }

    [Fact]
    public void A_mask_without_labels_has_no_picture()
    {
        SpineMeasurement measured = new(new CurvedSpine(new(1, 1, 1)).Grid([0, 1, 2], 0), new Dictionary<int, Vector3d>());
        measured.Finish();
        Assert.Null(ScanPicture.Of(measured));
    }

    [Fact]
    public void A_picture_has_no_more_pixels_than_is_useful_and_no_more_places_than_pixels_need()
    {
        foreach (double spacing in new[] { 0.05, 0.3, 1, 8, 3000 })
        {
            VoxelGrid grid = new(new VoxelShape(500, 400, 2000), new Affine(new(spacing, 0, 0), new(0, spacing, 0), new(0, 0, spacing), default),
                AffineSource.Sform, new Vector3d(spacing, spacing, spacing));
            SpineMeasurement measured = new(grid, new Dictionary<int, Vector3d>());
            measured.Add([new LabelRun(20, 0, 0, 0, 500), new LabelRun(21, 0, 399, 1999, 500)]);
            measured.Finish();
            PictureLayout layout = new(measured.Located(), grid);
            foreach (PicturePanel panel in layout.Panels)
            {
                Assert.InRange(panel.Height, 890, 901);
                Assert.InRange(panel.Width, 150, 1100);
                Assert.True(panel.PlacesAcross * panel.PlacesUp <= 2.5 * panel.Width * panel.Height);
            }
        }
    }

    [Fact]
    public void Labels_that_can_be_neighbours_differ_in_lightness()
    {
        int[] anatomical = [.. VertebraLabel.Anatomical];
        for (int at = 1; at < anatomical.Length; at++) AssertApart(anatomical[at - 1], anatomical[at]);
        AssertApart(VertebraLabel.T12, VertebraLabel.L1);
        AssertApart(18, VertebraLabel.L1); // without T12
        AssertApart(VertebraLabel.L5, VertebraLabel.Sacrum);
        Assert.All(anatomical, label => Assert.InRange(Lightness(label), 35, 100));

        static void AssertApart(int above, int below) => Assert.True(Math.Abs(Lightness(above) - Lightness(below)) > 10, $"{above} and {below}");
    }

    [Fact]
    public void The_pixels_of_a_phantom_are_known()
    {
        // of width, height, palette and pixels; look at the picture before it is changed here
        CurvedSpine spine = new(new Vector3d(1, 1, 1));
        Picture picture = spine.Gather(spine.Grid([0, 1, 2], 0)).Paint("scan", 48);
        byte[] content = [.. new[] { picture.Width, picture.Height }.Concat(picture.Palette).SelectMany(BitConverter.GetBytes), .. picture.Pixels.Span];
        Assert.Equal("50f2a7c03c098a20", Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
    }

    [Fact]
    public void Vertebrae_are_named_and_points_marked()
    {
        CurvedSpine spine = new(new Vector3d(1, 1, 1));
        Picture with = spine.Gather(spine.Grid([0, 1, 2], 0)).Paint("scan", 48);
        Picture without = spine.Gather(spine.Grid([0, 1, 2], 0), annotated: false).Paint("scan", 48);
        PicturePanel sagittal = Layout(spine, annotated: true).Panels[0];
        foreach ((int label, Vector3d body) in CurvedSpine.Bodies)
        {
            (int column, int row) = sagittal.PixelOf(body);
            Assert.Equal(0xFFFFFF, with[10 + column, 10 + 22 + row]);
            Assert.NotEqual(0xFFFFFF, without[10 + column, 10 + 22 + row]);
            // between the panels nothing else has the colour of the label
            Assert.Contains(LabelColours.Of(label), Enumerable.Range(10 + sagittal.Width + 1, 30).Select(x => with[x, 10 + 22 + row]));
        }
    }

    [Fact]
    public void A_title_that_does_not_fit_goes_on_in_the_next_line()
    {
        CurvedSpine spine = new(new Vector3d(1, 1, 1));
        ScanPicture gathered = spine.Gather(spine.Grid([0, 1, 2], 0));
        Picture one = gathered.Paint("x", 48);
        int fit = (one.Width - 2 * 10) / PictureFont.Width;
        Assert.Equal(one.Height, gathered.Paint(new string('x', fit), 48).Height);
        Assert.Equal(one.Height + 22, gathered.Paint(new string('x', fit + 1), 48).Height);
        Assert.Equal(one.Height + 44, gathered.Paint(new string('x', 2 * fit + 1), 48).Height);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public void Names_keep_between_the_title_and_the_scale_as_near_to_their_bodies_as_they_can(int count)
    {
        // flat vertebrae of which the highest is at the upper edge and the others crowd at the lower one
        VoxelGrid grid = new(new VoxelShape(40, 40, 60), new Affine(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), default), AffineSource.Sform, new(1, 1, 1));
        LabelRun[] runs = [.. from at in Enumerable.Range(0, count) from j in Enumerable.Range(0, 40)
                              let k = at == 0 ? 59 : 2 * (count - at) orderby k select new LabelRun(8 + at, 0, j, k, 40)];
        SpineMeasurement measured = new(grid, new Dictionary<int, Vector3d>());
        measured.Add(runs);
        measured.Finish();
        ScanPicture gathered = ScanPicture.Of(measured)!;
        gathered.Add(runs);
        Picture picture = gathered.Paint("x", 48);
        int sagittal = new PictureLayout(measured.Located(), grid).Panels[0].Width;
        for (int at = 0; at < count; at++)
        {
            // beside the ends of the lines that lead to the panels
            IEnumerable<int> columns = Enumerable.Range(10 + sagittal + 16, VertebraLabel.Name(8 + at).Length * PictureFont.Width);
            int[] rows = [.. Enumerable.Range(0, picture.Height).Where(row => columns.Any(x => picture[x, row] == LabelColours.Of(8 + at)))];
            Assert.NotEmpty(rows);
            Assert.InRange(rows[^1] - rows[0], 10, 25);
            Assert.InRange(rows[0], 32, picture.Height);
            Assert.InRange(rows[^1], 0, picture.Height - 5 - 2 * 22 - 10);
            if (at == 0) Assert.InRange(rows[0], 32, 42);
        }
    }

    /// <summary>CIE 1976 L*, of relative luminance.</summary>
    private static double Lightness(int label)
    {
        int colour = LabelColours.Of(label);
        double y = 0.2126 * Linear(colour >> 16 & 255) + 0.7152 * Linear(colour >> 8 & 255) + 0.0722 * Linear(colour & 255);
        return 116 * Math.Cbrt(y) - 16;

        static double Linear(int value) => value / 255.0 <= 0.04045 ? value / 255.0 / 12.92 : Math.Pow((value / 255.0 + 0.055) / 1.055, 2.4);
    }

    private static PictureLayout Layout(CurvedSpine spine, bool annotated)
    {
        VoxelGrid grid = spine.Grid([0, 1, 2], 0);
        LabelVolume volume = Volume(grid);
        SpineMeasurement measured = new(grid, annotated
            ? CurvedSpine.Bodies.ToDictionary(body => body.Label, body => grid.Affine.Invert(body.BodyMm)) : new Dictionary<int, Vector3d>());
        measured.Add([.. volume.Runs()]);
        measured.Finish();
        return new PictureLayout(measured.Located(), grid);
    }

    private static PictureSamples Samples(CurvedSpine spine, PictureLayout layout)
    {
        PictureSamples samples = new(layout);
        samples.Add([.. Volume(spine.Grid([0, 1, 2], 0)).Runs()]);
        return samples;
    }

    private static LabelVolume Volume(VoxelGrid grid)
    {
        LabelVolume volume = new(grid.Shape.I, grid.Shape.J, grid.Shape.K);
        foreach ((int x, int y, int z) in volume.VoxelsOf(0)) volume[x, y, z] = CurvedSpine.LabelAt(grid.Affine.Apply(new Vector3d(x, y, z)));
        return volume;
    }

    /// <summary>The nearest place's label at each pixel: an oracle for the shares that the painter takes.</summary>
    private static byte[] Shown(PicturePanel panel, ReadOnlySpan<byte> labels)
    {
        byte[] shown = new byte[panel.Width * panel.Height];
        (int Place, int Beyond)[] columns = panel.Columns(), rows = panel.Rows();
        for (int row = 0; row < panel.Height; row++)
            for (int column = 0; column < panel.Width; column++)
                shown[row * panel.Width + column] = labels[Nearest(rows[row]) * panel.PlacesAcross + Nearest(columns[column])];
        return shown;
        static int Nearest((int Place, int Beyond) at) => at.Place + (at.Beyond >= 128 ? 1 : 0);
    }

    private static int Reach(byte[] shown, PicturePanel panel, int label, int column, int row, int right, int down)
    {
        int pixels = 0;
        while (shown[(row + down * (pixels + 1)) * panel.Width + column + right * (pixels + 1)] == label) pixels++;
        return pixels;
    }
}
