using System.Diagnostics;
using VerseEtl.Extract.Tree;
using VerseEtl.Load.Objects;

namespace VerseEtl.Host.Tests.Objects;

/// <summary>Figures of docs/objectstores.md: `VERSEETL_LONG=40 eng/heavy objectstores`.</summary>
public sealed class ObjectFigures(ObjectServers servers) : IClassFixture<ObjectServers>, IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Schemes => [.. ObjectServers.Schemes];

    public void Dispose() => _temp.Dispose();

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task A_listing_of_many_keys_is_paged_and_finds_every_scan(string scheme)
    {
        int keys = Math.Min(100_000, 2_500 * LongRuns.Factor);
        string container = await servers.NewContainer(scheme);
        IObjectStore store = servers.Store(scheme, container);
        Stopwatch putting = Stopwatch.StartNew();
        await Parallel.ForAsync(0, keys / 2, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (at, token) =>
        {
            string stem = Invariant($"dataset-01training/{{0}}/sub-a{at:D6}/sub-a{at:D6}_");
            await store.Put(string.Format(null, stem, "rawdata") + "ct.nii.gz", new MemoryStream([1]), token);
            await store.Put(string.Format(null, stem, "derivatives") + "seg-vert_msk.nii.gz", new MemoryStream([1]), token);
        });
        putting.Stop();
        using FaultyProxy counting = new(servers.Port(scheme));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Stopwatch watch = Stopwatch.StartNew();
        TreeListing listing = VerseTree.Walk(servers.Source(scheme, container, counting.Port), null, new TreeOptions(), Token);
        TimeSpan took = watch.Elapsed;
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(keys / 2, listing.Scans.Count);
        Assert.All(listing.Scans, scan => Assert.True(scan is { Ct: not null, Mask: not null }));
        LongRuns.Report(Invariant($"{scheme}: {keys} keys put in {putting.Elapsed.TotalSeconds:0} s, listed and paired in {took.TotalSeconds:0.0} s ")
            + Invariant($"by {counting.Gets} requests, {held / 1e6:0} MB held"));
    }

    [Fact(Explicit = true)]
    public async Task Reading_from_a_store_beside_reading_from_the_disk()
    {
        byte[] content = new byte[64 << 20];
        new Random(1).NextBytes(content);
        await File.WriteAllBytesAsync(_temp["file"], content, Token);
        List<(string Name, SourcePath Path)> places = [("disk", new SourcePath(_temp.Path, "file"))];
        foreach (string scheme in ObjectServers.Schemes)
        {
            string container = await servers.NewContainer(scheme);
            await servers.Store(scheme, container).Put("file", new MemoryStream(content), Token);
            places.Add((scheme, VerseTree.PathOf(servers.Source(scheme, container), "file")));
        }
        for (int round = 0; round < 3; round++)
            foreach ((string name, SourcePath path) in places)
            {
                Stopwatch watch = Stopwatch.StartNew();
                using SourceFile file = SourceFile.Open(path);
                byte[] buffer = new byte[1 << 16];
                long read = 0;
                for (int count; (count = file.Stream.Read(buffer)) > 0;) read += count;
                Assert.Equal(content.Length, read);
                LongRuns.Report(Invariant($"{name}: {read / 1e6 / watch.Elapsed.TotalSeconds:0} MB/s"));
            }
    }
}
