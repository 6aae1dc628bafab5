using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Display;

/// <summary>One snapshot as `snapshots` lists it.</summary>
internal sealed record SnapshotEntry
{
    public required long Sequence { get; init; }
    public required bool Current { get; init; }
    public required DateTimeOffset CommittedUtc { get; init; }
    public required string RunId { get; init; }
    public string? RunKey { get; init; }
    public long? RolledBackTo { get; init; }
    public required string Directory { get; init; }
    public required long Bytes { get; init; }
    public required int Scans { get; init; }
    public required int ScansFailed { get; init; }
    public required IReadOnlyDictionary<string, long> Rows { get; init; }

    /// <summary>Names it was given: it is never pruned while it has one.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>When its files were last read and found whole; null for never.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>Its time is still to come: a clock was wrong.</summary>
    public bool Ahead { get; init; }

    /// <summary>Against the snapshot listed before; null for the oldest, and where the scans of either cannot be read.</summary>
    public ScanChanges? Changes { get; init; }

    /// <summary>Numbers of scans.</summary>
    public sealed record ScanChanges(int Added, int Removed, int Changed);

    /// <summary>Newest first, and what is damaged as far as it is seen without reading every file.</summary>
    public static async Task<(IReadOnlyList<SnapshotEntry> Entries, IReadOnlyList<DamagedFile> Damaged)> Of(Warehouse warehouse,
        DateTimeOffset now, CancellationToken token)
    {
        List<DamagedFile> damaged = [.. warehouse.Look()];
        IReadOnlyList<Snapshot> snapshots = warehouse.Snapshots();
        // one that is damaged is not made up for by an older one
        long? current = snapshots.Count > 0 && damaged.All(file => file.Sequence <= snapshots[^1].Sequence) ? snapshots[^1].Sequence : null;
        ILookup<long, string> names = warehouse.Names().ToLookup(named => named.Sequence, named => named.Name);
        List<SnapshotEntry> entries = [];
        Snapshot? before = null;
        foreach (Snapshot snapshot in snapshots)
        {
            bool readable = false;
            try
            {
                Warehouse.Require(snapshot, PublishedSchema.Scans.Name, token);
                readable = true;
            }
            catch (WarehouseDamagedException unreadable)
            {
                damaged.AddRange(warehouse.Account(unreadable.Damage).Where(file => !damaged.Contains(file)));
            }
            entries.Add(new SnapshotEntry
            {
                Sequence = snapshot.Sequence,
                Current = snapshot.Sequence == current,
                CommittedUtc = snapshot.CommittedUtc,
                RunId = snapshot.RunId,
                RunKey = snapshot.RunKey,
                RolledBackTo = snapshot.RolledBackTo,
                Names = [.. names[snapshot.Sequence]],
                Directory = snapshot.Directory,
                Bytes = snapshot.Manifest.Files.Sum(file => file.Bytes),
                Scans = snapshot.Manifest.ScansFound,
                ScansFailed = snapshot.Manifest.ScansFailed,
                Rows = snapshot.Manifest.Files.Where(file => file.Rows is not null).GroupBy(file => file.Path.Split('/')[0])
                    .ToDictionary(table => table.Key, table => table.Sum(file => file.Rows!.Value)),
                VerifiedAt = warehouse.VerifiedUtc(snapshot.Sequence),
                Oldest = entries.Count == 0,
                Ahead = snapshot.CommittedUtc.IsAhead(now),
                Changes = before is null || !readable ? null : Between(before, snapshot, token),
            });
            before = readable ? snapshot : null;
        }
        entries.Reverse();
        return (entries, damaged);
    }

    private bool Oldest { get; init; }

    public string Line()
    {
        string changes = Changes is { } change ? Invariant($"{change.Added} added, {change.Removed} removed, {change.Changed} changed")
            : Oldest ? "the oldest" : "not compared";
        string proven = VerifiedAt is DateTimeOffset at ? $"verified_at {IsoTime.Minute(at)}" : "not verified                 ";
        string named = Names.Count > 0 ? $", {string.Join(", ", Names)}" : "";
        string back = RolledBackTo is long old ? Invariant($", rolled back to {old}") : "";
        string counts = Invariant($"{Scans,6} scans ({ScansFailed} failed)  {Rows.GetValueOrDefault("vertebrae"),7} vertebrae");
        string ahead = Ahead ? ", ahead: a clock was wrong" : "";
        string which = Invariant($"{(Current ? '*' : ' ')} {Sequence,6}  {IsoTime.Second(CommittedUtc)}");
        return $"{which}  {counts}  {proven}  {changes}{named}{back}{ahead}";
    }

    private static ScanChanges Between(Snapshot before, Snapshot after, CancellationToken token)
    {
        TableSchema<ScanRow> table = PublishedSchema.Scans;
        (int added, int removed, int changed) = (0, 0, 0);
        foreach ((IReadOnlyList<ScanRow> was, IReadOnlyList<ScanRow> isNow) in
            SideBySide.Of(table, Warehouse.InKeyOrder(before, table, token), Warehouse.InKeyOrder(after, table, token)))
        {
            if (was.Count == 0) added++;
            else if (isNow.Count == 0) removed++;
            else if (!table.TypedColumns.All(column => column.HasSame(was[0], isNow[0]))) changed++;
        }
        return new ScanChanges(added, removed, changed);
    }
}
