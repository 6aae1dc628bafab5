using VerseEtl.Host.AuditPage;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>Puts the published tables together from the results of all scans, and what the audit page shows beside them.</summary>
internal static class CohortTables
{
    /// <param name="results">One per scan, any order.</param>
    /// <param name="others">Findings that belong to no single scan's reading.</param>
    /// <param name="reference">Null leaves the audit out.</param>
    /// <param name="previous">The snapshot to be replaced, for drift; null if there is none.</param>
    public static AuditView Of(IReadOnlyList<ScanResult> results, IReadOnlyList<Finding> others, Reference? reference, PreviousRows? previous)
    {
        ScanResult[] ordered = [.. results.OrderBy(result => result.Scan.ScanKey, StringComparer.Ordinal).Select(result => ScanChecks.Apply(result, reference))];
        IReadOnlyList<ScanRow> scans = DuplicateScans.Link([.. ordered.Select(result => result.Scan)]);
        VertebraRow[] vertebrae = [.. ordered.SelectMany(result => result.Vertebrae.OrderBy(row => row.AnatomicalOrder))];
        CohortFrame cohort = CohortFrame.Of(scans, vertebrae);
        IReadOnlyList<LabelStatisticRow> labels = LabelStatistics.Compute(cohort);
        IReadOnlyList<DatasetStatisticRow> datasets = DatasetStatistics.Compute(cohort);
        AuditReport? audit = reference is null ? null : Audit.Compare(reference, scans, vertebrae, labels, datasets);
        Drift? drift = previous is null ? null : Drift.Between(previous.Scans, previous.LabelStatistics, scans, labels);
        Finding[] findings =
        [
            .. ordered.SelectMany(result => result.Findings),
            .. others,
            .. CohortChecks.Of(scans, vertebrae),
            .. audit?.Findings() ?? [],
            .. drift?.Findings() ?? [],
        ];
        PublishedTables tables = new()
        {
            Scans = scans,
            Vertebrae = vertebrae,
            LabelStatistics = labels,
            DatasetStatistics = datasets,
            Findings = OnePerKey(findings),
            Audit = audit?.Rows ?? [],
        };
        return new AuditView(tables, reference, audit, drift);
    }

    /// <summary>In key order; of findings with the same key the most severe one stays.</summary>
    internal static IReadOnlyList<Finding> OnePerKey(IReadOnlyList<Finding> findings)
    {
        List<Finding> kept = [];
        foreach (Finding finding in findings.OrderBy(finding => finding, Comparer<Finding>.Create(Finding.CompareByKey)).ThenByDescending(finding => finding.Severity))
            if (kept.Count == 0 || Finding.CompareByKey(kept[^1], finding) != 0) kept.Add(finding);
        return kept;
    }
}
