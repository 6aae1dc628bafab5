using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Measuring;

/// <summary>What speaks against a CT's values being Hounsfield units: an error where none can be, a warning where it is doubtful.</summary>
public sealed record UnitsDoubt(Fault Fault, string Observed, string Expected);

/// <summary>
/// Judges by what no CT can be. A vertebra has marrow near 100 HU, fat below 0 and cortex above 400, so its values span many hundred;
/// outside there is fat at -100 and mostly air at -1000. Values normalised to 0..1, windowed to 8 bit or stored without their intercept
/// have none of that; a crop without air, dense bone, cement and screws do.
/// </summary>
public static class HounsfieldUnits
{
    /// <summary>Fewer voxels of bone, or fewer of those picked around it, are not judged by.</summary>
    private const long FewestVoxels = 1000, FewestAround = 100;

    private const double NarrowestRange = 256, HighestMean = 2000, LowestP95 = -100;
    private const double HighestP05 = 700, HighestP05WithoutNegative = 250, HighestUsualP05 = 350;

    /// <summary>Null if nothing speaks against it, or there is too little to say.</summary>
    /// <param name="vertebrae">With their Hounsfield columns.</param>
    /// <param name="around">Some of the CT's values between and around the vertebrae.</param>
    public static UnitsDoubt? Doubt(IReadOnlyList<VertebraRow> vertebrae, HounsfieldSummary? around)
    {
        VertebraRow[] bones = [.. vertebrae.Where(row => row.MaskHuMean is not null)];
        if (bones.Sum(row => row.VoxelCount) < FewestVoxels) return null;
        double least = bones.Min(row => row.MaskHuMin!.Value), most = bones.Max(row => row.MaskHuMax!.Value);
        double p05 = Median(bones, row => row.MaskHuP05), p95 = Median(bones, row => row.MaskHuP95), mean = Median(bones, row => row.MaskHuMean);
        string seen = Invariant($"vertebrae from {least:0.##} to {most:0.##}, {mean:0.##} on average");
        // nothing but zeros around the bone is what was masked away
        bool noNegative = least >= 0 && around is { VoxelCount: >= FewestAround, Min: >= 0, Max: > 0 };
        if (most - least <= NarrowestRange) return Impossible("some hundred HU between marrow and cortex; this was normalised or windowed");
        if (p05 > HighestP05) return Impossible("marrow near 100 HU; an intercept such as -1024 is missing");
        if (p95 < LowestP95) return Impossible("bone above 0 HU; an intercept was applied twice, or the values are inverted");
        if (mean > HighestMean) return Impossible("at most 2000 HU on average; the slope is wrong");
        if (noNegative && p05 > HighestP05WithoutNegative) return Impossible("fat and air below 0 HU, marrow near 100; this was windowed");
        if (noNegative) return Doubtful("fat and air below 0 HU; this was clipped or windowed, or is no CT");
        return p05 > HighestUsualP05 ? Doubtful("marrow near 100 HU") : null;

        UnitsDoubt Impossible(string expected) => new(Faults.CtNotHounsfield, seen, expected);
        UnitsDoubt Doubtful(string expected) => new(Faults.CtDoubtfulHounsfield, seen, expected);
    }

    private static double Median(VertebraRow[] bones, Func<VertebraRow, double?> value) =>
        OrderStatistics.Median([.. bones.Select(row => value(row)!.Value).Order()]);
}
