using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Quality;

/// <summary>
/// Checks that need every scan of a snapshot. `scans.status` says how a scan's own files could be read, so these leave it alone: a scan must
/// not turn from ok to warning because another one was added.
/// </summary>
internal static class CohortChecks
{
    /// <summary>Scans whose distributions belong together: VerSe's two editions are one pool, any other dataset is its own.</summary>
    internal static string PoolOf(ScanRow scan) => Editions.PoolOf(scan.Dataset);

    internal static ScanKey KeyOf(ScanRow scan) => new(scan.Dataset, scan.Split, scan.ScanId);

    /// <summary>A scan whose mask content stands under an earlier scan_key already.</summary>
    public static Finding Repeated(ScanRow scan, string earlier) =>
        Finding.Of(Faults.TreeDupContent, new(KeyOf(scan), scan.MaskPath, "mask_content_sha256"), earlier);

    /// <summary>One finding per mask that lies in several splits of a pool, at the scan to be held out: in test, else in validation.</summary>
    /// <param name="scanOf">A scan by its number.</param>
    public static IEnumerable<Finding> SplitLeaks(SameMasks same, Func<int, ScanRow> scanOf) =>
        from mask in same.Groups()
        from pool in mask.GroupBy(scan => Editions.PoolOf(scan.Dataset))
        let splits = pool.Select(scan => scan.Split).Distinct().Order(StringComparer.Ordinal).ToArray()
        where splits.Length > 1
        let heldOut = Splits.HeldOut(splits)
        let scan = scanOf(pool.First(scan => scan.Split == heldOut).Scan)
        select Finding.Of(Faults.TreeSplitLeak, new(KeyOf(scan), scan.MaskPath, "mask_content_sha256"), Named([.. pool.Select(each => each.Scan)], scanOf),
            "one split");

    private static string Named(int[] scans, Func<int, ScanRow> scanOf) =>
        string.Join(", ", scans.Take(Counted.MostKept).Select(scan => scanOf(scan).ScanKey))
        + (scans.Length > Counted.MostKept ? Invariant($" and {scans.Length - Counted.MostKept} more") : "");
}
