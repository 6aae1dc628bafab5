using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Publishing;

public sealed class WarehouseTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Root => _temp["warehouse"];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_publish_makes_every_table_readable_through_current_and_leaves_no_litter()
    {
        Warehouse warehouse = Warehouse.Open(Root);
        Assert.Null(warehouse.Current);
        PublishOutcome outcome = await warehouse.Publish(Requests.Of("first"), Token);

        Assert.Equal(PublishEnding.Published, outcome.Ending);
        Assert.Null(outcome.Aftermath);
        Snapshot current = WarehouseInvariants.Check(Root, recovered: true)!;
        Assert.Equal(1, current.Sequence);
        foreach (TableSchema table in PublishedSchema.All)
            Assert.True(File.Exists(Path.Combine(Root, "current", table.Name, $"{table.Name}-0000000001-00000.parquet")));
        Assert.Equal((2, 3, 1), (current.Manifest.ScansOk, current.Manifest.ScansWarning, current.Manifest.ScansFailed));
    }

    [Fact]
    public async Task Rows_read_from_a_snapshot_are_the_rows_that_were_published()
    {
        PublishedTables tables = SampleTables.Of(12);
        Warehouse warehouse = Warehouse.Open(Root);
        Snapshot current = (await warehouse.Publish(Requests.Of("first", tables: tables), Token)).Current!;
        PublishedTables read = await Warehouse.ReadTables(current, Token);
        foreach (TableSchema table in PublishedSchema.All)
            Assert.Equal(table.Values(tables).Select(row => row.ToArray()), table.Values(read).Select(row => row.ToArray()));
    }

    [Fact]
    public async Task Unchanged_inputs_publish_nothing_unless_asked_to()
    {
        Warehouse warehouse = Warehouse.Open(Root);
        await warehouse.Publish(Requests.Of("a"), Token);
        Assert.Equal(PublishEnding.Unchanged, (await warehouse.Publish(Requests.Of("b"), Token)).Ending);
        Assert.Equal(PublishEnding.Published, (await warehouse.Publish(Requests.Of("c") with { EvenIfUnchanged = true }, Token)).Ending);
        Assert.Equal(PublishEnding.Published, (await warehouse.Publish(Requests.Of("d", seed: 2), Token)).Ending);
        Assert.Equal(3, WarehouseInvariants.Check(Root, recovered: true)!.Sequence);
    }

    [Fact]
    public async Task A_run_key_is_committed_at_most_once()
    {
        Warehouse warehouse = Warehouse.Open(Root);
        await warehouse.Publish(Requests.Of("a", runKey: "nightly@1"), Token);
        Assert.Equal(PublishEnding.AlreadyPublished, (await warehouse.Publish(Requests.Of("b", seed: 2, runKey: "nightly@1"), Token)).Ending);
        Assert.Equal(1, WarehouseInvariants.Check(Root, recovered: true)!.Sequence);
    }

    [Fact]
    public async Task Tables_made_against_another_parent_are_not_published()
    {
        Warehouse warehouse = Warehouse.Open(Root);
        await warehouse.Publish(Requests.Of("a") with { BasedOn = 0 }, Token);
        await warehouse.Publish(Requests.Of("b", seed: 2), Token);
        Assert.Equal(PublishEnding.Overtaken, (await warehouse.Publish(Requests.Of("c", seed: 3) with { BasedOn = 1 }, Token)).Ending);
        Assert.Equal(PublishEnding.Published, (await warehouse.Publish(Requests.Of("d", seed: 3) with { BasedOn = 2 }, Token)).Ending);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("key")]
    public async Task A_writer_overtaken_before_its_commit_starts_again_if_manual_and_stands_down_if_scheduled(string? runKey)
    {
        Warehouse other = Warehouse.Open(Root);
        int times = 0;
        Warehouse slow = Warehouse.Open(Root, new WarehouseOptions
        {
            AtStep = step =>
            {
                if (step == PublishSteps.Prepared && times++ == 0) other.Publish(Requests.Of("fast", seed: 2), Token).GetAwaiter().GetResult();
            },
        });
        PublishOutcome outcome = await slow.Publish(Requests.Of("slow", runKey: runKey), Token);
        Assert.Equal(runKey is null ? PublishEnding.Published : PublishEnding.Overtaken, outcome.Ending);
        Assert.Equal(runKey is null ? "slow" : "fast", WarehouseInvariants.Check(Root, recovered: true)!.RunId);
    }

    [Fact]
    public async Task A_scan_without_a_row_or_with_two_stops_the_publish()
    {
        Warehouse warehouse = Warehouse.Open(Root);
        PublishedTables tables = SampleTables.Of();
        await Assert.ThrowsAsync<ConservationException>(() => warehouse.Publish(Requests.Of("a") with { ScansFound = 7 }, Token));
        await Assert.ThrowsAsync<ConservationException>(() => warehouse.Publish(
            Requests.Of("b", tables: tables with { Scans = [.. tables.Scans, tables.Scans[0]] }), Token));
        await Assert.ThrowsAsync<ConservationException>(() => warehouse.Publish(
            Requests.Of("c", tables: tables with { Scans = [.. tables.Scans.Skip(1)] }), Token));
        Assert.Null(warehouse.Current);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Root, "snapshots")));
    }

    [Fact]
    public void A_warehouse_in_the_source_or_around_it_is_refused_also_through_a_symbolic_link()
    {
        string source = _temp["source"];
        Directory.CreateDirectory(source);
        Directory.CreateSymbolicLink(_temp["alias"], source);
        Assert.Throws<WarehouseRefusedException>(() => Warehouse.Open(Path.Combine(source, "out"), new WarehouseOptions { SourcePath = source }));
        Assert.Throws<WarehouseRefusedException>(() => Warehouse.Open(Path.Combine(_temp["alias"], "out"), new WarehouseOptions { SourcePath = source }));
        Assert.Throws<WarehouseRefusedException>(() => Warehouse.Open(_temp.Path, new WarehouseOptions { SourcePath = source }));
        Assert.Empty(Directory.GetFileSystemEntries(source));
        Warehouse.Open(_temp["source-tables"], new WarehouseOptions { SourcePath = source });
    }

    [Fact]
    public async Task A_placed_name_that_is_taken_at_the_commit_is_no_success()
    {
        Warehouse warehouse = Warehouse.Open(Root, new WarehouseOptions
        {
            AtStep = step =>
            {
                if (step == PublishSteps.Prepared) File.WriteAllText(Path.Combine(Root, "commits", "0000000001.json"), "{}");
            },
        });
        PublishOutcome outcome = await warehouse.Publish(Requests.Of("a", runKey: "key"), Token);
        Assert.Equal(PublishEnding.Overtaken, outcome.Ending);
        Assert.Equal("{}", File.ReadAllText(Path.Combine(Root, "commits", "0000000001.json")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Root, "snapshots")));
    }

    [Fact]
    public async Task A_warehouse_written_by_a_newer_version_is_refused()
    {
        await Warehouse.Open(Root).Publish(Requests.Of("a"), Token);
        string manifest = Path.Combine(Root, "current", "manifest.json"), commit = Path.Combine(Root, "commits", "0000000001.json");
        string before = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(manifest)));
        string version = Invariant($"\"schema_version\": {PublishedSchema.Version}");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(version, "\"schema_version\": 9", StringComparison.Ordinal));
        string after = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(manifest)));
        SealedFile.Change(commit, text => text.Replace(before, after, StringComparison.Ordinal));
        Assert.Equal("VERSION_NEWER", Assert.Throws<WarehouseRefusedException>(() => Warehouse.Open(Root)).Code);
    }

    [Fact]
    public void The_ledger_keeps_every_run()
    {
        Warehouse warehouse = Warehouse.Open(Root);
        RunRecord run = new()
        {
            RunId = "b", Outcome = RunEnding.NotPublished, ExitCode = 20,
            StartedUtc = DateTimeOffset.UnixEpoch, EndedUtc = DateTimeOffset.UnixEpoch, ScansFound = 3
        };
        warehouse.Record(run);
        warehouse.Record(run with { RunId = "a", StartedUtc = DateTimeOffset.UnixEpoch.AddDays(1) });
        warehouse.Record(run with { Outcome = RunEnding.Published });
        File.WriteAllText(Path.Combine(Root, "runs", "torn.json"), "{");
        Assert.Equal([run with { Outcome = RunEnding.Published }, run with { RunId = "a", StartedUtc = DateTimeOffset.UnixEpoch.AddDays(1) }],
            warehouse.Runs());
        Assert.Equal("runs/torn.json", Assert.Single(warehouse.Ledger().Damaged).Path);
    }

    [Fact]
    public void The_ledger_gives_the_newest_runs_and_those_whose_id_begins_so_and_forgets_the_oldest_of_very_many()
    {
        Warehouse warehouse = Warehouse.Open(Root);
        RunRecord run = new() { RunId = "", Outcome = RunEnding.Unchanged, ExitCode = 0, StartedUtc = DateTimeOffset.UnixEpoch };
        foreach (string id in new[] { "20260101T000000-a", "20260101T000000-ab", "20260102T000000-c" }) warehouse.Record(run with { RunId = id });
        Assert.Equal(["20260101T000000-ab", "20260102T000000-c"], warehouse.Runs(newest: 2).Select(one => one.RunId));
        Assert.Equal(2, warehouse.FindRuns("20260101").Runs.Count);
        Assert.Equal("20260101T000000-a", Assert.Single(warehouse.FindRuns("20260101T000000-a").Runs).RunId);
        for (int filler = 0; filler < 10_000; filler++) File.WriteAllText(Path.Combine(Root, "runs", $"20260103T{filler:000000}-x.json"), "{}");
        warehouse.Record(run with { RunId = "20260104T000000-z" });
        Assert.Equal(10_000, warehouse.RunCount);
        Assert.Empty(warehouse.FindRuns("20260102").Runs);
        Assert.Single(warehouse.FindRuns("20260104").Runs);
    }

    [Fact]
    public void A_damaged_hold_is_told_and_released()
    {
        Warehouse warehouse = Warehouse.Open(Root);
        File.WriteAllText(Path.Combine(Root, "hold.json"), "{");
        Assert.Equal("hold.json", Assert.Single(Assert.Throws<WarehouseDamagedException>(() => warehouse.Hold).Damage).Path);
        Assert.True(warehouse.Release());
        Assert.Null(warehouse.Hold);
    }

    [Fact]
    public async Task A_newest_snapshot_that_is_gone_is_found_by_verify_and_a_pruned_one_is_no_damage()
    {
        Warehouse warehouse = Warehouse.Open(Root);
        Snapshot first = (await warehouse.Publish(Requests.Of("a", seed: 1), Token)).Current!;
        Snapshot second = (await warehouse.Publish(Requests.Of("b", seed: 2), Token)).Current!;
        Directory.Delete(first.Directory, recursive: true);
        Assert.Empty(await warehouse.Verify(null, Token));
        Directory.Delete(second.Directory, recursive: true);
        Assert.Equal(2, Assert.Single(await warehouse.Verify(null, Token)).Sequence);
    }

    [Fact]
    public async Task Damage_to_a_published_file_is_found_by_verify()
    {
        Warehouse warehouse = Warehouse.Open(Root);
        Snapshot current = (await warehouse.Publish(Requests.Of("a"), Token)).Current!;
        Assert.Empty(await warehouse.Verify(null, Token));
        string path = warehouse.PathOf("scans")[0];
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        DamagedFile damaged = Assert.Single(await warehouse.Verify(current.Sequence, Token));
        Assert.Equal("scans/scans-0000000001-00000.parquet", damaged.Path);
    }
}
