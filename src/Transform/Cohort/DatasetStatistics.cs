using Microsoft.Data.Analysis;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// The dataset card's other tables, recomputed for every cell over its distinct scans. `patients` and `scans` count every scan found;
/// vertebrae, spacing and shape need a readable mask.
/// </summary>
public static class DatasetStatistics
{
    /// <summary>Rows by dataset, split and metric in ordinal order; a quantity of a cell without any scan is null, a count is 0.</summary>
    public static IReadOnlyList<DatasetStatisticRow> Compute(IReadOnlyList<ScanRow> scans, IReadOnlyList<VertebraRow> vertebrae)
    {
        ILookup<string, VertebraRow> byScan = vertebrae.ToLookup(vertebra => vertebra.ScanKey, StringComparer.Ordinal);
        List<DatasetStatisticRow> rows = [];
        foreach (CohortCell cell in CohortCell.Of(scans))
        {
            VertebraRow[] present = [.. cell.DistinctScans.Where(CohortCell.HasReadableMask).SelectMany(scan => byScan[scan.ScanKey])];
            List<DatasetStatisticRow> metrics =
            [
                Row(cell, "patients", cell.DistinctScans.Select(scan => scan.SubjectId).Distinct(StringComparer.Ordinal).Count()),
                Row(cell, "scans", cell.DistinctScans.Count),
                Row(cell, "vertebrae", present.Length),
                Row(cell, "vertebrae_cervical", present.Count(vertebra => vertebra.Region == "cervical")),
                Row(cell, "vertebrae_thoracic", present.Count(vertebra => vertebra.Region == "thoracic")),
                Row(cell, "vertebrae_lumbar", present.Count(vertebra => vertebra.Region == "lumbar")),
            ];
            foreach ((string name, Func<ScanRow, double?> quantity) in Quantities)
            {
                double[] ascending = [.. cell.DistinctScans.Where(CohortCell.HasReadableMask).Select(quantity).OfType<double>().Order()];
                // the column holds no null and no NaN, which is what its Min and Max need to be right; order statistics are our own
                DoubleDataFrameColumn column = new(name, ascending);
                bool any = column.Length > 0;
                metrics.Add(Row(cell, name + "_min", any ? (double)column.Min() : null));
                metrics.Add(Row(cell, name + "_median", any ? OrderStatistics.Median(ascending) : null));
                metrics.Add(Row(cell, name + "_max", any ? (double)column.Max() : null));
            }
            rows.AddRange(metrics.OrderBy(row => row.Metric, StringComparer.Ordinal));
        }
        return rows;
    }

    /// <summary>The geometry quantities with their column names: spacing (mm) and size (voxels), by anatomical and by stored axis.</summary>
    public static IReadOnlyList<(string Name, Func<ScanRow, double?> Quantity)> Quantities { get; } =
    [
        ("spacing_lr_mm", scan => scan.SpacingLrMm),
        ("spacing_ap_mm", scan => scan.SpacingApMm),
        ("spacing_si_mm", scan => scan.SpacingSiMm),
        ("shape_lr", scan => ShapeAlong(scan, "LR")),
        ("shape_ap", scan => ShapeAlong(scan, "AP")),
        ("shape_si", scan => ShapeAlong(scan, "SI")),
        ("spacing_i_mm", scan => scan.SpacingIMm),
        ("spacing_j_mm", scan => scan.SpacingJMm),
        ("spacing_k_mm", scan => scan.SpacingKMm),
        ("shape_i", scan => scan.ShapeI),
        ("shape_j", scan => scan.ShapeJ),
        ("shape_k", scan => scan.ShapeK),
    ];

    /// <summary>Voxels along the stored axis nearest to an anatomical one, found by the letters of the orientation.</summary>
    private static double? ShapeAlong(ScanRow scan, string letters)
    {
        int axis = scan.Orientation?.IndexOfAny([letters[0], letters[1]]) ?? -1;
        return axis switch { 0 => scan.ShapeI, 1 => scan.ShapeJ, 2 => scan.ShapeK, _ => null };
    }

    private static DatasetStatisticRow Row(CohortCell cell, string metric, double? value) => new(cell.Dataset, cell.Split, metric, value);
}
