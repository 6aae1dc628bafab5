using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Publishing;

public sealed class RetentionTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly Calendar _calendar = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Root => _temp["warehouse"];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Pruning_keeps_the_newest_and_the_young_and_never_a_commit_less()
    {
        Warehouse warehouse = Open(keepNewest: 2, days: 3);
        for (int day = 1; day <= 6; day++)
        {
            await warehouse.Publish(Requests.Of($"day-{day}", seed: day), Token);
            _calendar.Now += TimeSpan.FromDays(1);
        }
        // the sixth publish was made on day 5: those of day 3, 4 and 5 are younger than 3 days then
        Assert.Equal([4L, 5, 6], warehouse.Snapshots().Select(snapshot => snapshot.Sequence));
        _calendar.Now += TimeSpan.FromDays(30);
        Assert.Equal([4L], warehouse.Prune());
        Assert.Equal(6, Directory.GetFiles(Path.Combine(Root, "commits")).Length);
        WarehouseInvariants.Check(Root, recovered: true);
        Assert.Empty(await warehouse.Verify(null, Token));
    }

    [Fact]
    public async Task A_rollback_publishes_the_old_rows_as_the_newest_snapshot_and_holds_scheduled_runs_until_release()
    {
        Warehouse warehouse = Open();
        await warehouse.Publish(Requests.Of("one", seed: 1), Token);
        await warehouse.Publish(Requests.Of("two", seed: 2), Token);
        Snapshot first = warehouse.Find(1)!;

        PublishOutcome outcome = await warehouse.Rollback(1, "back", Token);
        Snapshot current = WarehouseInvariants.Check(Root, recovered: true)!;
        Assert.Equal((PublishEnding.Published, 3L, 1L), (outcome.Ending, current.Sequence, current.RolledBackTo!.Value));
        Assert.All(await Warehouse.Diff(first, current, Token), diff => Assert.True(diff.IsEmpty));
        Assert.EndsWith("scans-0000000003-00000.parquet", warehouse.PathOf("scans")[0], StringComparison.Ordinal);

        Assert.Equal(1, warehouse.Hold!.RolledBackTo);
        Assert.Equal(PublishEnding.Held, (await warehouse.Publish(Requests.Of("three", seed: 3, runKey: "nightly@3"), Token)).Ending);
        Assert.True(warehouse.Release());
        Assert.False(warehouse.Release());
        Assert.Equal(PublishEnding.Published, (await warehouse.Publish(Requests.Of("four", seed: 3, runKey: "nightly@4"), Token)).Ending);
        await Assert.ThrowsAsync<ArgumentException>(() => warehouse.Rollback(77, "nowhere", Token));
    }

    [Fact]
    public async Task A_diff_names_the_rows_that_came_went_and_changed()
    {
        Warehouse warehouse = Open();
        PublishedTables tables = SampleTables.Of(4);
        Snapshot before = (await warehouse.Publish(Requests.Of("one", seed: 1, tables: tables), Token)).Current!;
        PublishedTables changed = tables with
        {
            Scans = [tables.Scans[0] with { Labels = [19] }, .. tables.Scans.Skip(1)],
            Vertebrae = [tables.Vertebrae[0] with { VoxelCount = 5 }, .. tables.Vertebrae.Skip(2), tables.Vertebrae[1] with { Label = 8, AnatomicalOrder = 8 }],
        };
        Snapshot after = (await warehouse.Publish(Requests.Of("two", seed: 2, tables: changed), Token)).Current!;
        IReadOnlyList<TableDiff> diff = await Warehouse.Diff(before, after, Token);
        TableDiff vertebrae = diff.Single(table => table.Table == "vertebrae");
        string scan = tables.Scans[0].ScanKey;
        Assert.Equal([$"{scan} 8"], vertebrae.Added.Select(key => key.ToString()));
        Assert.Equal([$"{scan} 28"], vertebrae.Removed.Select(key => key.ToString()));
        RowChange row = Assert.Single(vertebrae.Changed);
        Assert.Equal($"{scan} 19", row.Key.ToString());
        Assert.Equal([scan, 19], row.Key.Columns.Values);
        long was = tables.Vertebrae[0].VoxelCount;
        Assert.Equal(new CellChange("voxel_count", was, 5L, 5.0 / was - 1), Assert.Single(row.Cells));
        Assert.Equal([scan], diff.Single(table => table.Table == "scans").Changed.Select(change => change.Key.ToString()));
        Assert.True(diff.Single(table => table.Table == "findings").IsEmpty);
    }

    [Fact]
    public async Task Changed_rows_come_by_the_largest_relative_change_of_a_size_and_coordinates_have_none()
    {
        Warehouse warehouse = Open();
        PublishedTables tables = SampleTables.Of(4);
        PublishedTables With(double first, double xMm, double second) => tables with
        {
            Vertebrae =
            [
                tables.Vertebrae[0] with { VolumeCm3 = first, CentroidXMm = xMm }, tables.Vertebrae[1] with { VolumeCm3 = second }, .. tables.Vertebrae.Skip(2),
            ],
        };
        Snapshot before = (await warehouse.Publish(Requests.Of("one", seed: 1, tables: With(40, 0.01, 40)), Token)).Current!;
        Snapshot after = (await warehouse.Publish(Requests.Of("two", seed: 2, tables: With(36, 30, 20)), Token)).Current!;
        TableDiff vertebrae = (await Warehouse.Diff(before, after, Token)).Single(table => table.Table == "vertebrae");
        Assert.Equal([0.5, 0.1], vertebrae.Changed.Select(row => Math.Round(row.LargestRelativeChange, 9)));
        Assert.Equal(["volume_cm3", "centroid_x_mm"], vertebrae.Changed[1].Cells.Select(cell => cell.Column));
        Assert.Null(vertebrae.Changed[1].Cells[1].RelativeChange);
    }

    [Fact]
    public async Task A_lost_or_older_link_is_rolled_forward_by_the_next_start()
    {
        Warehouse warehouse = Open();
        await warehouse.Publish(Requests.Of("one"), Token);
        string older = new FileInfo(Path.Combine(Root, "current")).LinkTarget!;
        await warehouse.Publish(Requests.Of("two", seed: 2), Token);
        File.Delete(Path.Combine(Root, "current"));
        File.CreateSymbolicLink(Path.Combine(Root, "current"), older);
        await warehouse.Publish(Requests.Of("three", seed: 2), Token);
        Assert.Equal(2, WarehouseInvariants.Check(Root, recovered: true)!.Sequence);
        File.Delete(Path.Combine(Root, "current"));
        await warehouse.Publish(Requests.Of("four", seed: 2), Token);
        WarehouseInvariants.Check(Root, recovered: true);
    }

    [Fact]
    public async Task A_failure_after_the_commit_is_a_published_run()
    {
        Warehouse warehouse = Open();
        Directory.CreateDirectory(Path.Combine(Root, "current"));
        File.WriteAllText(Path.Combine(Root, "current", "mine.txt"), "");
        // recovery meets no commit yet, so the directory is in the way only after the commit
        PublishOutcome outcome = await warehouse.Publish(Requests.Of("one"), Token);
        Assert.Equal(PublishEnding.Published, outcome.Ending);
        Assert.NotNull(outcome.Aftermath);
        Assert.Equal(1, WarehouseInvariants.Check(Root)!.Sequence);
    }

    [Fact]
    public void A_warehouse_that_does_not_exist_is_not_made_by_reading()
    {
        Assert.Throws<StorageException>(() => Warehouse.OpenForReading(Root));
        Assert.False(Directory.Exists(Root));
    }

    private Warehouse Open(int keepNewest = 7, int days = 14) =>
        Warehouse.Open(Root, new WarehouseOptions { KeepNewest = keepNewest, KeepYoungerThan = TimeSpan.FromDays(days), Time = _calendar });
}
