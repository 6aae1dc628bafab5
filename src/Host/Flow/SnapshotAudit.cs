using VerseEtl.Host.AuditPage;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Spools;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>The audit of a published snapshot, from its tables alone: they are read side by side, a row group at a time.</summary>
internal static class SnapshotAudit
{
    private const int FindingsPerPiece = 1_000;

    // what an audit and its page need of a vertebra
    private static readonly TableSchema<VertebraRow> Measured = TableSchema<VertebraRow>.Narrow(PublishedSchema.Vertebrae, [.. PublishedSchema.Vertebrae
        .TypedColumns.Where(column => column.Name is "scan_key" or "label" or "vertebra" or "volume_cm3" or "touches_border" or "plausibility")]);

    public static readonly PublishedTables Nothing =
        new() { Scans = [], Vertebrae = [], Pairs = [], Spines = [], LabelStatistics = [], DatasetStatistics = [], Findings = [], Audit = [] };

    /// <param name="reference">As in <see cref="Configuration.Pipeline.Reference"/>.</param>
    /// <exception cref="RunStoppedException">The reference, or the snapshot before, cannot be used.</exception>
    /// <exception cref="WarehouseDamagedException">The snapshot is damaged, or the one before is and nothing accounts for it yet.</exception>
    public static async Task<AuditView> Of(Warehouse warehouse, Snapshot snapshot, string reference, CancellationToken token)
    {
        Reference? figures = AuditReference.Load(reference).Figures;
        PublishedTables small = Nothing with
        {
            LabelStatistics = await Warehouse.ReadTable(snapshot, PublishedSchema.LabelStatistics, token),
            DatasetStatistics = await Warehouse.ReadTable(snapshot, PublishedSchema.DatasetStatistics, token),
            Clinical = snapshot.Manifest.Clinical is ClinicalDeclaration declared
                ? new ClinicalTable(declared, await Warehouse.ReadTable(snapshot, ClinicalSchema.Of(declared), token))
                : null,
        };
        PreviousRows? before = await PreviousRows.UpTo(warehouse, snapshot.Sequence - 1, evenIfUnmended: false, token);
        Drift? drift = before is null ? null : new Drift();
        int scans = checked((int)snapshot.Manifest.FilesOf(PublishedSchema.Scans.Name).Sum(file => file.Rows ?? 0));
        // the warehouse may be read-only: what is set aside goes where the machine has room for that
        using CohortSurvey survey = new(scans, figures, small.Clinical, new SpoolWorkspace(Path.GetTempPath(), SpoolSizes.Usual));
        CohortTally tally = new();
        foreach ((ScanRow? old, ScanRow? now) in ScanJoin.Of(before?.Scans ?? [], Surveyed(snapshot, survey, tally, token))) drift?.Add(old, now);
        drift?.Compare(before!.LabelStatistics, small.LabelStatistics);
        Dictionary<string, string> unread = new(StringComparer.Ordinal);
        foreach (Finding[] findings in Warehouse.Rows(snapshot, PublishedSchema.Findings, token).Chunk(FindingsPerPiece))
        {
            tally.Add(Nothing with { Findings = findings });
            foreach (Finding finding in findings.Where(IsElsewhere)) unread.TryAdd(finding.ScanId!, finding.Observed!);
        }
        return new AuditView(tally, survey.Levels)
        {
            LabelStatistics = small.LabelStatistics,
            Reference = figures,
            Report = figures is null ? null : Audit.Compare(figures, survey, small, unread),
            Drift = drift,
        };
    }

    /// <summary>It tells of a published scan in a folder that was not read.</summary>
    public static bool IsElsewhere(Finding finding) => finding.Code == Faults.AudScanElsewhere.Code;

    private static IEnumerable<ScanRow> Surveyed(Snapshot snapshot, CohortSurvey survey, CohortTally tally, CancellationToken token)
    {
        using IEnumerator<VertebraRow> rows = Warehouse.Rows(snapshot, Measured, token).GetEnumerator();
        bool any = rows.MoveNext();
        foreach (ScanRow scan in Warehouse.Rows(snapshot, PublishedSchema.Scans, token))
        {
            List<VertebraRow> vertebrae = [];
            for (; any && rows.Current.ScanKey == scan.ScanKey; any = rows.MoveNext()) vertebrae.Add(rows.Current);
            survey.Add(scan, vertebrae);
            tally.Add(Nothing with { Scans = [scan], Vertebrae = vertebrae });
            yield return scan;
        }
    }
}
