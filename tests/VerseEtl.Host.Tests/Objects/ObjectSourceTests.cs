using VerseEtl.Extract;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Load.Objects;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Tests.Objects;

/// <summary>Scans in real object stores: `eng/heavy objectstores` runs them, CI does not.</summary>
public sealed class ObjectSourceTests(SmallDataset dataset, ObjectServers servers) : IClassFixture<ObjectServers>, IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Schemes => [.. ObjectServers.Schemes];

    public void Dispose() => _temp.Dispose();

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task Tables_are_those_of_the_folder_to_the_byte_and_the_next_night_reads_nothing(string scheme)
    {
        string place = await Uploaded(scheme, dataset.Faulty, "a b+c/Größe=50%");
        IReadOnlyList<string> expected = await FromFolder(dataset.Faulty);
        using FaultyProxy proxy = new(servers.Port(scheme));
        (int code, string said) = await Run(scheme, place, "w", proxy.Port);
        Assert.True(code == ExitCode.PublishedWithErrors, said);
        Assert.Equal(expected, ObjectRun.Tables(_temp["w"]));

        long before = proxy.Down;
        Assert.Equal(ExitCode.PublishedWithErrors, (await Run(scheme, place, "w", proxy.Port)).Code);
        // broken scans have no stored result where a file cannot be hashed; a listing is some kilobytes
        Assert.InRange(proxy.Down - before, 1, before / 10);
        Assert.Equal(RunEnding.Unchanged, Warehouse.OpenForReading(_temp["w"]).Runs()[^1].Outcome);
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task Connections_cut_at_random_bytes_cost_no_row_and_little_is_sent_twice(string scheme)
    {
        string place = await Uploaded(scheme, dataset.Sound, "x");
        IReadOnlyList<string> expected = await FromFolder(dataset.Sound);
        using FaultyProxy whole = new(servers.Port(scheme));
        Assert.Equal(ExitCode.Done, (await Run(scheme, place, "whole", whole.Port)).Code);

        foreach (bool resets in new[] { false, true })
        {
            Random random = new(20261128);
            using FaultyProxy proxy = new(servers.Port(scheme)) { CutDown = _ => Random(random, 30_000, 1_500_000), Resets = resets };
            (int code, string said) = await Run(scheme, place, $"w{resets}", proxy.Port);
            Assert.True(code == ExitCode.Done, said);
            Assert.Equal(expected, ObjectRun.Tables(_temp[$"w{resets}"]));
            Assert.True(proxy.Connections > whole.Connections + 5, $"{proxy.Connections} connections and {whole.Connections} without a cut");
            LongRuns.Report(Invariant($"{scheme}: {whole.Down} bytes over {whole.Connections} connections whole, ")
                + Invariant($"{proxy.Down} over {proxy.Connections} {(resets ? "reset" : "ended")}"));
            // a reset takes with it what has come and was not read
            if (!resets) Assert.InRange(proxy.Down, whole.Down * 99 / 100, whole.Down * 103 / 100);
        }
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task A_store_that_is_busy_now_and_then_is_asked_again(string scheme)
    {
        string place = await Uploaded(scheme, dataset.Sound, "x");
        Random random = new(3);
        using FaultyProxy proxy = new(servers.Port(scheme)) { Answer = () => Random(random, 0, 10) < 2 ? FaultyProxy.Busy(scheme) : null };
        (int code, string said) = await Run(scheme, place, "w", proxy.Port);
        Assert.True(code == ExitCode.Done, said);
        Assert.Equal(await FromFolder(dataset.Sound), ObjectRun.Tables(_temp["w"]));
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task Credentials_that_expire_on_the_way_publish_nothing_and_are_quoted_nowhere(string scheme)
    {
        string place = await Uploaded(scheme, dataset.Sound, "x");
        using FaultyProxy proxy = new(servers.Port(scheme));
        proxy.Answer = () => proxy.Down > 300_000 ? FaultyProxy.Expired(scheme) : null;
        (int code, string said) = await Run(scheme, place, "w", proxy.Port, "--log-file", _temp["log"]);
        Assert.True(code == ExitCode.Breaker, said);
        Assert.Contains("RUN_BREAKER", said, StringComparison.Ordinal);
        Warehouse warehouse = Warehouse.OpenForReading(_temp["w"]);
        Assert.Null(warehouse.Current);
        IReadOnlyList<Finding> findings = (await warehouse.FindingsOf(warehouse.Runs()[^1], Token))!;
        Assert.Contains(findings, finding => finding.Code == Faults.SrcUnavailable.Code);

        // from the first request on
        proxy.Answer = () => FaultyProxy.Expired(scheme);
        (int listing, string told) = await Run(scheme, place, "v", proxy.Port, "--log-file", _temp["log"]);
        Assert.Equal(ExitCode.SourceUnavailable, listing);
        string everything = said + told + File.ReadAllText(_temp["log"]) + string.Concat(findings.Select(finding => finding.ToString()));
        Assert.DoesNotContain("SECRET", everything, StringComparison.Ordinal);
        foreach (string secret in ObjectServers.Environ(scheme, 1).Values.Where(value => value.Length > 20))
            Assert.DoesNotContain(secret[^40..], everything, StringComparison.Ordinal);
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task An_object_replaced_while_it_is_read_is_noticed_and_read_anew(string scheme)
    {
        string container = await servers.NewContainer(scheme);
        IObjectStore store = servers.Store(scheme, container);
        await Put(store, "sub-x_ct.nii", new byte[400_000]);
        // the first connection ends half way
        using FaultyProxy proxy = new(servers.Port(scheme)) { CutDown = number => number <= 2 ? 150_000 : long.MaxValue };
        SourcePath path = VerseTree.PathOf(servers.Source(scheme, container, proxy.Port), "sub-x_ct.nii");
        using (SourceFile file = SourceFile.Open(path))
        {
            byte[] buffer = new byte[1000];
            Assert.Equal(1000, file.Stream.ReadAtLeast(buffer, 1000));
            await Put(store, "sub-x_ct.nii", [.. Enumerable.Repeat((byte)1, 400_000)]);
            Assert.Throws<FileChangedException>(() => file.Stream.CopyTo(Stream.Null));
            Assert.NotEqual(file.Identity, SourceFile.Stat(path));
        }
        using SourceFile again = SourceFile.Open(path);
        using MemoryStream content = new();
        again.Stream.CopyTo(content);
        Assert.Equal(Enumerable.Repeat((byte)1, 400_000), content.ToArray());
        Assert.Throws<FileNotFoundException>(() => SourceFile.Open(VerseTree.PathOf(servers.Source(scheme, container), "other")));
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task Keys_that_are_no_paths_are_told_and_cost_nothing_beside_them(string scheme)
    {
        string container = await servers.NewContainer(scheme);
        IObjectStore store = servers.Store(scheme, container + "/set");
        const string Folder = "dataset-01training/rawdata/sub-verse901/";
        foreach (string key in new[] { Folder + "sub-verse901_ct.nii.gz", Folder + "sub-verse901_seg-vert_msk.nii.gz", "a//b", "dataset-01training/rawdata" })
            await Put(store, key, "x"u8.ToArray());
        await Put(store, "empty/", []);
        TreeListing listing = VerseTree.Walk(servers.Source(scheme, container + "/set"), null, new TreeOptions(), Token);
        ScanFiles scan = Assert.Single(listing.Scans);
        Assert.Equal(Folder + "sub-verse901_ct.nii.gz", scan.Ct?.Relative);
        Finding[] told = [.. listing.Findings.Where(finding => finding.Field == "key")];
        Assert.Equal([(Faults.TreeEscape.Code, "a//b"), (Faults.TreeNotRegular.Code, "dataset-01training/rawdata")],
            told.Select(finding => (finding.Code, finding.Path ?? "")).Order());

        // the limits of the walk hold here too
        TreeListing shallow = VerseTree.Walk(servers.Source(scheme, container),
            [new FolderSpec("set", "verse19", "training")], new TreeOptions { MaxDepth = 4 }, Token);
        Assert.Single(shallow.Scans);
        Assert.Throws<SourceMissingException>(() => VerseTree.Walk(servers.Source(scheme, container),
            [new FolderSpec("set", "verse19", "training")], new TreeOptions { MaxDepth = 2 }, Token));
        Assert.Contains("no object lies there", Assert.Throws<SourceMissingException>(() =>
            VerseTree.Walk(servers.Source(scheme, container + "/nothing"), null, new TreeOptions(), Token)).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => VerseTree.Walk(servers.Source(scheme, "no-such-thing-1"), null, new TreeOptions(), Token));
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task A_scan_is_shown_out_of_a_store_and_one_that_may_not_be_read_is_a_finding(string scheme)
    {
        string place = await Uploaded(scheme, dataset.Sound, "x");
        TreeListing listing = VerseTree.Walk(servers.Source(scheme, place), null, new TreeOptions(), Token);
        ScanFiles scan = listing.Scans[0];
        ScanFilesHash(scan, out string sha256);
        using (ShownVolume shown = ShownVolume.OfMask(scan, sha256, new ReadingLimits(), Token))
            while (!shown.Next().IsEmpty) { }
        Assert.NotNull(listing.Scans.Select(each => each.Preview).OfType<SourcePath>().Select(preview => PreviewFile.Read(preview, false)).First());
        using FaultyProxy proxy = new(servers.Port(scheme)) { Answer = () => FaultyProxy.Denied(scheme) };
        BadFileException refused = Assert.Throws<BadFileException>(() =>
            SourceFile.Stat(VerseTree.PathOf(servers.Source(scheme, place, proxy.Port), scan.Mask!.Relative)));
        Assert.Equal(Faults.TreeUnreadable.Code, refused.Fault.Code);
    }

    private static void ScanFilesHash(ScanFiles scan, out string sha256)
    {
        using VolumeInput input = VolumeInput.Open(scan.Mask!, new ReadingLimits());
        sha256 = input.FinishSha256(Token);
    }

    private async Task<IReadOnlyList<string>> FromFolder(string folder)
    {
        Assert.InRange((await ObjectRun.Of(["run", "--source", folder, "--output", _temp["local"], "--quiet"], new Dictionary<string, string>())).Code, 0, 10);
        return ObjectRun.Tables(_temp["local"]);
    }

    private Task<(int Code, string Said)> Run(string scheme, string place, string warehouse, int port, params string[] more) =>
        ObjectRun.Of(["run", "--source", $"{scheme}://{place}", "--output", _temp[warehouse], .. more], ObjectServers.Environ(scheme, port));

    /// <summary>A folder's files below a prefix of a container of their own.</summary>
    private async Task<string> Uploaded(string scheme, string folder, string prefix)
    {
        string place = $"{await servers.NewContainer(scheme)}/{prefix}";
        IObjectStore store = servers.Store(scheme, place);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            await Put(store, Path.GetRelativePath(folder, file), await File.ReadAllBytesAsync(file, Token));
        return place;
    }

    private static async Task Put(IObjectStore store, string key, byte[] content)
    {
        using MemoryStream stream = new(content, writable: false);
        await store.Put(key, stream, Token);
    }

    private static long Random(Random random, int least, int most)
    {
        lock (random) return random.Next(least, most);
    }
}
