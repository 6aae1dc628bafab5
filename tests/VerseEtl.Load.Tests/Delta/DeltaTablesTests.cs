using System.Diagnostics;
using System.Text.Json;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Load.Tests.Publishing;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Delta;

public sealed class DeltaTablesTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly Calendar _calendar = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Root => _temp["warehouse"];

    private WarehouseOptions Options => new() { Delta = true, Time = _calendar, KeepNewest = 100 };

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Version_n_is_commit_n_over_the_snapshots_own_files_and_a_rollback_is_one_as_well()
    {
        await Publish(3);
        _calendar.Now = _calendar.Now.AddDays(1);
        Assert.Null((await Warehouse.Open(Root, new WarehouseOptions { Time = _calendar }).Rollback(1, "back", Token)).Aftermath);
        IReadOnlyList<Snapshot> snapshots = Warehouse.OpenForReading(Root).Snapshots();
        Assert.Equal(4, snapshots.Count);
        foreach (TableSchema table in PublishedSchema.All)
        {
            Assert.Equal([0, 1, 2, 3, 4], Versions(table.Name));
            foreach (Snapshot snapshot in snapshots)
            {
                List<JsonElement> actions = Actions(table.Name, snapshot.Sequence);
                Assert.Equal("commitInfo", actions[0].EnumerateObject().Single().Name);
                Assert.Equal(snapshot.Sequence, Of(actions, "txn").GetProperty("version").GetInt64());
                JsonElement add = Of(actions, "add");
                string name = add.GetProperty("path").GetString()!, own = Path.Combine(snapshot.Directory, table.Name, name);
                Assert.True(SameFile(own, Path.Combine(Root, "delta", table.Name, name)));
                Assert.Equal(new FileInfo(own).Length, add.GetProperty("size").GetInt64());
                Assert.Equal(snapshot.CommittedUtc.UtcDateTime, File.GetLastWriteTimeUtc(Log(table.Name, snapshot.Sequence)));
                if (snapshot.Sequence == 1) continue;
                JsonElement removed = Of(actions, "remove");
                Assert.Equal(Of(Actions(table.Name, snapshot.Sequence - 1), "add").GetProperty("path").GetString(), removed.GetProperty("path").GetString());
                Assert.True(removed.TryGetProperty("size", out _) && removed.TryGetProperty("partitionValues", out _)
                    && removed.GetProperty("extendedFileMetadata").GetBoolean());
            }
        }
        JsonElement statistics = JsonDocument.Parse(Of(Actions("vertebrae", 4), "add").GetProperty("stats").GetString()!).RootElement;
        PublishedTables tables = await Warehouse.ReadTables(snapshots[^1], Token);
        Assert.Equal(tables.Vertebrae.Count, statistics.GetProperty("numRecords").GetInt32());
        Assert.Equal(tables.Vertebrae.Min(row => row.VolumeMm3), statistics.GetProperty("minValues").GetProperty("volume_mm3").GetDouble());
        Assert.Equal(tables.Vertebrae.Max(row => row.Label), statistics.GetProperty("maxValues").GetProperty("label").GetInt32());
        Assert.Equal(tables.Vertebrae.Count(row => row.MaskHuMean is null), statistics.GetProperty("nullCount").GetProperty("mask_hu_mean").GetInt32());
        JsonElement schema = JsonDocument.Parse(Of(Actions("vertebrae", 0), "metaData").GetProperty("schemaString").GetString()!).RootElement;
        Assert.Equal(PublishedSchema.Vertebrae.Columns.Select(column => (column.Name, column.Nullable)),
            schema.GetProperty("fields").EnumerateArray()
                .Select(field => (field.GetProperty("name").GetString()!, field.GetProperty("nullable").GetBoolean())));
    }

    [Fact]
    public async Task A_night_without_changes_writes_no_version_and_a_warehouse_without_the_option_has_no_delta_folder()
    {
        await Warehouse.Open(Root).Publish(Requests.Of("first"), Token);
        Assert.False(Directory.Exists(Path.Combine(Root, "delta")));

        // turned on: the snapshot that is there becomes a version although nothing is published
        Assert.Equal(PublishEnding.Unchanged, (await Warehouse.Open(Root, Options).Publish(Requests.Of("second"), Token)).Ending);
        Assert.Equal([0, 1], Versions("scans"));
        await Warehouse.Open(Root, Options).Publish(Requests.Of("third"), Token);
        Assert.Equal([0, 1], Versions("scans"));
    }

    [Fact]
    public async Task What_retention_takes_is_gone_from_the_Delta_folder_too()
    {
        await Publish(4);
        await Warehouse.Open(Root, Options with { KeepNewest = 2, KeepYoungerThan = TimeSpan.Zero }).Publish(Requests.Of("last", seed: 9), Token);
        Assert.Equal([0, 1, 2, 3, 4, 5], Versions("pairs"));
        Assert.Equal(["pairs-0000000004-00000.parquet", "pairs-0000000005-00000.parquet"],
            Directory.GetFiles(Path.Combine(Root, "delta", "pairs")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("torn")]
    [InlineData("empty")]
    [InlineData("missing in the middle")]
    [InlineData("torn in the middle")]
    public async Task A_version_that_is_lost_or_torn_is_written_again_as_it_was(string how)
    {
        await Publish(3);
        string path = Log("spines", how.EndsWith("middle", StringComparison.Ordinal) ? 2 : 3);
        byte[] was = await File.ReadAllBytesAsync(path, Token);
        DateTime at = File.GetLastWriteTimeUtc(path);
        if (how.StartsWith("missing", StringComparison.Ordinal)) File.Delete(path);
        else await File.WriteAllBytesAsync(path, how.StartsWith("torn", StringComparison.Ordinal) ? was[..^20] : [], Token);
        PublishOutcome outcome = await Warehouse.Open(Root, Options).Publish(Requests.Of("again", seed: 3), Token);
        Assert.Equal((PublishEnding.Unchanged, null), (outcome.Ending, outcome.Aftermath));
        Assert.Equal(was, await File.ReadAllBytesAsync(path, Token));
        Assert.Equal(at, File.GetLastWriteTimeUtc(path));
    }

    [Fact]
    public async Task A_version_of_somebody_else_with_data_is_told_every_time_and_nothing_is_written_over_or_after_it()
    {
        await Publish(2);
        const string Foreign = """
            {"commitInfo":{"timestamp":1,"operation":"WRITE","engineInfo":"delta-rs:1.6.6"}}
            {"add":{"path":"theirs.parquet","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}
            """;
        await File.WriteAllTextAsync(Log("audit", 3), Foreign, Token);
        for (int seed = 7; seed < 9; seed++)
        {
            PublishOutcome outcome = await Warehouse.Open(Root, Options).Publish(Requests.Of($"run-{seed}", seed: seed), Token);
            Assert.Equal(PublishEnding.Published, outcome.Ending);
            Assert.Contains("delta/audit: somebody else has changed the Delta table in its version 3", outcome.Aftermath!, StringComparison.Ordinal);
        }
        Assert.Equal(Foreign, await File.ReadAllTextAsync(Log("audit", 3), Token));
        Assert.Equal([0, 1, 2, 3], Versions("audit"));
        Assert.Equal([0, 1, 2, 3, 4], Versions("scans"));

        // made anew: it begins where snapshots are there without a gap
        Directory.Delete(Path.Combine(Root, "delta", "audit"), recursive: true);
        Assert.Null((await Warehouse.Open(Root, Options).Publish(Requests.Of("anew", seed: 8), Token)).Aftermath);
        Assert.Equal([0, 1, 2, 3, 4], Versions("audit"));
    }

    [Fact]
    public async Task Versions_of_somebody_else_without_data_shift_ours_and_are_told_once()
    {
        await Publish(2);
        await File.WriteAllTextAsync(Log("audit", 3), """{"commitInfo":{"timestamp":1,"operation":"VACUUM START","engineInfo":"Apache-Spark/4.2.0"}}""", Token);
        await File.WriteAllTextAsync(Log("audit", 4), """{"commitInfo":{"timestamp":1,"operation":"VACUUM END","engineInfo":"Apache-Spark/4.2.0"}}""", Token);
        PublishOutcome outcome = await Warehouse.Open(Root, Options).Publish(Requests.Of("third", seed: 7), Token);
        Assert.Contains("from here on version 5 is commit 3", outcome.Aftermath!, StringComparison.Ordinal);
        Assert.Equal(3, Of(Actions("audit", 5), "txn").GetProperty("version").GetInt64());
        Assert.Null((await Warehouse.Open(Root, Options).Publish(Requests.Of("fourth", seed: 8), Token)).Aftermath);
        Assert.Equal(4, Of(Actions("audit", 6), "txn").GetProperty("version").GetInt64());
        Assert.Equal("audit-0000000003-00000.parquet", Of(Actions("audit", 6), "remove").GetProperty("path").GetString());
    }

    [Fact]
    public async Task Turned_on_late_a_log_begins_with_a_checkpoint_before_the_oldest_snapshot()
    {
        WarehouseOptions without = new() { KeepNewest = 2, KeepYoungerThan = TimeSpan.Zero };
        for (int seed = 1; seed <= 4; seed++) await Warehouse.Open(Root, without).Publish(Requests.Of($"run-{seed}", seed: seed), Token);
        await Warehouse.Open(Root, Options).Publish(Requests.Of("on", seed: 5), Token);
        Assert.Equal([2, 3, 4, 5], Versions("findings"));
        Assert.True(File.Exists(Path.ChangeExtension(Log("findings", 2), ".checkpoint.parquet")));
        Assert.Equal("""{"version":2,"size":3}""",
            await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(Log("findings", 2))!, "_last_checkpoint"), Token));
    }

    [Fact]
    public async Task The_change_feed_begins_with_the_version_after_it_was_asked_for_and_stays()
    {
        await Publish(2);
        await Warehouse.Open(Root, Options with { DeltaChangeFeed = true }).Publish(Requests.Of("third", seed: 3), Token);
        await Warehouse.Open(Root, Options).Publish(Requests.Of("fourth", seed: 4), Token);
        Assert.Equal(2, Of(Actions("scans", 0), "protocol").GetProperty("minWriterVersion").GetInt32());
        Assert.False(Of(Actions("scans", 0), "metaData").GetProperty("configuration").TryGetProperty("delta.enableChangeDataFeed", out _));
        Assert.Equal(4, Of(Actions("scans", 3), "protocol").GetProperty("minWriterVersion").GetInt32());
        Assert.Equal("true", Of(Actions("scans", 3), "metaData").GetProperty("configuration").GetProperty("delta.enableChangeDataFeed").GetString());
        Assert.Equal(Of(Actions("scans", 0), "metaData").GetProperty("schemaString").GetString(),
            Of(Actions("scans", 3), "metaData").GetProperty("schemaString").GetString());

        // nothing to say again: it is so
        Assert.DoesNotContain(Actions("scans", 4), action => action.TryGetProperty("protocol", out _) || action.TryGetProperty("metaData", out _));
        byte[] was = await File.ReadAllBytesAsync(Log("scans", 4), Token);
        File.Delete(Log("scans", 4));
        await Warehouse.Open(Root, Options).Publish(Requests.Of("again", seed: 4), Token);
        Assert.Equal(was, await File.ReadAllBytesAsync(Log("scans", 4), Token));
    }

    [Fact]
    public async Task Writers_at_once_put_each_version_once()
    {
        PublishOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(at => Task.Run(() =>
            Warehouse.Open(Root, Options).Publish(Requests.Of($"writer-{at}", seed: 10 + at), Token), Token)));
        Assert.All(outcomes, outcome => Assert.Equal((PublishEnding.Published, null), (outcome.Ending, outcome.Aftermath)));
        foreach (TableSchema table in PublishedSchema.All)
        {
            Assert.Equal([0, 1, 2, 3, 4], Versions(table.Name));
            for (long version = 1; version <= 4; version++)
                Assert.Equal(version, Of(Actions(table.Name, version), "txn").GetProperty("version").GetInt64());
        }
    }

    private async Task Publish(int count)
    {
        for (int seed = 1; seed <= count; seed++)
        {
            _calendar.Now = _calendar.Now.AddDays(1);
            PublishOutcome outcome = await Warehouse.Open(Root, Options).Publish(Requests.Of($"run-{seed}", seed: seed), Token);
            Assert.Equal((PublishEnding.Published, null), (outcome.Ending, outcome.Aftermath));
        }
    }

    private IEnumerable<long> Versions(string table) => Directory.GetFiles(Path.Combine(Root, "delta", table, "_delta_log"), "*.json")
        .Select(path => long.Parse(Path.GetFileNameWithoutExtension(path), System.Globalization.CultureInfo.InvariantCulture)).Order();

    private string Log(string table, long version) => Path.Combine(Root, "delta", table, "_delta_log", $"{version:D20}.json");

    private List<JsonElement> Actions(string table, long version) =>
        [.. File.ReadAllLines(Log(table, version)).Select(line => JsonDocument.Parse(line).RootElement)];

    private static JsonElement Of(IReadOnlyList<JsonElement> actions, string name) =>
        actions.Single(action => action.TryGetProperty(name, out _)).GetProperty(name);

    private static bool SameFile(string a, string b)
    {
        using Process stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%d:%i", a, b]) { RedirectStandardOutput = true })!;
        string[] lines = stat.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 2 && lines[0] == lines[1];
    }
}
