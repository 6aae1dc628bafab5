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

    private readonly IReadOnlyDictionary<string, ScanKey> _keys;

    private Drift(IReadOnlyDictionary<string, ScanKey> keys) => _keys = keys;

    public required IReadOnlyList<string> Added { get; init; }
    public required IReadOnlyList<string> Removed { get; init; }
    public required IReadOnlyList<ChangedScan> Changed { get; init; }

    /// <summary>Every cell whose cases, denominator or volumes moved, in the order of `label_statistics`.</summary>
    public required IReadOnlyList<MovedStatistic> Moved { get; init; }

    public bool IsNone => Added.Count + Removed.Count + Changed.Count + Moved.Count == 0;

    public static Drift Between(IReadOnlyList<ScanRow> previousScans, IReadOnlyList<LabelStatisticRow> previousStatistics,
        IReadOnlyList<ScanRow> scans, IReadOnlyList<LabelStatisticRow> statistics)
    {
        Dictionary<string, ScanRow> before = previousScans.ToDictionary(scan => scan.ScanKey, StringComparer.Ordinal);
        Dictionary<string, ScanRow> after = scans.ToDictionary(scan => scan.ScanKey, StringComparer.Ordinal);
        Dictionary<(string, string, int), LabelStatisticRow> statisticsBefore = previousStatistics.ToDictionary(row => (row.Dataset, row.Split, row.Label));
        Dictionary<string, ScanKey> keys = new(StringComparer.Ordinal);
        foreach (ScanRow scan in previousScans.Concat(scans)) keys[scan.ScanKey] = new ScanKey(scan.Dataset, scan.Split, scan.ScanId);
        return new Drift(keys)
        {
            Added = [.. after.Keys.Where(key => !before.ContainsKey(key)).Order(StringComparer.Ordinal)],
            Removed = [.. before.Keys.Where(key => !after.ContainsKey(key)).Order(StringComparer.Ordinal)],
            Changed =
            [
                .. from key in after.Keys.Order(StringComparer.Ordinal)
                   where before.ContainsKey(key)
                   let columns = Watched.Where(column => column.Value(before[key]) != column.Value(after[key])).Select(column => column.Name).ToArray()
                   where columns.Length > 0
                   select new ChangedScan(key, columns),
            ],
            Moved =
            [
                .. from row in statistics
                   where statisticsBefore.TryGetValue((row.Dataset, row.Split, row.Label), out LabelStatisticRow? old) && old != row
                   select new MovedStatistic(statisticsBefore[(row.Dataset, row.Split, row.Label)], row),
            ],
        };
    }

    /// <summary>One finding per scan added, removed or changed, and per dataset and label whose cases or median moved over all splits.</summary>
    public IReadOnlyList<Finding> Findings()
    {
        List<Finding> findings =
        [
            .. Added.Select(key => Finding.Of(Faults.DriftScans, new(_keys[key], Field: "added"))),
            .. Removed.Select(key => Finding.Of(Faults.DriftScans, new(_keys[key], Field: "removed"))),
            .. Changed.Select(scan => Finding.Of(Faults.DriftScans, new(_keys[scan.ScanKey], Field: "changed"), string.Join(", ", scan.Columns))),
        ];
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
