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

    /// <summary>Against the snapshot listed before; null for the oldest.</summary>
    public ScanChanges? Changes { get; init; }

    /// <summary>Numbers of scans.</summary>
    public sealed record ScanChanges(int Added, int Removed, int Changed);

    /// <summary>Oldest first.</summary>
    public static async Task<IReadOnlyList<SnapshotEntry>> Of(Warehouse warehouse, CancellationToken token)
    {
        long? current = warehouse.Current?.Sequence;
        List<SnapshotEntry> entries = [];
        Dictionary<string, string>? before = null;
        foreach (Snapshot snapshot in warehouse.Snapshots())
        {
            Dictionary<string, string> scans = (await Warehouse.ReadTable(snapshot, PublishedSchema.Scans, token)).ToDictionary(scan => scan.ScanKey, Json.Text<ScanRow>, StringComparer.Ordinal);
            entries.Add(new SnapshotEntry
            {
                Sequence = snapshot.Sequence,
                Current = snapshot.Sequence == current,
                CommittedUtc = snapshot.CommittedUtc,
                RunId = snapshot.RunId,
                RunKey = snapshot.RunKey,
                RolledBackTo = snapshot.RolledBackTo,
                Directory = snapshot.Directory,
                Bytes = snapshot.Manifest.Files.Sum(file => file.Bytes),
                Scans = snapshot.Manifest.ScansFound,
                ScansFailed = snapshot.Manifest.ScansFailed,
                Rows = snapshot.Manifest.Files.Where(file => file.Rows is not null).GroupBy(file => file.Path.Split('/')[0]).ToDictionary(table => table.Key, table => table.Sum(file => file.Rows!.Value)),
                Changes = before is null ? null : Between(before, scans),
            });
            before = scans;
        }
        return entries;
    }

    public string Line()
    {
        string changes = Changes is { } change ? Invariant($"{change.Added} added, {change.Removed} removed, {change.Changed} changed") : "the oldest";
        string back = RolledBackTo is long old ? Invariant($", rolled back to {old}") : "";
        return Invariant($"{(Current ? '*' : ' ')} {Sequence,6}  {CommittedUtc.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC  {Scans,6} scans ({ScansFailed} failed)  {Rows.GetValueOrDefault("vertebrae"),7} vertebrae  {changes}{back}");
    }

    private static ScanChanges Between(Dictionary<string, string> before, Dictionary<string, string> after) => new(
        after.Keys.Count(key => !before.ContainsKey(key)),
        before.Keys.Count(key => !after.ContainsKey(key)),
        after.Count(scan => before.TryGetValue(scan.Key, out string? old) && old != scan.Value));
}
