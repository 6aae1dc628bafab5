using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Quality;

/// <summary>
/// Vertebrae whose volume is out of the ordinary, by the robust z of its logarithm, (x - median) / (1.4826 MAD): once among all vertebrae of
/// the level, and once for its ratio to the neighbours in the same spine, which a large or small person does not disturb.
/// Logarithms, because volumes scatter by a factor. Vertebrae that touch the border neither count nor are judged.
/// </summary>
internal static class VolumeOutliers
{
    /// <summary>Fewer values than this give no distribution to judge by.</summary>
    private const int FewestValues = 20;

    /// <summary>A normal distribution puts one value in two million beyond it; real volumes have heavier tails.</summary>
    private const double LargestZ = 5;

    /// <summary>Least spread of the logarithm (2 %), so that a level of nearly equal volumes does not make outliers of rounding.</summary>
    private const double LeastSpread = 0.02;

    public static IEnumerable<Finding> Of(IReadOnlyList<ScanRow> scans, IReadOnlyList<VertebraRow> vertebrae)
    {
        ILookup<string, VertebraRow> byScan = vertebrae.ToLookup(vertebra => vertebra.ScanKey, StringComparer.Ordinal);
        foreach (IGrouping<string, ScanRow> pool in scans.Where(CohortCell.HasReadableMask).GroupBy(CohortChecks.PoolOf))
        {
            List<Measured> values = [];
            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach (ScanRow scan in pool)
                values.AddRange(ValuesOf(scan, byScan[scan.ScanKey], seen.Add(CohortCell.Identity(scan))));
            foreach (IGrouping<(int Label, string Field), Measured> group in values.GroupBy(value => (value.Vertebra.Label, value.Field)))
                foreach (Finding finding in Judge([.. group]))
                    yield return finding;
        }
    }

    private static IEnumerable<Finding> Judge(Measured[] group)
    {
        double[] ascending = [.. group.Where(value => value.Counts).Select(value => value.Logarithm).Order()];
        if (ascending.Length < FewestValues) yield break;
        double median = OrderStatistics.Median(ascending);
        double spread = Math.Max(LeastSpread, OrderStatistics.RobustSpread(ascending));
        foreach (Measured value in group)
        {
            double z = (value.Logarithm - median) / spread;
            if (Math.Abs(z) <= LargestZ) continue;
            yield return Finding.Of(Faults.MskVolumeOutlier, new(CohortChecks.KeyOf(value.Scan), value.Scan.MaskPath, value.Field, value.Vertebra.Label),
                Invariant($"{Math.Exp(value.Logarithm):0.##} (robust z {z:0.0})"),
                Invariant($"{Math.Exp(median - (LargestZ * spread)):0.##} to {Math.Exp(median + (LargestZ * spread)):0.##}"));
        }
    }

    /// <param name="counts">False for a scan that repeats another's mask: it is judged, but adds nothing to the distribution.</param>
    private static IEnumerable<Measured> ValuesOf(ScanRow scan, IEnumerable<VertebraRow> vertebrae, bool counts)
    {
        VertebraRow[] spine = [.. vertebrae.Where(vertebra => vertebra.VolumeCm3 > 0).OrderBy(vertebra => vertebra.AnatomicalOrder)];
        for (int at = 0; at < spine.Length; at++)
        {
            VertebraRow vertebra = spine[at];
            if (vertebra.TouchesBorder || VertebraLabel.IsReserved(vertebra.Label)) continue;
            double logarithm = Math.Log(vertebra.VolumeCm3);
            yield return new Measured(scan, vertebra, "volume_cm3", logarithm, counts);
            if (at == 0 || at == spine.Length - 1 || !IsNext(spine[at - 1], vertebra) || !IsNext(vertebra, spine[at + 1])) continue;
            double neighbours = (Math.Log(spine[at - 1].VolumeCm3) + Math.Log(spine[at + 1].VolumeCm3)) / 2;
            yield return new Measured(scan, vertebra, "volume relative to neighbours", logarithm - neighbours, counts);
        }
    }

    private static bool IsNext(VertebraRow above, VertebraRow below) =>
        !above.TouchesBorder && !below.TouchesBorder && below.AnatomicalOrder - above.AnatomicalOrder is 1
        || above.Label == VertebraLabel.T12 && below.Label == VertebraLabel.L1 && !above.TouchesBorder && !below.TouchesBorder;

    private readonly record struct Measured(ScanRow Scan, VertebraRow Vertebra, string Field, double Logarithm, bool Counts);
}
