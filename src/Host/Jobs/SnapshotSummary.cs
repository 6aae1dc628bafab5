using VerseEtl.Host.AuditPage;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Jobs;

/// <summary>What the page tells of a snapshot's content: the audit's sentence, the findings, each with how bad it is, and which scans failed.</summary>
public sealed record SnapshotSummary(string Verdict, AuditView.Weight Attention,
    IReadOnlyList<(string Verdict, int Count)> Tally, IReadOnlyList<FindingCount> Findings, long Vertebrae)
{
    private const int MostNamed = 5;

    // what the audit's sentence and the counts need: the other columns and tables are nearly all of a snapshot
    private static readonly TableSchema<ScanRow> Scans = Narrow(PublishedSchema.Scans, "scan_key", "dataset", "split", "scan_id", "status");
    private static readonly TableSchema<Finding> Noticed =
        Narrow(PublishedSchema.Findings, "code", "severity", "message", "scan_key", "scan_id", "observed");

    /// <summary>Some of the scans that failed, each with the code of its first error.</summary>
    public IReadOnlyList<FailedEntry> Failed { get; init; } = [];

    /// <summary>A published number is contradicted.</summary>
    public bool Differs => Tally.Any(tally => tally.Verdict == Transform.Cohort.Verdict.Differs);

    /// <summary>From the audit that was published with the snapshot, and a few columns.</summary>
    /// <param name="reference">As in <see cref="Configuration.Pipeline.Reference"/>.</param>
    /// <exception cref="RunStoppedException">The reference cannot be used.</exception>
    /// <exception cref="WarehouseDamagedException">A table that is read is damaged.</exception>
    internal static async Task<SnapshotSummary> Read(Warehouse warehouse, Snapshot snapshot, string reference, CancellationToken token)
    {
        Reference? figures = AuditReference.Load(reference).Figures;
        CohortTally tally = new();
        InventoryCount? inventory = figures is null ? null : new InventoryCount(figures);
        foreach (ScanRow scan in Warehouse.Rows(snapshot, Scans, token))
        {
            tally.Add(SnapshotAudit.Nothing with { Scans = [scan] });
            inventory?.Add(scan);
        }
        Dictionary<string, string> unread = new(StringComparer.Ordinal);
        foreach (Finding finding in Warehouse.Rows(snapshot, Noticed, token))
        {
            tally.Add(SnapshotAudit.Nothing with { Findings = [finding] });
            if (SnapshotAudit.IsElsewhere(finding)) unread.TryAdd(finding.ScanId!, finding.Observed!);
        }
        AuditReport? report = inventory is null ? null : new AuditReport(await Warehouse.ReadTable(snapshot, PublishedSchema.Audit, token),
            inventory.Finish(unread), new Dictionary<AuditRow, ScansBehind>());
        // audited against something since, which nothing in the snapshot tells of
        AuditView view = report is { Rows.Count: 0, Inventory.IsPublishedDataset: true }
            ? await SnapshotAudit.Of(warehouse, snapshot, reference, token)
            : new AuditView(tally, new LevelVolumes()) { Reference = figures, Report = report };
        return new SnapshotSummary(view.Verdict, view.Attention,
            view.Report is { Inventory.IsPublishedDataset: true } audited ? [.. audited.Tally.Where(verdict => verdict.Count > 0)] : [],
            FindingCount.Of(tally),
            snapshot.Manifest.Files.Where(file => file.Path.StartsWith("vertebrae/", StringComparison.Ordinal)).Sum(file => file.Rows ?? 0))
        {
            Failed = [.. tally.Failed.Take(MostNamed).Select(scan => new FailedEntry(scan.ScanKey, scan.Code))],
        };
    }

    private static TableSchema<TRow> Narrow<TRow>(TableSchema<TRow> table, params string[] columns) where TRow : class =>
        TableSchema<TRow>.Narrow(table, [.. table.TypedColumns.Where(column => columns.Contains(column.Name))]);
}
