using System.Diagnostics;
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
        Assert.Equal(["W TREE_FOLDER_UNKNOWN store/v19 source.folders", "W TREE_SYMLINK dataset-verse19test",
            $"W TREE_SYMLINK {SourceTree.CtOf(Training, "sub-verse005")}"], plain.Findings.ShortButAbsent());
        Assert.Equal(["verse19/test/sub-verse012", "verse19/training/sub-verse004", "verse19/training/sub-verse005"],
            following.Scans.Select(scan => scan.Key.Text));
        Assert.Empty(following.Findings.ShortButAbsent());
    }

    [Fact]
    public void Links_that_loop_dangle_or_lead_out_end_there()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004")
            .Link($"{Training}/rawdata/up", "..").Link($"{Training}/self", "self").Link($"{Training}/gone", "nowhere").Link($"{Training}/out", "../..");
        Assert.Equal([$"W TREE_LOOP {Training}/self", $"W TREE_ORPHAN_LINK {Training}/gone",
            $"W TREE_SYMLINK {Training}/out", $"W TREE_SYMLINK {Training}/rawdata/up"],
            tree.Walk().Findings.ShortButAbsent());
        TreeListing following = tree.Walk(options: Following);
        Assert.Equal([$"E TREE_ESCAPE {Training}/out link", $"W TREE_LOOP {Training}/rawdata/up",
            $"W TREE_LOOP {Training}/self", $"W TREE_ORPHAN_LINK {Training}/gone"],
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
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004")
            .Bytes(Training, [.. "sub-"u8, 0xe9, .. "_ct.nii.gz"u8]).Bytes(Training, [.. "sub-"u8, 0xe8, .. "_ct.nii.gz"u8]);
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
    public void A_place_beyond_the_limits_is_left_out_and_costs_nothing_beside_it()
    {
        const string Junk = $"{Training}/rawdata/junk";
        string[] many = [.. Enumerable.Range(0, 4).Select(n => $"{Junk}/a/{n}")];
        string longest = new('n', 200), deep = string.Join('/', Enumerable.Repeat(longest, 5)), tooLong = $"{deep}/{longest}";
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").With(many)
            .With($"{Junk}/b/c/d", $"{tooLong}/file", $"{deep}/{longest[1..]}", $"{deep}/short");
        TreeOptions options = new() { MaxEntries = 3, MaxDepth = 5 };
        TreeListing listing = tree.Walk(options: options);
        Assert.Single(listing.Scans);
        Assert.Equal([$"E TREE_LIMIT {Junk}/a entries", $"E TREE_LIMIT {deep}/{longest[1..]} path bytes"], listing.Findings.ShortButAbsent());
        Assert.Equal(["more than 3, at most 3", "1204, and 1 more names in its folder are too long, at most 1024"],
            listing.Findings.Where(finding => finding.Code == "TREE_LIMIT").Select(finding => $"{finding.Observed}, {finding.Expected}"));
        Assert.Equal([$"E TREE_LIMIT {Junk}/b/c depth"],
            tree.Walk(options: options with { MaxEntries = 10, MaxDepth = 4 }).Findings.Where(f => f.Path!.StartsWith(Junk, StringComparison.Ordinal)).Short());
        Assert.Equal([$"E TREE_LIMIT {deep}/{longest[1..]} path bytes"], tree.Walk(options: options with { MaxEntries = 4 }).Findings.ShortButAbsent());
    }

    [Fact]
    public void A_link_into_the_depth_is_beyond_the_limit_and_no_loop()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").With("a/b/c/file").Link($"{Training}/rawdata/sub-verse004/deep", "../../../a");
        Assert.Equal([$"E TREE_LIMIT {Training}/rawdata/sub-verse004/deep depth"],
            tree.Walk(options: Following with { MaxDepth = 3 }).Findings.ShortButAbsent());
    }

    [Fact]
    public void A_root_beyond_the_limits_is_a_source_without_scans()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").With("one", "two");
        SourceMissingException missing = Assert.Throws<SourceMissingException>(() => tree.Walk(options: new TreeOptions { MaxEntries = 2 }));
        Assert.Equal(["E TREE_LIMIT . entries"], missing.Findings.ShortButAbsent());
    }

    [Fact]
    public void An_entry_that_cannot_be_looked_at_is_told_with_its_reason()
    {
        // a path that is longer than the kernel takes, of parts that are not
        string name = new('p', 250), below = string.Join('/', Enumerable.Repeat(name, 15));
        using SourceTree tree = new SourceTree().Folder(below);
        string root = Path.Join(tree.Root, below);
        string far = string.Join('/', Enumerable.Repeat(new string('q', 120), 3));
        using Process made = Process.Start("/bin/sh",
            ["-c", $"""cd "$0" && mkdir {Training} && cd {Training} && mkdir -p rawdata/s && : > rawdata/s/sub-v1_ct.nii.gz && mkdir -p {far}""", root]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        TreeListing listing = VerseTree.Walk(root, null, new TreeOptions(), TestContext.Current.CancellationToken);
        Assert.Single(listing.Scans);
        Finding finding = Assert.Single(listing.Findings, finding => finding.Code == "TREE_UNREADABLE");
        Assert.Equal((Severity.Error, "File name too long (errno 36)"), (finding.Severity, finding.Observed));
        Assert.DoesNotContain(name, finding.Message, StringComparison.Ordinal);
        using Process removed = Process.Start("/bin/rm", ["-rf", Path.Join(tree.Root, name)]);
        removed.WaitForExit();
    }

    [Fact]
    public void The_listing_does_not_depend_on_the_order_files_were_made_in()
    {
        // tmpfs hands out names in the order they were made, ext4 by a hash that is the same for both trees
        string? inMemory = Directory.Exists("/dev/shm") ? "/dev/shm" : null;
        string[] files = [.. Enumerable.Range(0, 40)
            .SelectMany(n => new[] { SourceTree.CtOf(Training, $"sub-v{n}"), SourceTree.MaskOf($"w{n % 3}/{Training}", $"Sub-V{n % 20}"), $"flat{n}.nii" })];
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
        [.. listing.Scans.Select(scan => $"{scan.Key} {scan.Ct?.Relative} {scan.Mask?.Relative}"),
            .. listing.Scans.SelectMany(scan => scan.Findings).Select(finding => finding.Message), .. listing.Findings.Select(finding => finding.Message)];
}
