using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using VerseEtl.Load.Delta;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Load.Tests.Engines;
using VerseEtl.Load.Tests.Publishing;

namespace VerseEtl.Load.Tests.Delta;

/// <summary>ClickHouse (chdb, by delta-kernel) reads the logs: each table at each version, its columns and values, as the snapshot has them.</summary>
public sealed class DeltaReadersTests : IDisposable
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Delta", "chdb-reads.cjs");
    private readonly TempFolder _temp = new();
    private int _cells;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Root => _temp["warehouse"];

    private static WarehouseOptions Options => new() { Delta = true, KeepNewest = 3, KeepYoungerThan = TimeSpan.Zero };

    public void Dispose() => _temp.Dispose();

    [Fact(Explicit = true)]
    public async Task Every_version_reads_as_its_snapshot_and_one_that_retention_took_fails()
    {
        for (int seed = 1; seed <= 3; seed++) await Warehouse.Open(Root, Options).Publish(Requests.Of($"run-{seed}", seed: seed), Token);
        await Warehouse.Open(Root, Options).Rollback(2, "back", Token);
        await Warehouse.Open(Root, Options).Publish(Requests.Of("run-5", seed: 5, tables: SampleTables.Of(9, seed: 5)), Token);
        await RequireEqual([3, 4, 5], gone: [1, 2]);
        LongRuns.Report($"chdb: {_cells} cells of 8 tables at 3 versions equal, 2 pruned versions refused");
    }

    [Fact(Explicit = true)]
    public async Task A_log_that_begins_with_a_checkpoint_and_one_that_somebody_vacuumed_read_as_their_snapshots()
    {
        for (int seed = 1; seed <= 4; seed++) await Warehouse.Open(Root, Options with { Delta = false }).Publish(Requests.Of($"run-{seed}", seed: seed), Token);
        await Warehouse.Open(Root, Options).Publish(Requests.Of("run-4", seed: 4), Token);
        await RequireEqual([2, 3, 4], gone: [0]);
        foreach (string folder in Directory.GetDirectories(Path.Combine(Root, "delta")))
            await File.WriteAllTextAsync(Path.Combine(folder, "_delta_log", $"{5:D20}.json"), """
                {"commitInfo":{"timestamp":1,"operation":"VACUUM START","operationParameters":{},"engineInfo":"Apache-Spark/4.2.0 Delta-Lake/4.4.0"}}
                """, Token);
        await Warehouse.Open(Root, Options with { DeltaChangeFeed = true }).Publish(Requests.Of("run-5", seed: 5), Token);
        await RequireEqual([5], gone: [], shift: 1);
    }

    [Fact(Explicit = true)]
    public async Task A_writer_killed_at_any_step_of_the_logs_leaves_versions_that_read_right_and_the_next_run_goes_on()
    {
        // one whose log begins at 0, one whose log begins with a checkpoint
        foreach (int before in new[] { 0, 3 })
        {
            long sequence = 0;
            foreach (string step in DeltaSteps.All)
            {
                string root = _temp[$"warehouse-{before}-{step}"];
                for (int seed = 1; seed <= before; seed++)
                    await Warehouse.Open(root, Options with { Delta = false, KeepNewest = 2 }).Publish(Requests.Of($"run-{seed}", seed: seed), Token);
                Directory.CreateDirectory(Path.Combine(root, "delta"));
                using (Process worker = PublishWorker.Start(root, "killed", seed: 8, step: step, action: "kill"))
                {
                    await worker.WaitForExitAsync(Token);
                    Assert.Equal(137, worker.ExitCode);
                }
                Snapshot? left = WarehouseInvariants.Check(root);
                DeltaInvariants.Check(root, upToDate: false);
                Assert.Null((await Warehouse.Open(root, Options).Publish(Requests.Of("next", seed: 9), Token)).Aftermath);
                sequence = WarehouseInvariants.Check(root, recovered: true)!.Sequence;
                DeltaInvariants.Check(root, upToDate: true);
                Assert.Equal((left?.Sequence ?? 0) + 1, sequence);
                long[] present = [.. Warehouse.OpenForReading(root).Snapshots().Select(snapshot => snapshot.Sequence)];
                await RequireEqual(present, gone: [], root: root);
                LongRuns.Report($"{step}, {before} commits before: commit {left?.Sequence}, next {sequence}, read: {string.Join(", ", present)}");
            }
        }
    }

    [Fact(Explicit = true)]
    public async Task A_log_of_many_versions_is_published_to_and_read_as_fast_as_a_short_one()
    {
        int versions = Math.Min(250 * LongRuns.Factor, 10_000);
        TableSchema table = PublishedSchema.Vertebrae;
        string file = Tables.TableFile.Write(_temp, table, SampleTables.Of(9)), folder = Path.Combine(_temp.Folder("delta"), table.Name);
        DeltaCommit CommitOf(long sequence) => new(sequence, DateTimeOffset.UnixEpoch.AddDays(sequence),
            [new CommittedFile(Path.GetFileName(TableSchema.PartPath(table.Name, sequence)), file)]);
        DeltaLog log = new(folder, table.Name, table.Meaning, _temp.Folder("staging"));
        List<double> milliseconds = [];
        for (long sequence = 1; sequence <= versions; sequence++)
        {
            long start = Stopwatch.GetTimestamp();
            DeltaOutcome outcome = log.RollForward(sequence, CommitOf, Guid.Empty.ToString());
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Assert.Equal((1, null), (outcome.Written, outcome.Told));
            DeltaLog.RemoveGone(folder, gone => gone <= sequence - 14);
        }
        FileInfo[] checkpoints = new DirectoryInfo(Path.Combine(folder, "_delta_log")).GetFiles("*.checkpoint.parquet");
        Assert.Equal(versions / DeltaLog.VersionsPerCheckpoint, checkpoints.Length);
        string ReadNewest() => NodePackage.Chdb.Run(Script, [],
            JsonSerializer.Serialize(new[] { $"SELECT count(volume_mm3), sum(label) FROM deltaLakeLocal('{folder}')" }), folder: _temp.Path);
        string whole = ReadNewest();
        long read = Stopwatch.GetTimestamp();
        Assert.Equal(whole, ReadNewest());
        double seconds = Stopwatch.GetElapsedTime(read).TotalSeconds;
        long bytes = new DirectoryInfo(Path.Combine(folder, "_delta_log")).GetFiles("*.json").Sum(each => each.Length);

        // what the newest checkpoint says is all that is needed: nothing before it is looked at
        long last = long.Parse(checkpoints.Max(each => each.Name)![..20], CultureInfo.InvariantCulture);
        for (long version = 0; version <= last; version++) File.Delete(Path.Combine(folder, "_delta_log", $"{version:D20}.json"));
        Assert.Equal(whole, ReadNewest());
        Assert.Contains($"[{SampleTables.Of(9).Vertebrae.Count}, ", whole, StringComparison.Ordinal);
        double first = milliseconds.Take(100).Average(), latest = milliseconds.TakeLast(100).Average();
        LongRuns.Report(string.Create(CultureInfo.InvariantCulture,
            $"{versions} versions: {first:F1} ms a version in the first hundred, {latest:F1} in the last; "
            + $"log {bytes / 1e6:F1} MB, checkpoints of {checkpoints.Max(each => each.Length) / 1e3:F1} kB; ClickHouse with its start {seconds:F2} s"));
    }

    private async Task RequireEqual(long[] sequences, long[] gone, long shift = 0, string? root = null)
    {
        Warehouse warehouse = Warehouse.OpenForReading(root ?? Root);
        List<string> queries = [];
        List<(TableSchema Table, IReadOnlyList<object?>[]? Rows)> expected = [];
        foreach (long sequence in sequences.Concat(gone))
        {
            bool read = !gone.Contains(sequence);
            var tables = read ? await Warehouse.ReadTables(warehouse.Find(sequence)!, Token) : null;
            foreach (TableSchema table in PublishedSchema.All)
            {
                queries.Add($"SELECT * FROM deltaLakeLocal('{Path.Combine(warehouse.Root, "delta", table.Name)}') SETTINGS max_threads = 1, "
                    + $"delta_lake_snapshot_version = {sequence + shift}");
                expected.Add((table, tables is null ? null : [.. table.Values(tables)]));
            }
        }
        using JsonDocument answers = JsonDocument.Parse(
            NodePackage.Chdb.Run(Script, [], JsonSerializer.Serialize(queries), folder: warehouse.Root));
        int at = 0;
        foreach (JsonElement answer in answers.RootElement.EnumerateArray())
        {
            (TableSchema table, IReadOnlyList<object?>[]? rows) = expected[at];
            string query = queries[at++];
            if (rows is null)
            {
                Assert.True(answer.TryGetProperty("error", out _), query);
                continue;
            }
            Assert.True(answer.TryGetProperty("rows", out JsonElement found), $"{query}: {answer}");
            Assert.Equal(rows.Length, found.GetArrayLength());
            foreach ((JsonElement line, IReadOnlyList<object?> values) in found.EnumerateArray().Zip(rows))
            {
                using JsonDocument row = JsonDocument.Parse(line.GetString()!);
                Assert.Equal(values.Select((value, column) => Predicate.Exact(value) ?? Null(table.Columns[column].Type)),
                    row.RootElement.EnumerateArray().Select((cell, column) => Cell(cell, table.Columns[column].Type)));
                _cells += values.Count;
            }
        }
        Assert.Equal(queries.Count, at);
    }

    /// <summary>ClickHouse has no list that is null.</summary>
    private static string? Null(ColumnType type) => type is ColumnType.RealList or ColumnType.Whole32List ? "[]" : null;

    private static string? Cell(JsonElement cell, ColumnType type) => cell.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => "[" + string.Join(", ", cell.EnumerateArray().Select(item => Cell(item, type))) + "]",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number when type is ColumnType.Real or ColumnType.RealList => Predicate.Exact(cell.GetDouble()),
        JsonValueKind.Number => cell.GetInt64().ToString(CultureInfo.InvariantCulture),
        _ => cell.GetString(),
    };
}
