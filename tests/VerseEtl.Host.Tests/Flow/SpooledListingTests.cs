using System.Text.Json;
using VerseEtl.Extract.Tree;
using VerseEtl.Load.Spools;

namespace VerseEtl.Host.Tests.Flow;

public sealed class SpooledListingTests : IDisposable
{
    private static readonly SpoolSizes Tiny = new(ValuesPerBucket: 2, FindingsPerRun: 3, RecordsPerRun: 4, PerBlock: 2);

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("mine")]
    public void A_listing_on_a_disk_is_the_one_in_memory(string? dataset)
    {
        string[] folders = ["dataset-01training", "dataset-03test", "dataset-verse19training", "elsewhere/verse19_test", "unknown"];
        string[] endings =
            ["_ct.nii.gz", "_seg-vert_msk.nii.gz", "_desc-x_seg-vert_msk.nii.gz", "_seg-subreg_ctd.json", "_seg-vert_snp.png", ".zip"];
        Random random = new(26);
        for (int number = 0; number < 60; number++)
        {
            string folder = folders[random.Next(folders.Length)], id = $"sub-{"vV"[random.Next(2)]}{random.Next(40):00}";
            foreach (string file in endings)
                if (random.Next(3) > 0) Touch($"{folder}/{(file == "_ct.nii.gz" ? "rawdata" : "derivatives")}/{id}/{id}{file}");
        }
        foreach (string file in new[] { "verse014.nii.gz", "case/labels/caf\u00e9.nii.gz", "case/images/caf\u00e9.nii.gz", "imagesTr/c1_0000.nii.gz" })
            Touch(file);
        TreeOptions options = new()
        {
            Dataset = dataset,
            Now = new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero),
            Exclude = [new("*/sub-v1*", "one"), new("*/sub-v?2", "two"), new("none", "nobody"), new("*", "over") { Until = new DateOnly(2026, 1, 1) }],
        };
        string held = Text(VerseTree.Walk(_temp["tree"], null, options, TestContext.Current.CancellationToken));
        string spooled = Text(VerseTree.Walk(_temp["tree"], null, options with { Workspace = new SpoolWorkspace(_temp.Folder("room"), Tiny) },
            TestContext.Current.CancellationToken));
        Assert.Contains("TREE_EXCLUDED", held, StringComparison.Ordinal);
        Assert.Contains(dataset is null ? "TREE_SPLIT_LEAK" : "caf\\u00E9", held, StringComparison.Ordinal);
        Assert.Equal(held, spooled);
        Assert.Empty(Directory.GetFileSystemEntries(_temp["room"]));
    }

    [Fact]
    public void Scans_that_are_left_out_stand_among_the_others_in_the_order_of_keys()
    {
        foreach (string id in new[] { "sub-a1", "sub-b1", "sub-b2", "sub-c1" }) Touch($"dataset-03test/rawdata/{id}/{id}_ct.nii.gz");
        TreeOptions options = new() { Exclude = [new("*/sub-b1", "why")] };
        TreeListing listing = VerseTree.Walk(_temp["tree"], null, options, TestContext.Current.CancellationToken);
        Assert.Equal(["a1", "b1", "b2", "c1"], listing.Keys.Select(key => key[^2..]));
        Assert.Equal("b2", listing.Find("verse20/test/sub-b2")?.SubjectId);
        Assert.Null(listing.Find("verse20/test/sub-b1"));
        Assert.Null(listing.Find("verse20/test/sub-d"));
    }

    private static string Text(TreeListing listing) => JsonSerializer.Serialize(new
    {
        Scans = listing.Scans.Select(scan => new { Files = scan, Labels = scan.Labels?.Text, Seen = scan.Ct?.Seen, Mask = scan.Mask?.Seen }),
        listing.Folders, listing.Findings, listing.Unread, listing.Excluded, listing.Keys,
    });

    private void Touch(string relative)
    {
        string path = Path.Join(_temp["tree"], relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
    }
}
