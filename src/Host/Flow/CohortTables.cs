using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>Puts the published tables together from the results of all scans.</summary>
internal static class CohortTables
{
    public static PublishedTables Of(IReadOnlyList<ScanResult> results, TreeListing listing)
    {
        ScanResult[] ordered = [.. results.OrderBy(result => result.Scan.ScanKey, StringComparer.Ordinal)];
        IReadOnlyList<ScanRow> scans = DuplicateScans.Link([.. ordered.Select(result => result.Scan)]);
        VertebraRow[] vertebrae = [.. ordered.SelectMany(result => result.Vertebrae.OrderBy(row => row.AnatomicalOrder))];
        return new PublishedTables
        {
            Scans = scans,
            Vertebrae = vertebrae,
            LabelStatistics = LabelStatistics.Compute(scans, vertebrae),
            DatasetStatistics = DatasetStatistics.Compute(scans, vertebrae),
            Findings = OnePerKey([.. ordered.SelectMany(result => result.Findings), .. listing.Findings]),
            Audit = [],
        };
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
