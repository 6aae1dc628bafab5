using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Cohort;

public sealed class InventoryTests
{
    private static readonly ScanRow[] Published = [.. Replica.Whole().Scans];

    [Fact]
    public void Missing_scans_are_named_in_order_by_folder_and_counted_over_all()
    {
        string[] gone = [.. In("verse19", "test").Take(2).Concat(In("verse20", "training").Take(1)).Select(scan => scan.ScanKey)];
        Inventory inventory = Inventory.Of(Replica.Reference, [.. Published.Where(scan => !gone.Contains(scan.ScanKey))]);
        Assert.Equal((3, 0, 0), (inventory.MissingCount, inventory.ElsewhereCount, inventory.UnexpectedCount));
        Assert.Equal(gone[..2].Order(StringComparer.Ordinal).Select(key => key.Split('/')[^1]),
            inventory.Folders.Single(folder => folder.Dataset == "verse19" && folder.Split == "test").Missing);
    }

    [Fact]
    public void A_scan_in_a_folder_that_was_not_read_is_elsewhere()
    {
        ScanRow gone = In("verse19", "test").First();
        Inventory inventory = Inventory.Of(Replica.Reference, [.. Published.Where(scan => scan != gone)],
            new Dictionary<string, string> { [gone.ScanId] = "derivatives_old", ["sub-nobody"] = "x" });
        Assert.Equal((0, 1, 0), (inventory.MissingCount, inventory.ElsewhereCount, inventory.UnexpectedCount));
        Finding told = Assert.Single(inventory.Findings());
        Assert.Equal((Faults.AudScanElsewhere.Code, gone.ScanId, "derivatives_old"), (told.Code, told.ScanId, told.Observed));
    }

    [Fact]
    public void A_stranger_is_told_in_its_folder_and_in_one_of_its_own_where_nothing_was_published()
    {
        ScanRow[] strangers = [CohortRows.Scan("verse19", "test", "sub-x", [20]), CohortRows.Scan("verse19", "extra", "sub-y", [20])];
        Inventory inventory = Inventory.Of(Replica.Reference, [.. Published, .. strangers]);
        Assert.Equal([("test", strangers[0].ScanKey), ("extra", strangers[1].ScanKey)],
            inventory.Folders.Where(folder => folder.Unexpected.Count > 0).Select(folder => (folder.Split, folder.Unexpected.Single())));
        Assert.Equal([0], inventory.Folders.Where(folder => folder.Split == "extra").Select(folder => folder.Published));
        Assert.Equal(2, inventory.UnexpectedCount);
        Assert.Equal(["sub-x", "sub-y"], inventory.Findings().Select(finding => finding.ScanId).Order());
    }

    [Fact]
    public void Only_a_stranger_in_a_published_dataset_is_unexpected()
    {
        Reference reference = Of("""{"folder":"ours","dataset":"clinic","split":"test","scans":["sub-a"]}""",
            """{"folder":"theirs","dataset":"study","split":"test","scans":["sub-z"]}""");
        ScanRow known = CohortRows.Scan("clinic", "test", "sub-a", [20]), stranger = CohortRows.Scan("clinic", "training", "sub-b", [20]);
        ScanRow other = CohortRows.Scan("model", "test", "sub-b", [20]);
        Inventory inventory = Inventory.Of(reference, [known, stranger, other]);
        Assert.Equal((Faults.AudScanUnexpected.Code, stranger.ScanKey), (inventory.Of(stranger, reference)!.Code, inventory.Of(stranger, reference)!.ScanKey));
        Assert.Equal((null, null), (inventory.Of(known, reference), inventory.Of(other, reference)));
        inventory = Inventory.Of(reference, [stranger]);
        Assert.Null(inventory.Of(stranger, reference));
        Assert.Equal(Faults.AudNotVerse.Code, Assert.Single(inventory.Findings()).Code);
    }

    [Fact]
    public void Scans_that_changed_places_are_told_from_where_to_where()
    {
        Reference reference = Of("""{"folder":"one","dataset":"clinic","split":"test","scans":["sub-a"]}""",
            """{"folder":"two","dataset":"clinic","split":"training","scans":["sub-b"]}""");
        ScanRow[] strayed = [CohortRows.Scan("clinic", "training", "sub-a", [20]), CohortRows.Scan("clinic", "test", "sub-b", [20])];
        Inventory inventory = Inventory.Of(reference, strayed);
        Assert.Equal((0, 2, 2), (inventory.MissingCount, inventory.ElsewhereCount, inventory.UnexpectedCount));
        Assert.Equal([(Faults.AudScanElsewhere.Code, "clinic/test/sub-a", "clinic/training/sub-a", "sub-a in one"),
            (Faults.AudScanElsewhere.Code, "clinic/training/sub-b", "clinic/test/sub-b", "sub-b in two"),
            (Faults.AudScanUnexpected.Code, "clinic/test/sub-b", null, "clinic/training/sub-b"),
            (Faults.AudScanUnexpected.Code, "clinic/training/sub-a", null, "clinic/test/sub-a")],
            inventory.Findings().Select(finding => (finding.Code, finding.ScanKey!, finding.Observed, finding.Expected!)));
    }

    private static Reference Of(params string[] folders) =>
        Reference.Parse(new Dictionary<string, string> { ["scans.json"] = $$"""{"folders":[{{string.Join(',', folders)}}]}""" });

    private static IEnumerable<ScanRow> In(string dataset, string split) => Published.Where(scan => scan.Dataset == dataset && scan.Split == split);
}
