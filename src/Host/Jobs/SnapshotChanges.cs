using VerseEtl.Host.Display;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Jobs;

/// <summary>What a snapshot changed against the one before it, without most of its rows.</summary>
/// <param name="Summary">As `DiffText.Summary` has it.</param>
/// <param name="Tables">Those that differ, each with its first rows.</param>
public sealed record SnapshotChanges(long Before, long After, IReadOnlyList<string> Summary, IReadOnlyList<TableChanges> Tables)
{
    /// <summary>What the first rows of a table are.</summary>
    public const int MostRows = 12;

    // VerSe has 4,548 vertebrae; both snapshots are read from end to end
    private const long MostCompared = 50_000;

    /// <summary>It has so many rows that comparing it takes a while.</summary>
    public static bool IsCostly(Snapshot after) =>
        after.Manifest.Files.Where(file => file.Path.StartsWith("vertebrae/", StringComparison.Ordinal)).Sum(file => file.Rows ?? 0) > MostCompared;

    /// <returns>Null where there is no snapshot before that can be read.</returns>
    /// <exception cref="WarehouseDamagedException">A table is damaged.</exception>
    public static async Task<SnapshotChanges?> Of(Warehouse warehouse, Snapshot after, CancellationToken token)
    {
        if (warehouse.Snapshots().LastOrDefault(snapshot => snapshot.Sequence < after.Sequence) is not Snapshot before) return null;
        DiffSummary summary = new();
        IReadOnlyList<TableDiff> all = await Warehouse.Diff(before, after, new DiffKept(MostRows, summary.Add), token);
        return new SnapshotChanges(before.Sequence, after.Sequence, summary.Of(all),
            [.. all.Where(table => !table.IsEmpty).Select(TableChanges.Of)]);
    }
}

/// <summary>One table of it.</summary>
/// <param name="Counts">How many rows came, went and changed, in words.</param>
public sealed record TableChanges(string Counts, IReadOnlyList<RowKey> Added, IReadOnlyList<RowKey> Removed, IReadOnlyList<RowChange> Changed, int More)
{
    public static TableChanges Of(TableDiff table)
    {
        RowKey[] added = [.. table.Added.Take(SnapshotChanges.MostRows)], removed = [.. table.Removed.Take(SnapshotChanges.MostRows)];
        RowChange[] changed = [.. table.Changed.Take(SnapshotChanges.MostRows)];
        return new TableChanges(DiffText.Counts(table), added, removed, changed, table.Count - added.Length - removed.Length - changed.Length);
    }
}
