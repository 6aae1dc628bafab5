using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Load.Tests.Publishing;

public sealed class SnapshotNamesTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly Calendar _calendar = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Root => _temp["warehouse"];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task What_lies_between_a_named_snapshot_and_the_newest_is_pruned_and_no_damage()
    {
        Warehouse warehouse = await Published(2, named: 2);
        Assert.Equal([2L, 5, 6], warehouse.Snapshots().Select(snapshot => snapshot.Sequence));
        Assert.Empty(await warehouse.Verify(null, Token));
        Assert.Empty((await warehouse.Prove(everything: true, Token)).Damage);
        Assert.Null(warehouse.Find(3));
        Assert.Equal(2, warehouse.Find(2)!.Sequence);
        Assert.Empty(warehouse.WouldPrune());
    }

    [Fact]
    public async Task A_named_snapshot_that_is_gone_is_damage()
    {
        Warehouse warehouse = await Published(2, named: 2);
        Directory.Delete(warehouse.Find(2)!.Directory, recursive: true);
        Assert.Equal([2L], (await warehouse.Verify(null, Token)).Select(file => file.Sequence));
        Assert.Throws<WarehouseDamagedException>(() => warehouse.Find(2));
    }

    [Fact]
    public async Task A_snapshot_with_newer_ones_pruned_goes_with_its_last_name()
    {
        Warehouse warehouse = await Published(2, named: 2);
        Assert.True(warehouse.AddName("again", 2));
        Assert.Equal((2L, false), warehouse.RemoveName("again"));
        Assert.Equal((2L, true), warehouse.RemoveName("paper"));
        Assert.Null(warehouse.RemoveName("paper"));
        Assert.Equal([5L, 6], warehouse.Snapshots().Select(snapshot => snapshot.Sequence));
        Assert.Empty(await warehouse.Verify(null, Token));
    }

    [Fact]
    public async Task A_name_whose_end_was_cut_off_ends_with_the_next_pruning()
    {
        Warehouse warehouse = await Published(2, named: 2);
        string link = Path.Join(Root, "names", "paper");
        File.CreateSymbolicLink(Path.Join(Root, "names", ".ending-paper"), new FileInfo(link).LinkTarget!);
        File.Delete(link);
        Assert.Empty(warehouse.Names());
        Assert.Empty(await warehouse.Verify(null, Token));
        warehouse.Prune();
        Assert.Equal([5L, 6], warehouse.Snapshots().Select(snapshot => snapshot.Sequence));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Join(Root, "names")));
        Assert.Empty(await warehouse.Verify(null, Token));
    }

    [Fact]
    public async Task Of_ten_who_give_one_name_at_once_one_has_it()
    {
        Warehouse warehouse = await Published(10, named: 1);
        bool[] given = await Task.WhenAll(Enumerable.Range(1, 6).Select(sequence => Task.Run(() => warehouse.AddName("race", sequence))));
        Assert.Single(given, won => won);
    }

    [Fact]
    public async Task Findings_that_were_not_published_are_kept_and_proven()
    {
        Warehouse warehouse = Warehouse.Open(Root);
        Finding[] findings = [.. SampleTables.Of().Findings.Order(Comparer<Finding>.Create(Finding.CompareByKey))];
        RunRecord run = new() { RunId = "night", StartedUtc = _calendar.Now, Outcome = RunEnding.NotPublished };
        await warehouse.Record(run, findings);
        RunRecord read = Assert.Single(warehouse.Runs());
        Assert.Equal(findings, await warehouse.FindingsOf(read, Token));
        string file = Directory.GetFiles(Path.Join(Root, "runs"), "*.parquet").Single();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^20] ^= 1;
        File.WriteAllBytes(file, bytes);
        await Assert.ThrowsAsync<WarehouseDamagedException>(() => warehouse.FindingsOf(read, Token));
    }

    /// <summary>Six days, a snapshot each, of which the newest and a named one stay.</summary>
    private async Task<Warehouse> Published(int keepNewest, long named)
    {
        Warehouse warehouse = Warehouse.Open(Root, new WarehouseOptions { KeepNewest = keepNewest, KeepYoungerThan = TimeSpan.FromHours(1), Time = _calendar });
        for (int day = 1; day <= 6; day++)
        {
            await warehouse.Publish(Requests.Of($"day-{day}", seed: day), Token);
            if (day == named) Assert.True(warehouse.AddName("paper", named));
            _calendar.Now += TimeSpan.FromDays(1);
        }
        return warehouse;
    }
}
