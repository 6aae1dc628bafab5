using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Kernels;

/// <summary>Bodies drawn cell by cell: voxels of 1 mm that are the cells of the map, ten of them across, so that all figures are known by hand.</summary>
public sealed class BodyProfileTests
{
    [Fact]
    public void A_rectangle_is_as_high_and_as_deep_as_it_is()
    {
        BodyProfile profile = Of(Columns(-10, 9, _ => (-8, 7)))!;
        Near([16, 16, 16], [profile.AnteriorMm, profile.MiddleMm, profile.PosteriorMm]);
        Near([-10.5, 9.5, 20], [profile.FrontMm, profile.RearMm, profile.DepthMm]);
        Near([0, 7.5, 0], [profile.Endplates.Superior.Slope, profile.Endplates.Superior.At(3), profile.WedgeAngleDeg]);
        Near([0, -8.5], [profile.Endplates.Inferior.Slope, profile.Endplates.Inferior.At(3)]);
    }

    [Fact]
    public void A_wedge_of_45_degrees_begins_where_its_height_crosses_half_the_median()
    {
        // heights 7 to 26, their median 16.5: columns of 8 and 9 lie on either side of 8.25, behind the last of 26 there is nothing
        BodyProfile profile = Of(Columns(0, 19, back => (-10, back - 4)))!;
        Near([1.25, 19 + (26 - 8.25) / 26], [profile.FrontMm, profile.RearMm]);
        // columns 3 to 5, 6 to 15 and 16 to 18
        Near([11, 13, 24], [profile.AnteriorMm, profile.MiddleMm, profile.PosteriorMm]);
        Near([1, -3.5, 45], [profile.Endplates.Superior.Slope, profile.Endplates.Superior.Height, profile.WedgeAngleDeg]);
        Assert.Equal(-3.5 + 2, profile.Endplates.Superior.At(2), 1e-9);
        Near([0, -10.5], [profile.Endplates.Inferior.Slope, profile.Endplates.Inferior.Height]);
    }

    [Fact]
    public void Both_ends_of_a_stretch_belong_to_it()
    {
        // walls at 0 and 20, where the height is half the median: columns 1 to 5 and 15 to 19
        int Height(int back) => back switch { 0 or 20 => 8, 1 => 18, 5 => 17, 15 => 20, 19 => 18, _ => 16 };
        BodyProfile profile = Of(Columns(0, 20, back => (0, Height(back) - 1)))!;
        Near([0, 20, 20], [profile.FrontMm, profile.RearMm, profile.DepthMm]);
        Near([(18 + 16 + 16 + 16 + 17) / 5.0, (20 + 16 + 16 + 16 + 18) / 5.0], [profile.AnteriorMm, profile.PosteriorMm]);
    }

    [Fact]
    public void The_lowest_three_columns_of_the_middle_are_its_height()
    {
        int[] heights = [10, 10, 10, 10, 10, 10, 4, 7, 7, 10, 10, 10, 10, 10];
        BodyProfile profile = Of(Columns(0, 13, back => (0, heights[back] - 1)))!;
        Near([10, 6, 10], [profile.AnteriorMm, profile.MiddleMm, profile.PosteriorMm]);
    }

    [Fact]
    public void Cells_filled_in_part_count_with_their_share_one_beyond_the_body_too()
    {
        (int, int, int)[] edges = [.. Enumerable.Range(0, 20).SelectMany(back => new[] { (8, back, 3), (-9, back, 6), (-10, back, 2), (10, back, 9) })];
        BodyProfile profile = Of([.. Columns(0, 19, _ => (-8, 7)), .. edges])!;
        Assert.Equal(16 + 0.3 + 0.6 + 0.2, profile.MiddleMm, 1e-9);
        Near([7.5 + 0.3, -8.5 - 0.6 - 0.2], [profile.Endplates.Superior.Height, profile.Endplates.Inferior.Height]);
    }

    [Fact]
    public void A_body_is_eight_millimetres_deep_at_least_and_may_reach_the_end_of_the_map()
    {
        Assert.Null(Of(Columns(0, 6, _ => (0, 9))));
        Assert.Equal(8, Of(Columns(0, 7, _ => (0, 9)))!.DepthMm, 1e-9);
        // eight columns, but the outer ones are too low to count
        Assert.Null(Of(Columns(0, 7, back => (0, back is 0 or 7 ? 1 : 9))));
        BodyProfile longest = Of(Columns(0, SagittalMap.Back, _ => (0, 0)))!;
        Near([1, SagittalMap.Back + 0.5], [longest.AnteriorMm, longest.RearMm]);
    }

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(-3, 3, true)]
    [InlineData(3, 4, false)]
    [InlineData(4, 3, false)]
    [InlineData(-4, 3, false)]
    public void A_body_is_no_farther_from_the_middle_than_three_millimetres(int up, int front, bool found)
    {
        int end = up < 0 ? up - 9 : up + 9;
        (int, int) column = (Math.Min(up, end), Math.Max(up, end));
        Assert.Equal(found, Of(Columns(front, front + 19, _ => column)) is not null);
        Assert.Equal(found, Of(Columns(-front - 19, -front, _ => column)) is not null);
    }

    [Fact]
    public void What_does_not_touch_the_body_is_none_of_it_and_a_corner_is_a_touch()
    {
        Assert.Equal(-0.5, Of([.. Columns(0, 19, _ => (-15, 0)), (3, -1, 10)])!.FrontMm, 1e-9);
        // the column before has one cell: half of 16 lies a seventh of the way to it
        Assert.Equal(-8 / 15.0, Of([.. Columns(0, 19, _ => (-15, 0)), (1, -1, 10)])!.FrontMm, 1e-9);
    }

    private static void Near(double[] expected, double[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-9));

    private static (int Up, int Back, int Tenths)[] Columns(int front, int rear, Func<int, (int Low, int High)> column) =>
    [
        .. from back in Enumerable.Range(front, rear - front + 1)
           let ends = column(back)
           from up in Enumerable.Range(ends.Low, ends.High - ends.Low + 1)
           select (up, back, 10),
    ];

    private static BodyProfile? Of((int Up, int Back, int Tenths)[] cells)
    {
        SagittalMap map = new(new Affine(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(-4.5, -100, -100)), new(0, 0, 0), new(0, 0, 1), new(0, 1, 0));
        foreach ((int up, int back, int tenths) in cells) map.Add(new LabelRun(20, 0, back + 100, up + 100, tenths));
        return BodyProfile.Of(map);
    }
}
