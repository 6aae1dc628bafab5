using VerseEtl.Host.Display;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.Display;

public sealed class DiffTextTests
{
    private static readonly RowKey Scan = new(new OrderedDictionary<string, object?> { ["scan_key"] = "verse19/test/a" });

    [Fact]
    public void The_summary_counts_scans_and_vertebrae_and_names_the_largest_change_of_a_volume()
    {
        TableDiff scans = new("scans", [Scan], [], [new(Scan, [new("status", "ok", "failed", null)]), new(Scan, [new("status", "failed", "ok", null)])]);
        RowChange small = new(Level(20), [new("outlier_z", 1.0, 9.0, 8), new("volume_cm3", 40.0, 38.0, -0.05)]);
        RowChange large = new(Level(21), [new("volume_cm3", 41.0, 20.5, -0.5)]);
        TableDiff vertebrae = new("vertebrae", [], [Level(22), Level(23)], [small, large]);
        Assert.Equal(
        [
            "scans: 1 added, 0 removed, 2 changed (1 newly failed); vertebrae: 0 added, 2 removed, 2 changed",
            "largest change of a volume: verse19/test/a L2 volume_cm3 41 -> 20.5 (-50 %)",
        ], DiffText.Summary([scans, vertebrae]));
    }

    [Fact]
    public void The_summary_of_little_is_one_line()
    {
        Assert.Equal(["no row differs"], DiffText.Summary([new("scans", [], [], [])]));
        Assert.Equal(["scans: 1 added, 0 removed, 0 changed"], DiffText.Summary([new("scans", [Scan], [], [])]));
        Assert.Equal(["no scan and no vertebra differs, other tables do"], DiffText.Summary([new("findings", [Scan], [], [])]));
    }

    [Fact]
    public void Of_volumes_that_changed_alike_the_one_whose_row_changed_most_is_named_in_whatever_order_they_come()
    {
        RowChange plain = new(Level(20), [new("volume_cm3", 40.0, 20.0, -0.5)]);
        RowChange more = new(Level(21), [new("outlier_z", 1.0, 9.0, 8), new("volume_cm3", 4.0, 2.0, -0.5)]);
        TableDiff[] tables = [new("vertebrae", [], [], [more, plain])];
        DiffSummary summary = new();
        foreach (RowChange row in new[] { plain, more }) summary.Add("vertebrae", row);
        Assert.Equal(DiffText.Summary(tables), summary.Of(tables));
        Assert.Contains("verse19/test/a L2", summary.Of(tables)[1], StringComparison.Ordinal);
    }

    private static RowKey Level(int label) => new(new OrderedDictionary<string, object?> { ["scan_key"] = "verse19/test/a", ["label"] = label });
}
