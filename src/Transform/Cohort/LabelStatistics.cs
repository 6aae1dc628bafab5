using System.Globalization;
using Microsoft.Data.Analysis;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// The dataset card's label table, recomputed for every cell. Microsoft.Data.Analysis groups, counts and averages one composite
/// key over columns without nulls, which is what it does reliably; median and standard deviation, which it lacks, are our own.
/// Vertebrae that touch the border count, as in the published table.
/// </summary>
public static class LabelStatistics
{
    /// <summary>Rows for labels 1..28 of every cell, by dataset and split in ordinal order, then anatomical order.</summary>
    /// <param name="scans">One row per scan found, any order.</param>
    /// <param name="vertebrae">One row per scan and label, any order; rows whose scan is not among the scans are not counted.</param>
    public static IReadOnlyList<LabelStatisticRow> Compute(IReadOnlyList<ScanRow> scans, IReadOnlyList<VertebraRow> vertebrae)
    {
        IReadOnlyList<CohortCell> cells = CohortCell.Of(scans);
        Dictionary<string, List<double>> volumes = VolumesByKey(cells, vertebrae);
        Dictionary<string, (int Cases, double Mean)> groups = GroupsByKey(volumes);
        List<LabelStatisticRow> rows = new(cells.Count * VertebraLabel.Highest);
        foreach (CohortCell cell in cells)
        {
            int scanCount = cell.DistinctScans.Count(CohortCell.HasReadableMask);
            foreach (int label in VertebraLabel.Anatomical)
            {
                string key = Key(cell, label);
                bool present = groups.TryGetValue(key, out (int Cases, double Mean) group);
                double[] ascending = present ? [.. volumes[key]] : [];
                rows.Add(new LabelStatisticRow
                {
                    Dataset = cell.Dataset,
                    Split = cell.Split,
                    Label = label,
                    Vertebra = VertebraLabel.Name(label),
                    Region = VertebraLabel.Region(label),
                    AnatomicalOrder = VertebraLabel.AnatomicalOrder(label),
                    Cases = group.Cases,
                    ScanCount = scanCount,
                    Percentage = scanCount == 0 ? null : 100.0 * group.Cases / scanCount,
                    VolumeCm3Min = present ? ascending[0] : null,
                    VolumeCm3Median = present ? OrderStatistics.Median(ascending) : null,
                    VolumeCm3Max = present ? ascending[^1] : null,
                    VolumeCm3Mean = present ? group.Mean : null,
                    VolumeCm3Std = OrderStatistics.SampleStandardDeviation(ascending, group.Mean),
                });
            }
        }
        return rows;
    }

    /// <summary>Volumes (cm3) per composite key, ascending.</summary>
    private static Dictionary<string, List<double>> VolumesByKey(IReadOnlyList<CohortCell> cells, IReadOnlyList<VertebraRow> vertebrae)
    {
        ILookup<string, VertebraRow> byScan = vertebrae.ToLookup(vertebra => vertebra.ScanKey, StringComparer.Ordinal);
        Dictionary<string, List<double>> volumes = new(StringComparer.Ordinal);
        foreach (CohortCell cell in cells)
        {
            foreach (VertebraRow vertebra in cell.DistinctScans.Where(CohortCell.HasReadableMask).SelectMany(scan => byScan[scan.ScanKey]))
            {
                string key = Key(cell, vertebra.Label);
                if (!volumes.TryGetValue(key, out List<double>? list)) volumes.Add(key, list = []);
                list.Add(vertebra.VolumeCm3);
            }
        }
        foreach (List<double> list in volumes.Values) list.Sort();
        return volumes;
    }

    private static Dictionary<string, (int Cases, double Mean)> GroupsByKey(Dictionary<string, List<double>> volumes)
    {
        StringDataFrameColumn keys = new("key", volumes.SelectMany(pair => Enumerable.Repeat(pair.Key, pair.Value.Count)));
        DoubleDataFrameColumn values = new("volume_cm3", volumes.Values.SelectMany(list => list));
        if (values.Length == 0) return [];
        GroupBy grouped = new DataFrame(keys, values).GroupBy("key");
        DataFrame counts = grouped.Count("volume_cm3");
        DataFrame means = grouped.Mean("volume_cm3");
        Dictionary<string, double> meanOf = new(StringComparer.Ordinal);
        for (long row = 0; row < means.Rows.Count; row++) meanOf.Add((string)means["key"][row], (double)means["volume_cm3"][row]);
        Dictionary<string, (int Cases, double Mean)> groups = new(StringComparer.Ordinal);
        for (long row = 0; row < counts.Rows.Count; row++)
        {
            string key = (string)counts["key"][row];
            groups.Add(key, (Convert.ToInt32(counts["volume_cm3"][row], CultureInfo.InvariantCulture), meanOf[key]));
        }
        return groups;
    }

    private static string Key(CohortCell cell, int label) => string.Create(CultureInfo.InvariantCulture, $"{cell.Dataset}|{cell.Split}|{label}");
}
