using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Spines;

/// <summary>
/// The row of `spines` of a scan, from its vertebrae. Lordosis is of L1 to L5, kyphosis of T4 to T12: by lines through centres (Chen, Spine
/// 1999;24:1786; Briggs et al., Skeletal Radiol 2007;36:761) and by end plates, as Cobb's angle is drawn.
/// </summary>
internal static class WholeSpine
{
    private const int T4 = 11, T11 = VertebraLabel.T12 - 1, L4 = VertebraLabel.L5 - 1;

    /// <summary>Null for a scan without a readable mask; findings say which measures are null for want of levels.</summary>
    public static (SpineRow? Row, IReadOnlyList<Finding> Findings) Of(ScanRow scan, IReadOnlyList<VertebraRow> vertebrae)
    {
        if (!ScanStatus.IsMeasured(scan.Status)) return (null, []);
        VertebraRow[] ordered = [.. vertebrae.OrderBy(row => row.AnatomicalOrder)];
        SpineCurve curve = new(ordered);
        bool whole = curve.IsWhole;
        string[] missing = [.. ordered.Zip(ordered.Skip(1), (above, below) => Missing(above.Label, below.Label)).SelectMany(names => names)];
        SpineRow row = new()
        {
            ScanKey = scan.ScanKey,
            Dataset = scan.Dataset,
            Split = scan.Split,
            SubjectId = scan.SubjectId,
            ScanId = scan.ScanId,
            SeriesId = scan.SeriesId,
            VertebraCount = ordered.Length,
            FirstVertebra = ordered.FirstOrDefault()?.Vertebra,
            LastVertebra = ordered.LastOrDefault()?.Vertebra,
            LevelsPresent = string.Join(' ', ordered.Select(vertebra => vertebra.Vertebra)),
            LevelsMissing = string.Join(' ', missing),
            Variants = string.Join(' ', Variants([.. ordered.Select(vertebra => vertebra.Label)])),
            CurveThrough = curve.Through,
            CurveLengthMm = whole ? curve.LengthMm : null,
            ChordLengthMm = whole ? curve.ChordMm : null,
            CoronalDeviationMm = whole ? curve.DeviationMm(0) : null,
            SagittalDeviationMm = whole ? curve.DeviationMm(1) : null,
            CoronalAngleDeg = whole ? curve.CoronalAngleDeg() : null,
            LordosisTangentDeg = curve.LordosisDeg(VertebraLabel.L1, VertebraLabel.L5),
            KyphosisTangentDeg = -curve.LordosisDeg(T4, VertebraLabel.T12),
            LordosisEndplateDeg = OpeningDeg(ordered, VertebraLabel.L1, VertebraLabel.L5),
            KyphosisEndplateDeg = -OpeningDeg(ordered, T4, VertebraLabel.T12),
        };
        string levels = row.LevelsPresent.Length == 0 ? "no level" : row.LevelsPresent;
        Place at = new(new ScanKey(scan.Dataset, scan.Split, scan.ScanId), scan.MaskPath);
        List<Finding> findings = [];
        if (!whole) findings.Add(Finding.Of(Faults.SpnLevels, at with { Field = "curve_length_mm" }, levels, "two or more below C1, none missing between"));
        if (row.LordosisTangentDeg is null) findings.Add(Finding.Of(Faults.SpnLevels, at with { Field = "lordosis_tangent_deg" }, levels, "L1 to L5"));
        if (row.KyphosisTangentDeg is null) findings.Add(Finding.Of(Faults.SpnLevels, at with { Field = "kyphosis_tangent_deg" }, levels, "T4 to T12"));
        return (row, findings);
    }

    /// <summary>Between the upper end plate of the first level and the lower one of the last, whatever lies between.</summary>
    private static double? OpeningDeg(VertebraRow[] ordered, int first, int last) => Endplate.OpeningDeg(
        Endplate.Superior(Array.Find(ordered, row => row.Label == first)), Endplate.Inferior(Array.Find(ordered, row => row.Label == last)));

    /// <summary>Names of the levels that a mask lacks between two that it holds; none where the lower may follow the upper.</summary>
    public static IEnumerable<string> Missing(int above, int below) => VertebraLabel.Follows(above, below) ? [] :
        from label in VertebraLabel.Anatomical
        where VertebraLabel.AnatomicalOrder(label) > VertebraLabel.AnatomicalOrder(above)
            && VertebraLabel.AnatomicalOrder(label) < VertebraLabel.AnatomicalOrder(below)
            && label is not (VertebraLabel.T13 or VertebraLabel.L6)
        select VertebraLabel.Name(label);

    /// <summary>Numbers of vertebrae that are not the usual: T13 or L6 there, T12 or L5 passed over.</summary>
    private static IEnumerable<string> Variants(int[] labels)
    {
        if (Next(T11, VertebraLabel.L1)) yield return "no-T12";
        if (labels.Contains(VertebraLabel.T13)) yield return "T13";
        if (Next(L4, VertebraLabel.Sacrum)) yield return "no-L5";
        if (labels.Contains(VertebraLabel.L6)) yield return "L6";
        bool Next(int above, int below) => Array.IndexOf(labels, above) is >= 0 and int at && at + 1 < labels.Length && labels[at + 1] == below;
    }
}
