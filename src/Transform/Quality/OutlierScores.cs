using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Quality;

/// <summary>
/// How far each vertebra stands from its own level in the cohort: the robust z, (x - median) / (1.4826 MAD), of the column in which it stands
/// out most. Lengths and volumes by their logarithm, as in <see cref="VolumeOutliers"/>, Hounsfield units as they are. A level's values
/// are those of one pool's distinct scans; vertebrae that touch the border neither count nor are scored. A score, not a check: people differ.
/// </summary>
internal static class OutlierScores
{
    /// <summary>Fewer values than this give no distribution to judge by.</summary>
    public const int FewestValues = 20;

    private static readonly Column[] Columns =
    [
        new("volume_cm3", 0.02, row => Logarithm(row.VolumeCm3)),
        new("extent_lr_mm", 0.02, row => Logarithm(row.ExtentLrMm)),
        new("extent_ap_mm", 0.02, row => Logarithm(row.ExtentApMm)),
        new("extent_si_mm", 0.02, row => Logarithm(row.ExtentSiMm)),
        new("height_middle_mm", 0.02, row => row.HeightMiddleMm is double height ? Logarithm(height) : null),
        new("body_hu_median", 2, row => row.BodyHuMedian),
    ];

    /// <summary>The same rows in the same order, with `outlier_z` and `outlier_column` where their level has enough values in a column.</summary>
    public static IReadOnlyList<VertebraRow> Score(IReadOnlyList<ScanRow> scans, IReadOnlyList<VertebraRow> vertebrae)
    {
        HashSet<string> repeats = [.. scans.Where(scan => scan.DuplicateOf is not null).Select(scan => scan.ScanKey)];
        VertebraRow[] judged = [.. vertebrae.Where(row => !row.TouchesBorder && !VertebraLabel.IsReserved(row.Label))];
        Dictionary<VertebraRow, (double Z, string Column)> worst = new(ReferenceEqualityComparer.Instance);
        foreach (IGrouping<(string, int), VertebraRow> level in judged.GroupBy(row => (Editions.PoolOf(row.Dataset), row.Label)))
            foreach (Column column in Columns)
            {
                double[] ascending = [.. level.Where(row => !repeats.Contains(row.ScanKey)).Select(column.Value).OfType<double>().Order()];
                if (ascending.Length < FewestValues) continue;
                double median = OrderStatistics.Median(ascending), spread = Math.Max(column.LeastSpread, OrderStatistics.RobustSpread(ascending));
                foreach (VertebraRow row in level)
                    if (column.Value(row) is double value && (value - median) / spread is double z
                        && (!worst.TryGetValue(row, out (double Z, string) known) || Math.Abs(z) > Math.Abs(known.Z)))
                        worst[row] = (z, column.Name);
            }
        return [.. vertebrae.Select(row => worst.TryGetValue(row, out (double Z, string Column) score)
            ? row with { OutlierZ = score.Z, OutlierColumn = score.Column }
            : row)];
    }

    private static double? Logarithm(double value) => value > 0 ? Math.Log(value) : null;

    /// <param name="LeastSpread">So that a level of nearly equal values does not make outliers of rounding.</param>
    private readonly record struct Column(string Name, double LeastSpread, Func<VertebraRow, double?> Value);
}
