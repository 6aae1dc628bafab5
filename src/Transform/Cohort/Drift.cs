using System.Globalization;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>A scan that both snapshots have but not alike, with the names of the columns that changed.</summary>
internal sealed record ChangedScan(string ScanKey, IReadOnlyList<string> Columns);

/// <summary>A label statistic that moved between two snapshots.</summary>
internal sealed record MovedStatistic(LabelStatisticRow Before, LabelStatisticRow After);

/// <summary>What changed since the previous snapshot; scans are named by scan_key.</summary>
internal sealed record Drift
{
    private static readonly (string Name, Func<ScanRow, string?> Value)[] Watched =
    [
        ("mask_content_sha256", scan => scan.MaskContentSha256),
        ("mask_sha256", scan => scan.MaskSha256),
        ("ct_sha256", scan => scan.CtSha256),
        ("centroid_sha256", scan => scan.CentroidSha256),
        ("status", scan => scan.Status),
    ];

    private readonly List<Finding> _ofScans = [];

    public Counted<string> Added { get; } = [];
    public Counted<string> Removed { get; } = [];
    public Counted<ChangedScan> Changed { get; } = [];

    /// <summary>Every cell whose cases, denominator or volumes moved, in the order of `label_statistics`.</summary>
    public IReadOnlyList<MovedStatistic> Moved { get; private set; } = [];

    public bool IsNone => Added.Count + Removed.Count + Changed.Count + Moved.Count == 0;

    public static Drift Between(IReadOnlyList<ScanRow> previousScans, IReadOnlyList<LabelStatisticRow> previousStatistics,
        IReadOnlyList<ScanRow> scans, IReadOnlyList<LabelStatisticRow> statistics)
    {
        static IEnumerable<ScanRow> InKeyOrder(IReadOnlyList<ScanRow> rows) => rows.OrderBy(scan => scan.ScanKey, StringComparer.Ordinal);
        Drift drift = new();
        foreach ((ScanRow? before, ScanRow? now) in ScanJoin.Of(InKeyOrder(previousScans), InKeyOrder(scans)))
            if (drift.Add(before, now) is Finding finding) drift._ofScans.Add(finding);
        drift.Compare(previousStatistics, statistics);
        return drift;
    }

    /// <summary>Takes in the next scan of either snapshot, in key order.</summary>
    /// <returns>What is to be said of it; null where it is as it was.</returns>
    public Finding? Add(ScanRow? before, ScanRow? now)
    {
        ScanRow scan = now ?? before!;
        Place at = new(new ScanKey(scan.Dataset, scan.Split, scan.ScanId));
        if (before is null)
        {
            Added.Add(scan.ScanKey);
            return Finding.Of(Faults.DriftScans, at with { Field = "added" });
        }
        if (now is null)
        {
            Removed.Add(scan.ScanKey);
            return Finding.Of(Faults.DriftScans, at with { Field = "removed" });
        }
        string[] columns = [.. Watched.Where(column => column.Value(before) != column.Value(now)).Select(column => column.Name)];
        if (columns.Length == 0) return null;
        Changed.Add(new ChangedScan(scan.ScanKey, columns));
        return Finding.Of(Faults.DriftScans, at with { Field = "changed" }, string.Join(", ", columns));
    }

    public void Compare(IReadOnlyList<LabelStatisticRow> previous, IReadOnlyList<LabelStatisticRow> statistics)
    {
        Dictionary<(string, string, int), LabelStatisticRow> before = previous.ToDictionary(row => (row.Dataset, row.Split, row.Label));
        Moved =
        [
            .. from row in statistics
               where before.TryGetValue((row.Dataset, row.Split, row.Label), out LabelStatisticRow? old) && old != row
               select new MovedStatistic(before[(row.Dataset, row.Split, row.Label)], row),
        ];
    }

    /// <summary>
    /// One finding per scan added, removed or changed, where <see cref="Between"/> found them, and per dataset and label whose cases or median
    /// moved over all splits.
    /// </summary>
    public IReadOnlyList<Finding> Findings()
    {
        List<Finding> findings = [.. _ofScans];
        foreach ((LabelStatisticRow before, LabelStatisticRow after) in Moved.Select(moved => (moved.Before, moved.After)))
        {
            if (after.Split != CohortCell.All || (before.Cases, before.VolumeCm3Median) == (after.Cases, after.VolumeCm3Median)) continue;
            Finding moved = Finding.Of(Faults.DriftStatistic, new(Field: $"{after.Dataset}/{after.Split} {after.Vertebra}", Label: after.Label),
                Text(after), Text(before));
            findings.Add(moved with { Dataset = after.Dataset, Split = after.Split });
        }
        findings.Sort(Finding.CompareByKey);
        return findings;
    }

    private static string Text(LabelStatisticRow row) =>
        Invariant($"{row.Cases} cases{(row.VolumeCm3Median is double median ? $", median {median.ToString("0.00", CultureInfo.InvariantCulture)} cm3" : "")}");
}
