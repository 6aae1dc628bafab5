using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>The dataset card's label table, recomputed for every cell. Vertebrae that touch the border count, as in the published table.</summary>
public static class LabelStatistics
{
    /// <summary>Rows for labels 1..28 of every cell, by dataset and split in ordinal order, then anatomical order.</summary>
    public static IReadOnlyList<LabelStatisticRow> Compute(CohortFrame cohort) => Compute(CellValues.Of(cohort));

    internal static IReadOnlyList<LabelStatisticRow> Compute(IEnumerable<CellValues> cells)
    {
        List<LabelStatisticRow> rows = [];
        foreach (CellValues cell in cells)
        {
            int scanCount = cell.Readable;
            foreach (int label in VertebraLabel.Anatomical)
            {
                double[] ascending = cell.Ascending(CohortFrame.Volume(label));
                bool present = ascending.Length > 0;
                double mean = present ? OrderStatistics.Mean(ascending) : 0;
                rows.Add(new LabelStatisticRow
                {
                    Dataset = cell.Dataset,
                    Split = cell.Split,
                    Label = label,
                    Vertebra = VertebraLabel.Name(label),
                    Region = VertebraLabel.Region(label),
                    AnatomicalOrder = VertebraLabel.AnatomicalOrder(label),
                    Cases = ascending.Length,
                    ScanCount = scanCount,
                    Percentage = scanCount == 0 ? null : 100.0 * ascending.Length / scanCount,
                    VolumeCm3Min = present ? ascending[0] : null,
                    VolumeCm3Median = present ? OrderStatistics.Median(ascending) : null,
                    VolumeCm3Max = present ? ascending[^1] : null,
                    VolumeCm3Mean = present ? mean : null,
                    VolumeCm3Std = OrderStatistics.SampleStandardDeviation(ascending, mean),
                });
            }
        }
        return rows;
    }
}
