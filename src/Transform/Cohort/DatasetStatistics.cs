using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// The dataset card's other tables, recomputed for every cell over its distinct scans. `patients` and `scans` count every scan found;
/// vertebrae, spacing and shape need a readable mask.
/// </summary>
public static class DatasetStatistics
{
    /// <summary>Rows by dataset, split and metric in ordinal order; a quantity of a cell without any scan is null, a count is 0.</summary>
    public static IReadOnlyList<DatasetStatisticRow> Compute(CohortFrame cohort) => Compute(CellValues.Of(cohort));

    internal static IReadOnlyList<DatasetStatisticRow> Compute(IEnumerable<CellValues> cells)
    {
        List<DatasetStatisticRow> rows = [];
        foreach (CellValues cell in cells)
        {
            long Vertebrae(string region) => VertebraLabel.Anatomical.Where(label => VertebraLabel.Region(label) == region)
                .Sum(label => (long)cell.Count(CohortFrame.Volume(label)));
            List<DatasetStatisticRow> metrics =
            [
                Row(cell, "patients", cell.Patients),
                Row(cell, "scans", cell.Scans),
                Row(cell, "vertebrae", VertebraLabel.Anatomical.Select(VertebraLabel.Region).Distinct().Sum(Vertebrae)),
                Row(cell, "vertebrae_cervical", Vertebrae("cervical")),
                Row(cell, "vertebrae_thoracic", Vertebrae("thoracic")),
                Row(cell, "vertebrae_lumbar", Vertebrae("lumbar")),
            ];
            foreach (string name in CohortFrame.Geometry)
            {
                double[] ascending = cell.Ascending(name);
                bool any = ascending.Length > 0;
                metrics.Add(Row(cell, name + "_min", any ? ascending[0] : null));
                metrics.Add(Row(cell, name + "_median", any ? OrderStatistics.Median(ascending) : null));
                metrics.Add(Row(cell, name + "_max", any ? ascending[^1] : null));
            }
            rows.AddRange(metrics.OrderBy(row => row.Metric, StringComparer.Ordinal));
        }
        return rows;
    }

    private static DatasetStatisticRow Row(CellValues cell, string metric, double? value) =>
        new() { Dataset = cell.Dataset, Split = cell.Split, Metric = metric, Value = value };
}
