using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>Comparison of snapshots whose tables lie in many files: three rows a file, two a row group.</summary>
public sealed class DiffTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private int _snapshots;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    // every place where a group or a file begins or ends, and the ends of the table
    [Theory]
    [InlineData("", "0")]
    [InlineData("", "10")]
    [InlineData("0 1 2 3", "4")]
    [InlineData("7 8 9 10", "0 1 2 3")]
    [InlineData("1 3 5", "2 4")]
    [InlineData("2 3", "5 6 7")]
    [InlineData("0 1 2 3 4 5 6 7 8 9 10", "")]
    [InlineData("", "0 1 2 3 4 5 6 7 8 9 10")]
    public async Task Rows_of_one_side_alone_are_told_wherever_they_lie(string onlyBefore, string onlyAfter)
    {
        PublishedTables all = SampleTables.Of(11);
        TableDiff scans = await Diff(Without(onlyAfter), Without(onlyBefore), "scans");
        Assert.Equal(Keys(onlyAfter), scans.Added.Select(key => key.ToString()));
        Assert.Equal(Keys(onlyBefore), scans.Removed.Select(key => key.ToString()));
        Assert.Empty(scans.Changed);

        PublishedTables Without(string numbers) => SampleTables.Empty with { Scans = [.. all.Scans.Where(scan => !Keys(numbers).Contains(scan.ScanKey))] };

        string[] Keys(string numbers) =>
            [.. numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => all.Scans[int.Parse(number, null)].ScanKey)];
    }

    [Fact]
    public async Task A_row_that_changed_is_found_beside_rows_that_came_and_went_in_other_groups()
    {
        PublishedTables all = SampleTables.Of(11);
        PublishedTables before = SampleTables.Empty with { Scans = [.. all.Scans.Skip(3)] };
        ScanRow[] changed = [.. all.Scans.Take(9).Select((scan, at) => at is 3 or 8 ? scan with { Labels = [19] } : scan)];
        PublishedTables after = SampleTables.Empty with { Scans = changed };
        TableDiff scans = await Diff(before, after, "scans");
        Assert.Equal((3, 2, 2), (scans.AddedCount, scans.RemovedCount, scans.ChangedCount));
        Assert.Equal([all.Scans[3].ScanKey, all.Scans[8].ScanKey], scans.Changed.Select(row => row.Key.ToString()));
        CellChange cell = Assert.Single(scans.Changed[0].Cells);
        Assert.Equal("labels", cell.Column);
        Assert.Equal([19], (IReadOnlyList<int>)cell.After!);
    }

    [Fact]
    public async Task Rows_that_share_a_key_over_several_groups_and_files_are_one_key()
    {
        PublishedTables Times(int count, string? observed = null)
        {
            Finding same = Finding.Of(Faults.SrcUnavailable, new(Path: "a"), "it");
            return SampleTables.Empty with
            {
                Findings = [Finding.Of(Faults.CacheCorrupt), .. Enumerable.Repeat(same, count - 1), same with { Observed = observed ?? "it" }],
            };
        }

        Assert.True((await Diff(Times(8), Times(8), "findings")).IsEmpty);
        TableDiff fewer = await Diff(Times(8), Times(7), "findings");
        Assert.Equal((0, 0, 1), (fewer.AddedCount, fewer.RemovedCount, fewer.ChangedCount));
        Assert.Empty(fewer.Changed[0].Cells);
        Assert.Equal(1, (await Diff(Times(8), Times(8, "other"), "findings")).ChangedCount);
        TableDiff gone = await Diff(Times(8), SampleTables.Empty with { Findings = [Finding.Of(Faults.CacheCorrupt)] }, "findings");
        Assert.Equal((0, 1, 0), (gone.AddedCount, gone.RemovedCount, gone.ChangedCount));
    }

    [Fact]
    public async Task Of_the_rows_that_are_not_kept_the_number_stays_and_those_that_changed_most_are_kept()
    {
        double[] factors = [1.1, 1.9, 1.5, 1.9, 0.2];
        PublishedTables tables = Times([1]), changed = Times(factors);
        (Snapshot before, Snapshot after) = (await Publish(tables), await Publish(changed));
        TableDiff whole = (await Warehouse.Diff(before, after, Token)).Single(table => table.Table == "vertebrae");
        List<WeakReference> told = [];
        int alive = 0;
        TableDiff few = (await Warehouse.Diff(before, after, new DiffKept(3, Told), Token)).Single(table => table.Table == "vertebrae");
        Assert.Equal(whole.Changed.Take(3).Select(row => row.Key.ToString()), few.Changed.Select(row => row.Key.ToString()));
        Assert.Equal(tables.Vertebrae.Count, few.ChangedCount);
        Assert.Equal(whole.ChangedCount, told.Count);
        // what is not kept is let go on the way
        Assert.InRange(alive, 1, 12);

        static PublishedTables Times(double[] factors)
        {
            PublishedTables sample = SampleTables.Of(24);
            return sample with { Vertebrae = [.. sample.Vertebrae.Select((row, at) => row with { VolumeCm3 = 20 * factors[at % factors.Length] })] };
        }

        void Told(string table, RowChange row)
        {
            Assert.Equal("vertebrae", table);
            told.Add(new WeakReference(row));
            if (told.Count != tables.Vertebrae.Count) return;
            GC.Collect();
            alive = told.Count(each => each.IsAlive);
        }
    }

    [Fact]
    public void Neither_side_is_read_further_than_to_the_next_key()
    {
        int[] given = [0, 0];
        IEnumerable<ScanRow> Side(int side, Func<int, bool> has)
        {
            foreach (ScanRow scan in SampleTables.Of(100).Scans.Where((_, at) => has(at)))
            {
                given[side]++;
                yield return scan;
            }
        }

        int keys = 0;
        foreach ((IReadOnlyList<ScanRow> was, IReadOnlyList<ScanRow> isNow) in
            SideBySide.Of(PublishedSchema.Scans, Side(0, at => at % 3 != 0), Side(1, at => at % 2 == 0)))
        {
            keys += was.Count + isNow.Count;
            Assert.InRange(given[0] + given[1] - keys, 0, 2);
        }
        Assert.Equal(66 + 50, keys);
    }

    [Fact]
    public void Rows_that_are_not_in_key_order_are_refused()
    {
        IReadOnlyList<ScanRow> scans = SampleTables.Of(3).Scans;
        ScanRow[] turned = [scans[1], scans[0]];
        Assert.Throws<InvalidDataException>(() => SideBySide.Of(PublishedSchema.Scans, turned, scans).Count());
        Assert.Throws<InvalidDataException>(() => SideBySide.Of(PublishedSchema.Scans, [], turned).Count());
    }

    private async Task<TableDiff> Diff(PublishedTables before, PublishedTables after, string table) =>
        (await Warehouse.Diff(await Publish(before), await Publish(after), Token)).Single(each => each.Table == table);

    private async Task<Snapshot> Publish(PublishedTables tables)
    {
        Warehouse warehouse = Warehouse.Open(_temp["warehouse"], new WarehouseOptions { Parts = new PartSizes(2, 3) });
        int number = ++_snapshots;
        PublishRequest request = Requests.Of($"run-{number}", seed: number, tables: tables) with { EvenIfUnchanged = true };
        return (await warehouse.Publish(request, Token)).Current!;
    }
}
