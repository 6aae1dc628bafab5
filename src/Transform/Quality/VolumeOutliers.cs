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
    /// <summary>Its quantities among those of <see cref="LevelDistributions"/>: from 0 on.</summary>
    public const int Fields = 2;

    private static readonly string[] Names = ["volume_cm3", "volume relative to neighbours"];

    /// <summary>A normal distribution puts one value in two million beyond it; real volumes have heavier tails.</summary>
    private const double LargestZ = 5;

    /// <summary>Least spread of the logarithm (2 %), so that a level of nearly equal volumes does not make outliers of rounding.</summary>
    private const double LeastSpread = 0.02;

    /// <summary>Gathers the values of a readable scan that repeats none of its pool; others are judged, but add nothing to a distribution.</summary>
    public static void Gather(ScanRow scan, IEnumerable<VertebraRow> vertebrae, LevelDistributions levels)
    {
        foreach (Measured value in ValuesOf(vertebrae)) levels.Add(CohortChecks.PoolOf(scan), value.Vertebra.Label, value.Field, value.Logarithm);
    }

    /// <summary>Judges the vertebrae of a readable scan.</summary>
    public static IEnumerable<Finding> Of(ScanRow scan, IEnumerable<VertebraRow> vertebrae, LevelDistributions levels)
    {
        foreach (Measured value in ValuesOf(vertebrae))
        {
            if (levels.Of(CohortChecks.PoolOf(scan), value.Vertebra.Label, value.Field) is not (double median, double robust)) continue;
            double spread = Math.Max(LeastSpread, robust), z = (value.Logarithm - median) / spread;
            if (Math.Abs(z) <= LargestZ) continue;
            yield return Finding.Of(Faults.MskVolumeOutlier, new(CohortChecks.KeyOf(scan), scan.MaskPath, Names[value.Field], value.Vertebra.Label),
                Invariant($"{Math.Exp(value.Logarithm):0.##} (robust z {z:0.0})"),
                Invariant($"{Math.Exp(median - (LargestZ * spread)):0.##} to {Math.Exp(median + (LargestZ * spread)):0.##}"));
        }
    }

    private static IEnumerable<Measured> ValuesOf(IEnumerable<VertebraRow> vertebrae)
    {
        VertebraRow[] spine = [.. vertebrae.Where(vertebra => vertebra.VolumeCm3 > 0).OrderBy(vertebra => vertebra.AnatomicalOrder)];
        for (int at = 0; at < spine.Length; at++)
        {
            VertebraRow vertebra = spine[at];
            if (vertebra.TouchesBorder || VertebraLabel.IsReserved(vertebra.Label)) continue;
            double logarithm = Math.Log(vertebra.VolumeCm3);
            yield return new Measured(vertebra, 0, logarithm);
            if (at == 0 || at == spine.Length - 1 || !IsNext(spine[at - 1], vertebra) || !IsNext(vertebra, spine[at + 1])) continue;
            double neighbours = (Math.Log(spine[at - 1].VolumeCm3) + Math.Log(spine[at + 1].VolumeCm3)) / 2;
            yield return new Measured(vertebra, 1, logarithm - neighbours);
        }
    }

    private static bool IsNext(VertebraRow above, VertebraRow below) =>
        !above.TouchesBorder && !below.TouchesBorder && below.AnatomicalOrder - above.AnatomicalOrder is 1
        || above.Label == VertebraLabel.T12 && below.Label == VertebraLabel.L1 && !above.TouchesBorder && !below.TouchesBorder;

    private readonly record struct Measured(VertebraRow Vertebra, int Field, double Logarithm);
}
