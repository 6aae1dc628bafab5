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
    private static readonly Column[] Columns =
    [
        new("volume_cm3", 0.02, row => Logarithm(row.VolumeCm3)),
        new("extent_lr_mm", 0.02, row => Logarithm(row.ExtentLrMm)),
        new("extent_ap_mm", 0.02, row => Logarithm(row.ExtentApMm)),
        new("extent_si_mm", 0.02, row => Logarithm(row.ExtentSiMm)),
        new("height_middle_mm", 0.02, row => row.HeightMiddleMm is double height ? Logarithm(height) : null),
        new("body_hu_median", 2, row => row.BodyHuMedian),
    ];

    /// <summary>Gathers the values of a readable scan that repeats none of its pool.</summary>
    public static void Gather(IEnumerable<VertebraRow> vertebrae, LevelDistributions levels)
    {
        foreach (VertebraRow row in vertebrae.Where(IsJudged))
            for (int at = 0; at < Columns.Length; at++)
                if (Columns[at].Value(row) is double value) levels.Add(Editions.PoolOf(row.Dataset), row.Label, VolumeOutliers.Fields + at, value);
    }

    /// <summary>The same row with `outlier_z` and `outlier_column` where its level has enough values in a column.</summary>
    public static VertebraRow Scored(VertebraRow row, LevelDistributions levels)
    {
        if (!IsJudged(row)) return row;
        (double Z, string Column)? worst = null;
        for (int at = 0; at < Columns.Length; at++)
        {
            if (levels.Of(Editions.PoolOf(row.Dataset), row.Label, VolumeOutliers.Fields + at) is not (double median, double robust)) continue;
            if (Columns[at].Value(row) is not double value) continue;
            double z = (value - median) / Math.Max(Columns[at].LeastSpread, robust);
            if (worst is null || Math.Abs(z) > Math.Abs(worst.Value.Z)) worst = (z, Columns[at].Name);
        }
        return worst is (double score, string column) ? row with { OutlierZ = score, OutlierColumn = column } : row;
    }

    private static bool IsJudged(VertebraRow row) => !row.TouchesBorder && !VertebraLabel.IsReserved(row.Label);

    private static double? Logarithm(double value) => value > 0 ? Math.Log(value) : null;

    /// <param name="LeastSpread">So that a level of nearly equal values does not make outliers of rounding.</param>
    private readonly record struct Column(string Name, double LeastSpread, Func<VertebraRow, double?> Value);
}
