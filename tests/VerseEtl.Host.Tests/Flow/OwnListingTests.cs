using System.Text.Json;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Tests.Objects;
using VerseEtl.Load.Spools;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Tests.Flow;

/// <summary>Datasets of one's own that are sorted on a disk.</summary>
public sealed class OwnListingTests : IDisposable
{
    private static readonly SpoolSizes Tiny = new(ValuesPerBucket: 2, FindingsPerRun: 3, RecordsPerRun: 4, PerBlock: 2);

    private static readonly string[] Folders =
    [
        "", "imagesTr", "labelsTr", "labelsTs", "D/imagesTr", "D/labelsTr", "D/labelsVa", "images", "labels", "case1", "case2", "a", "b", "a/test", "b/val",
        "case1/segmentations", "case2/segmentations", "rawdata/sub-1", "derivatives/sub-1", "dataset-03test/derivatives", "a/imagesTr/s",
    ];

    private static readonly string[] Stems =
        ["c1", "c2", "C2", "sub-1", "sub-2_split-x", "caf\u00e9 1", "verse014", "ct", "vertebrae_L1", "vertebrae_T12", "liver"];

    private static readonly string[] Endings =
    [
        ".nii.gz", ".nii", "_0000.nii.gz", "_0001.nii.gz", "_ct.nii.gz", "_mask.nii.gz", "_seg.NII.GZ", "_seg-vert_msk.nii.gz", "_desc-x_seg-vert_msk.nii.gz",
        "_seg-other_msk.nii.gz", "_space-x_label-y_seg-subreg_ctd.json", "_seg-subreg_ctd.json", "_ctd.json", ".zip", ".txt", ".nrrd",
    ];

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Random_trees_are_listed_on_a_disk_as_in_memory(int seed, bool given)
    {
        Random random = new(seed);
        HashSet<string> rules = [], codes = [];
        for (int tree = 0; tree < 25; tree++)
        {
            string root = RandomTree(Path.Join(_temp.Path, $"{seed}-{tree}"), random);
            FolderSpec[]? folders = given ? [new("case1", "one", "training"), new("D", "two", "test"), new("dataset-03test", "verse20", "test")] : null;
            TreeOptions options = new()
            {
                Dataset = given && tree % 2 == 0 ? null : "mine",
                FollowLinks = random.Next(2) == 0,
                Exclude = [new("*/c1", "one")],
            };
            (string held, TreeListing? listing) = Listed(root, folders, options);
            Assert.Equal(held, Listed(root, folders, options with { Workspace = new SpoolWorkspace(_temp.Folder("room"), Tiny) }).Text);
            rules.UnionWith(listing?.Folders.SelectMany(folder => (folder.Rule ?? "none").Split(", ")) ?? []);
            codes.UnionWith(listing?.Findings.Select(finding => finding.Code) ?? []);
        }
        // the trees have what makes a file depend on others
        string[] all = ["VerSe names", "nnU-Net folders", "one mask a vertebra", "endings"];
        Assert.Superset(all.ToHashSet(), rules);
        Assert.Superset(new HashSet<string> { Faults.TreeLabelsUnknown.Code, Faults.TreePassedOver.Code }, codes);
        Assert.Empty(Directory.GetFileSystemEntries(_temp["room"]));
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(6, "mine")]
    public void Objects_are_listed_as_files_of_their_names_would_be(int seed, string? dataset)
    {
        Random random = new(seed);
        for (int tree = 0; tree < 25; tree++)
        {
            string root = RandomTree(Path.Join(_temp.Path, $"{seed}-{tree}", "place"), random, links: false);
            string[] files = [.. Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file))];
            string[] keys = [.. files, .. files.Select(file => Path.GetDirectoryName(file)!).Where(folder => folder.Length > 0).Select(folder => folder + "/")];
            random.Shuffle(keys);
            StoredFiles store = new(keys, key => File.ReadAllText(Path.Join(root, key)));
            TreeOptions options = new() { Dataset = dataset };
            Func<TreeOptions, TreeListing> walk = walked => VerseTree.Walk(store, null, walked, TestContext.Current.CancellationToken);
            string held = Names(() => walk(options)), spooled = Names(() => walk(options with { Workspace = new SpoolWorkspace(_temp.Folder("room"), Tiny) }));
            Assert.Equal(Names(() => VerseTree.Walk(root, null, options, TestContext.Current.CancellationToken)), held);
            Assert.Equal(held, spooled);
        }
    }

    [Fact]
    public void An_object_with_others_below_its_name_and_names_that_are_none_are_told()
    {
        StoredFiles store = new(["dataset-03test/rawdata/sub-1_ct.nii.gz/x", "dataset-03test/rawdata/sub-1_ct.nii.gz", "a//b", "/", "dataset-03test/",
            "dataset-03test/rawdata/sub-2_ct.nii.gz", "dataset-03test/rawdata/sub-2_ct.nii.gz"]);
        TreeOptions options = new() { Workspace = new SpoolWorkspace(_temp.Folder("room"), Tiny) };
        TreeListing listing = VerseTree.Walk(store, null, options, TestContext.Current.CancellationToken);
        Assert.Equal("sub-2", Assert.Single(listing.Scans).Key.ScanId);
        Assert.Equal(["/", "a//b", "dataset-03test/rawdata/sub-1_ct.nii.gz"],
            listing.Findings.Where(finding => finding.Field == "key").Select(finding => finding.Path).Order(StringComparer.Ordinal));
    }

    private static string Names(Func<TreeListing> walk)
    {
        try
        {
            TreeListing listing = walk();
            return JsonSerializer.Serialize(new
            {
                Scans = listing.Scans.Select(scan => new
                {
                    scan.Key.Text, Ct = scan.Ct?.Relative, Mask = scan.Mask?.Relative, Centroids = scan.Centroids?.Relative, Labels = scan.Labels?.Text,
                    Parts = scan.MaskParts?.Select(part => part.Path.Relative), scan.Findings,
                }),
                listing.Folders, listing.Findings, listing.Unread,
            });
        }
        catch (SourceMissingException missing)
        {
            return JsonSerializer.Serialize(new { missing.Reason, missing.LookedFor, missing.Findings, missing.Unread });
        }
    }

    private static (string Text, TreeListing? Listing) Listed(string root, FolderSpec[]? folders, TreeOptions options)
    {
        try
        {
            TreeListing listing = VerseTree.Walk(root, folders, options, TestContext.Current.CancellationToken);
            return (JsonSerializer.Serialize(new
            {
                Scans = listing.Scans.Select(scan => new { Files = scan, Labels = scan.Labels?.Text, Seen = scan.Ct?.Seen, Mask = scan.Mask?.Seen }),
                listing.Folders, listing.Findings, listing.Unread, listing.Excluded, listing.Keys,
            }), listing);
        }
        catch (SourceMissingException missing)
        {
            return (JsonSerializer.Serialize(new { missing.Reason, missing.LookedFor, missing.Findings, missing.Unread }), null);
        }
    }

    private static string RandomTree(string root, Random random, bool links = true)
    {
        string[] folders = random.GetItems(Folders, 1 + random.Next(8)), stems = random.GetItems(Stems, 1 + random.Next(5));
        Directory.CreateDirectory(root);
        HashSet<string> made = [];
        for (int file = random.Next(5, 60); file > 0; file--)
        {
            string folder = Path.Join(root, random.GetItems(folders, 1)[0]);
            Directory.CreateDirectory(folder);
            string path = Path.Join(folder, random.GetItems(stems, 1)[0] + random.GetItems(Endings, 1)[0]);
            if (!made.Add(path)) continue;
            if (links && random.Next(20) == 0) File.CreateSymbolicLink(path, Path.Join(root, "case1"));
            else File.WriteAllText(path, "x");
        }
        if (random.Next(2) == 0) File.WriteAllText(Path.Join(root, "dataset.json"), """{"labels": {"background": 0, "L5": 27}}""");
        if (random.Next(2) == 0 && Directory.Exists(Path.Join(root, "D")))
            File.WriteAllText(Path.Join(root, "D", "dataset.json"), """{"labels": {"3": "L3"}}""");
        return root;
    }
}
