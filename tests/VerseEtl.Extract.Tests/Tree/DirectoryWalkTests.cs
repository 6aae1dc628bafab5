using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tests.Tree;

/// <summary>Places that a walk must neither hang in, leave the root by, nor pass over in silence.</summary>
public sealed class DirectoryWalkTests
{
    private const string Training = "dataset-verse19training";
    private static readonly TreeOptions Following = new() { FollowLinks = true };

    [Fact]
    public void Pipes_are_reported_and_not_opened()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").Pipe(SourceTree.MaskOf(Training, "sub-verse005"));
        TreeListing listing = tree.Walk();
        Assert.Single(listing.Scans);
        Assert.Equal([$"W TREE_NOT_REGULAR {SourceTree.MaskOf(Training, "sub-verse005")}"], listing.Findings.ShortButAbsent());
    }

    [Fact]
    public void Links_are_not_followed_unless_asked_for()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").Scan("store/v19", "sub-verse012")
            .Link("dataset-verse19test", "store/v19").Link(SourceTree.CtOf(Training, "sub-verse005"), "../sub-verse004/sub-verse004_ct.nii.gz");
        TreeListing plain = tree.Walk(), following = tree.Walk(options: Following);
        Assert.Equal(["verse19/training/sub-verse004"], plain.Scans.Select(scan => scan.Key.Text));
        Assert.Equal(["W TREE_SYMLINK dataset-verse19test", $"W TREE_SYMLINK {SourceTree.CtOf(Training, "sub-verse005")}"], plain.Findings.ShortButAbsent());
        Assert.Equal(["verse19/test/sub-verse012", "verse19/training/sub-verse004", "verse19/training/sub-verse005"], following.Scans.Select(scan => scan.Key.Text));
        Assert.Empty(following.Findings.ShortButAbsent());
    }

    [Fact]
    public void Links_that_loop_dangle_or_lead_out_end_there()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004")
            .Link($"{Training}/rawdata/up", "..").Link($"{Training}/self", "self").Link($"{Training}/gone", "nowhere").Link($"{Training}/out", "../..");
        Assert.Equal([$"W TREE_LOOP {Training}/self", $"W TREE_ORPHAN_LINK {Training}/gone", $"W TREE_SYMLINK {Training}/out", $"W TREE_SYMLINK {Training}/rawdata/up"],
            tree.Walk().Findings.ShortButAbsent());
        TreeListing following = tree.Walk(options: Following);
        Assert.Equal([$"E TREE_ESCAPE {Training}/out link", $"W TREE_LOOP {Training}/rawdata/up", $"W TREE_LOOP {Training}/self", $"W TREE_ORPHAN_LINK {Training}/gone"],
            following.Findings.ShortButAbsent());
        Assert.Single(following.Scans);
    }

    [Fact]
    public void Folders_linked_into_each_other_end_and_a_folders_own_name_wins()
    {
        using SourceTree tree = new SourceTree();
        for (int folder = 0; folder < 8; folder++)
        {
            tree.Scan($"{Training}/{folder}", $"sub-v{folder}");
            for (int other = 0; other < 8; other++) tree.Link($"{Training}/{folder}/{other}", $"../{other}");
        }
        TreeListing listing = tree.Walk(options: Following);
        Assert.Equal(8, listing.Scans.Count);
        Assert.Equal($"{Training}/7/rawdata/sub-v7/sub-v7_ct.nii.gz", listing.Scans[7].Ct?.Relative);
        Assert.Equal(64, listing.Findings.Count(finding => finding.Code == "TREE_LOOP"));
    }

    [Fact]
    public void Names_that_are_not_utf8_are_reported()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").Bytes(Training, [.. "sub-"u8, 0xe9, .. "_ct.nii.gz"u8]).Bytes(Training, [.. "sub-"u8, 0xe8, .. "_ct.nii.gz"u8]);
        Finding finding = Assert.Single(tree.Walk().Findings, finding => finding.Code == "TREE_NAME_ENCODING");
        Assert.Equal((Severity.Error, "2 not UTF-8"), (finding.Severity, finding.Observed));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Unreadable_folders_are_reported()
    {
        Assert.SkipWhen(Environment.UserName == "root", "root may read everything");
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").Folder($"{Training}/rawdata/closed");
        string closed = Path.Join(tree.Root, Training, "rawdata/closed");
        File.SetUnixFileMode(closed, UnixFileMode.None);
        try
        {
            Assert.Equal([$"E TREE_UNREADABLE {Training}/rawdata/closed folder"], tree.Walk().Findings.ShortButAbsent());
        }
        finally
        {
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Trees_beyond_the_limits_stop_the_walk()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004");
        Assert.Equal("entries", Assert.Throws<TreeLimitException>(() => tree.Walk(options: new TreeOptions { MaxEntries = 7 })).Finding.Field);
        Assert.Equal("depth", Assert.Throws<TreeLimitException>(() => tree.Walk(options: new TreeOptions { MaxDepth = 2 })).Finding.Field);
        Assert.Single(tree.Walk(options: new TreeOptions { MaxEntries = 8, MaxDepth = 3 }).Scans);
        string deep = string.Join('/', Enumerable.Repeat(new string('d', 250), 5));
        Assert.Equal("path bytes", Assert.Throws<TreeLimitException>(() => tree.Folder(deep).Walk()).Finding.Field);
    }

    [Fact]
    public void The_listing_does_not_depend_on_the_order_files_were_made_in()
    {
        // tmpfs hands out names in the order they were made, ext4 by a hash that is the same for both trees
        string? inMemory = Directory.Exists("/dev/shm") ? "/dev/shm" : null;
        string[] files = [.. Enumerable.Range(0, 40).SelectMany(n => new[] { SourceTree.CtOf(Training, $"sub-v{n}"), SourceTree.MaskOf($"w{n % 3}/{Training}", $"Sub-V{n % 20}"), $"flat{n}.nii" })];
        using SourceTree forward = new SourceTree(below: inMemory).With(files), backward = new SourceTree(below: inMemory).With([.. files.Reverse()]);
        Assert.Equal(Describe(forward.Walk()), Describe(backward.Walk()));
    }

    [Fact]
    public void A_walk_can_be_cancelled()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004");
        Assert.Throws<OperationCanceledException>(() => VerseTree.Walk(tree.Root, null, new TreeOptions(), new CancellationToken(canceled: true)));
    }

    private static string[] Describe(TreeListing listing) =>
        [.. listing.Scans.Select(scan => $"{scan.Key} {scan.Ct?.Relative} {scan.Mask?.Relative}"), .. listing.Scans.SelectMany(scan => scan.Findings).Select(finding => finding.Message), .. listing.Findings.Select(finding => finding.Message)];
}
