using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Measuring;

/// <summary>Bounds of docs/correctness.md: 5 negative labels, 24 outside 1 to 28, half of the labels in 1,000 pieces or in 100 and none large.</summary>
public sealed class WhyNoLabelMapTests
{
    private static readonly VoxelGrid Grid = new(new VoxelShape(2100, 60, 3), new Affine(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), default),
        AffineSource.Sform, new(1, 1, 1));

    [Theory]
    [InlineData(-5, 5, null)]
    [InlineData(-6, 6, "more than 5 negative values: this looks like a CT")]
    [InlineData(40, 24, null)]
    [InlineData(40, 25, "more than 24 values outside 1 to 28: this looks like a grey image or labels of another scheme")]
    [InlineData(101, 28, null)]
    [InlineData(201, 28, null)]
    [InlineData(100, 27, null)]
    [InlineData(105, 48, null)]
    [InlineData(105, 49, "more than 24 values outside 1 to 28: this looks like a grey image or labels of another scheme")]
    public void So_many_strange_labels_speak_against_a_label_map(int first, int count, string? expected)
    {
        IEnumerable<LabelRun> strangers = Enumerable.Range(0, count).Select(at => new LabelRun(first + at, 2 * at, 1, 0, 1));
        Assert.Equal(expected, Why([new LabelRun(20, 0, 0, 0, 5), .. strangers]));
    }

    [Fact]
    public void Strange_labels_alone_are_a_grey_image_and_a_CT_is_told_behind_many_of_them()
    {
        LabelRun[] many = [.. Enumerable.Range(0, 40).Select(at => new LabelRun(1000 + at, 2 * at, 0, 0, 1))];
        Assert.Equal("more than 24 values outside 1 to 28: this looks like a grey image", Why(many));
        LabelRun[] negative = [.. Enumerable.Range(0, 6).Select(at => new LabelRun(-3 * at - 1, 2 * at, 1, 0, 1))];
        Assert.Equal("more than 5 negative values: this looks like a CT", Why([.. many, .. negative]));
    }

    [Theory]
    [InlineData(999, 2000, 1, null)]
    [InlineData(1000, 2000, 1, "1 of 1 labels in up to 1000 pieces: this looks like a grey image")]
    [InlineData(1000, 2000, 2, "1 of 2 labels in up to 1000 pieces: this looks like a grey image")]
    [InlineData(1000, 2000, 3, null)]
    [InlineData(99, 10, 1, null)]
    [InlineData(100, 99, 1, null)]
    [InlineData(100, 98, 1, "1 of 1 labels in up to 100 pieces: this looks like a grey image")]
    public void So_many_pieces_speak_against_a_label_map(int pieces, int largest, int labels, string? expected)
    {
        // pieces of one voxel, three rows of them, and one large
        List<LabelRun> runs = [new LabelRun(20, 0, 0, 0, largest)];
        for (int at = 1; at < pieces; at++) runs.Add(new LabelRun(20, 2 * (at % 1000), 2 + 2 * (at / 1000), 0, 1));
        for (int label = 1; label < labels; label++) runs.Add(new LabelRun(20 + label, 0, 20 + 2 * label, 0, 9));
        Assert.Equal(expected, Why([.. runs]));
    }

    [Fact]
    public void Both_are_told()
    {
        List<LabelRun> runs = [.. Enumerable.Range(0, 1000).Select(at => new LabelRun(20, 2 * at, 0, 0, 1))];
        runs.AddRange(Enumerable.Range(0, 25).Select(at => new LabelRun(40 + at, 2 * at, 2, 0, 1)));
        Assert.Equal("more than 24 values outside 1 to 28, 1 of 1 labels in up to 1000 pieces: this looks like a grey image", Why([.. runs]));
    }

    private static string? Why(LabelRun[] runs)
    {
        SpineMeasurement spine = new(Grid, new Dictionary<int, Vector3d>());
        Assert.True(spine.Add(runs));
        spine.Finish();
        return spine.WhyNoLabelMap;
    }
}
