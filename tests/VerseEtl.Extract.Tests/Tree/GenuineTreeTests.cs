using VerseEtl.Extract.Tree;

namespace VerseEtl.Extract.Tests.Tree;

/// <summary>Against the published list of scans and genuine folders, where they are at hand.</summary>
public sealed class GenuineTreeTests
{
    [Fact]
    public void Every_published_scan_is_found_under_its_key()
    {
        string list = SharedFiles.Require("reference/verse_scans.csv");
        string[][] published = [.. File.ReadLines(list).Skip(1).Select(line => line.Split(','))];
        using SourceTree tree = new();
        foreach (string[] row in published)
        {
            (string folder, string subject, string scan) = (row[2], row[3], row[4]);
            tree.With($"{folder}/rawdata/{subject}/{scan}_ct.nii.gz", $"{folder}/derivatives/{subject}/{scan}_seg-vert_msk.nii.gz",
                $"{folder}/derivatives/{subject}/{scan}_seg-subreg_ctd.json", $"{folder}/derivatives/{subject}/{scan["sub-".Length..]}_seg-vert_snp.png");
        }
        TreeListing listing = tree.Walk();

        Assert.Equal(374, listing.Scans.Count);
        Assert.Equal(355, listing.Scans.DistinctBy(scan => scan.SubjectId).Count());
        Assert.Empty(listing.Findings);
        Assert.Equal([61, 80, 73, 40, 80, 40], listing.Folders.Select(seen => seen.Scans));
        Assert.Equal(30, listing.Scans.Count(scan => scan.Licence == "CC-BY-NC-ND"));
        Assert.All(listing.Scans, scan =>
            Assert.True(scan is { Ct: not null, Mask: not null, Centroids: not null, Preview: not null, Findings.Count: 0, Licence: not null }));
        Assert.Equal(
            published.Select(row => (Key: $"{row[0]}/{row[1]}/{row[4]}", Subject: row[3], row[5], row[6])).OrderBy(row => row.Key, StringComparer.Ordinal),
            listing.Scans.Select(scan => (scan.Key.Text, $"sub-{scan.SubjectId}",
                scan.Series is null ? "" : $"split-{scan.Series}", scan.Direction is null ? "" : $"dir-{scan.Direction}")));
    }

    [Fact]
    public void The_genuine_folders_are_listed()
    {
        string root = SharedFiles.Require("data/verse");
        TreeListing listing = VerseTree.Walk(root, null, new TreeOptions(), TestContext.Current.CancellationToken);
        Assert.Equal(["verse19/test/sub-verse012", "verse19/training/sub-verse004", "verse19/validation/sub-verse010"],
            listing.Scans.Select(scan => scan.Key.Text));
        Assert.Equal([true, false, false], listing.Scans.Select(scan => scan.Ct is not null));
        Assert.Equal([false, true, true], listing.Scans.Select(scan => scan.Sidecar is not null));
        Assert.All(listing.Scans, scan => Assert.True(scan is { Mask: not null, Centroids: not null, Preview: not null }));
        Assert.Equal(["W TREE_NO_CT verse19/training/sub-verse004", "W TREE_NO_CT verse19/validation/sub-verse010"],
            listing.Scans.SelectMany(scan => scan.Findings).Short());
    }
}
