using VerseEtl.Host.AuditPage;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>The audit of a published snapshot, from its tables alone.</summary>
internal static class SnapshotAudit
{
    /// <param name="reference">As in <see cref="Configuration.Pipeline.Reference"/>.</param>
    /// <exception cref="RunStoppedException">The reference, or the snapshot before, cannot be used.</exception>
    public static async Task<AuditView> Of(Warehouse warehouse, Snapshot snapshot, string reference, CancellationToken token)
    {
        Reference? figures = AuditReference.Load(reference).Figures;
        PublishedTables tables = await Warehouse.ReadTables(snapshot, token);
        AuditReport? report = figures is null ? null
            : Audit.Compare(figures, tables.Scans, tables.Vertebrae, tables.LabelStatistics, tables.DatasetStatistics);
        PreviousRows? before = warehouse.Find(snapshot.Sequence - 1) is Snapshot earlier ? await PreviousRows.Read(earlier, token) : null;
        Drift? drift = before is null ? null : Drift.Between(before.Scans, before.LabelStatistics, tables.Scans, tables.LabelStatistics);
        return new AuditView(tables, figures, report, drift);
    }
}
