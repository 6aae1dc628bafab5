using VerseEtl.Host.AuditPage;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>The audit of a published snapshot, from its tables alone.</summary>
internal static class SnapshotAudit
{
    /// <param name="reference">As in <see cref="Configuration.Pipeline.Reference"/>.</param>
    /// <exception cref="RunStoppedException">The reference, or the snapshot before, cannot be used.</exception>
    /// <exception cref="WarehouseDamagedException">The snapshot is damaged, or the one before is and nothing accounts for it yet.</exception>
    public static async Task<AuditView> Of(Warehouse warehouse, Snapshot snapshot, string reference, CancellationToken token)
    {
        Reference? figures = AuditReference.Load(reference).Figures;
        PublishedTables tables = await Warehouse.ReadTables(snapshot, token);
        AuditReport? report = figures is null ? null : Audit.Compare(figures, tables);
        if (report is not null) report = report with { Inventory = InventoryOf(figures!, tables) };
        PreviousRows? before = await PreviousRows.UpTo(warehouse, snapshot.Sequence - 1, evenIfUnmended: false, token);
        Drift? drift = before is null ? null : Drift.Between(before.Scans, before.LabelStatistics, tables.Scans, tables.LabelStatistics);
        return new AuditView(tables, figures, report, drift);
    }

    /// <summary>From scans and findings; the other tables may be left out.</summary>
    public static Inventory InventoryOf(Reference figures, PublishedTables tables)
    {
        Dictionary<string, string> unread = tables.Findings.Where(finding => finding.Code == Faults.AudScanElsewhere.Code)
            .GroupBy(finding => finding.ScanId!, StringComparer.Ordinal).ToDictionary(scan => scan.Key, scan => scan.First().Observed!);
        return Inventory.Of(figures, tables.Scans, unread);
    }
}
