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
    /// <summary>Findings about volumes, repeated masks and masks in two splits, in key order.</summary>
    public static IReadOnlyList<Finding> Of(IReadOnlyList<ScanRow> scans, IReadOnlyList<VertebraRow> vertebrae)
    {
        ScanRow[] ordered = [.. scans.OrderBy(scan => scan.ScanKey, StringComparer.Ordinal)];
        List<Finding> findings = [.. VolumeOutliers.Of(ordered, vertebrae), .. Repeated(ordered), .. SplitLeaks(ordered)];
        findings.Sort(Finding.CompareByKey);
        return findings;
    }

    /// <summary>Scans whose distributions belong together: VerSe's two editions are one pool, any other dataset is its own.</summary>
    internal static string PoolOf(ScanRow scan) => Editions.PoolOf(scan.Dataset);

    internal static ScanKey KeyOf(ScanRow scan) => new(scan.Dataset, scan.Split, scan.ScanId);

    /// <summary>One finding per scan whose mask content stands under an earlier scan_key already.</summary>
    private static IEnumerable<Finding> Repeated(ScanRow[] ordered) =>
        from same in SameContent(ordered)
        from later in same.Skip(1)
        select Finding.Of(Faults.TreeDupContent, new(KeyOf(later), later.MaskPath, "mask_content_sha256"), same.First().ScanKey);

    /// <summary>One finding per mask that lies in several splits of a pool, at the scan to be held out: in test, else in validation.</summary>
    private static IEnumerable<Finding> SplitLeaks(ScanRow[] ordered) =>
        from pool in ordered.GroupBy(PoolOf)
        from same in SameContent(pool)
        let splits = same.Select(scan => scan.Split).Distinct().Order(StringComparer.Ordinal).ToArray()
        where splits.Length > 1
        let heldOut = Splits.HeldOut(splits)
        let scan = same.First(scan => scan.Split == heldOut)
        select Finding.Of(Faults.TreeSplitLeak, new(KeyOf(scan), scan.MaskPath, "mask_content_sha256"),
            string.Join(", ", same.Select(other => other.ScanKey)), "one split");

    private static IEnumerable<IGrouping<string, ScanRow>> SameContent(IEnumerable<ScanRow> ordered) =>
        ordered.Where(scan => scan.MaskContentSha256 is not null).GroupBy(scan => scan.MaskContentSha256!).Where(same => same.Count() > 1);
}
