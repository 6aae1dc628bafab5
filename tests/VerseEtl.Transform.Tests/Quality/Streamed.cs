using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Quality;

/// <summary>The tables of invented scans and vertebrae.</summary>
internal static class Streamed
{
    public static PublishedTables Tables(IEnumerable<ScanRow> scans, IReadOnlyList<VertebraRow> vertebrae) => CohortTables.Of(
        [.. scans.Select(scan => new ScanResult(scan, [.. vertebrae.Where(row => row.ScanKey == scan.ScanKey)], []))]).Tables;

    /// <summary>Those that need other scans.</summary>
    public static IReadOnlyList<Finding> OfCohort(IEnumerable<ScanRow> scans, IReadOnlyList<VertebraRow> vertebrae) =>
        [.. Tables(scans, vertebrae).Findings.Where(finding => finding.Code is "MSK_VOLUME_OUTLIER" or "TREE_DUP_SCAN" or "TREE_SPLIT_LEAK")];
}
