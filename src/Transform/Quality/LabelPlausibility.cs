using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Quality;

/// <summary>
/// Whether the labels of one mask can be those of a spine, told from mass, box and place of each. Lengths are divided by the cube root of the
/// volume, so that large and small people are judged alike. Bounds stand well outside what genuine VerSe masks show (docs/features.md). What
/// a mask alone cannot tell stays untold: left and right exchanged, or all labels of a chest shifted by one.
/// </summary>
internal static class LabelPlausibility
{
    /// <summary>Published volumes may be left by this factor before <see cref="Faults.LblRange"/> is told; the table is rounded, people are not.</summary>
    public const double RangeFactor = 1.1;

    /// <summary>Volume over the median of up to two neighbours on each side, each as a share of its level's published median.</summary>
    public const double VolumeFactor = 1.5;

    /// <summary>Distance of two neighbours' centroids over the mean cube root of their volumes: 0.72 to 0.91 in genuine masks.</summary>
    public const double LeastSpacing = 0.5, GreatestSpacing = 1.25;

    /// <summary>Diagonal of the box over that of the box around the ellipsoid of the same covariance: 0.99 to 1.27 in genuine masks.</summary>
    public const double GreatestBox = 1.6;

    /// <summary>The same ratio of what has processes at all; a body alone, an elliptic cylinder, has 0.87, and neither width nor arch to judge by.</summary>
    public const double LeastBox = 0.93;

    /// <summary>Mass centre minus box centre over the cube root of the volume: up to 0.08 to a side, -0.07 to 0.20 upwards, 0.03 to 0.32 forwards.</summary>
    public const double GreatestAside = 0.3, GreatestUp = 0.45, GreatestForward = 0.7, GreatestBackward = 0.05;

    /// <summary>Box along left-right over the cube root of the volume: T11, T12 up to 1.8, lumbar from 2.1; the transverse processes jump at L1.</summary>
    public const double WidestThoracic = 2.0, NarrowestLumbar = 1.7;

    private const int T11 = VertebraLabel.T12 - 1;

    /// <summary>Findings on the labels of a scan; none where the mask has no geometry.</summary>
    /// <param name="vertebrae">Of this scan, in anatomical order.</param>
    /// <param name="reference">For volumes by level; null leaves the published range out and expects neighbours of equal volume.</param>
    public static IEnumerable<Finding> Of(ScanRow scan, IReadOnlyList<VertebraRow> vertebrae, Reference? reference)
    {
        if (scan.Affine is not { } affine) return [];
        Mass[] spine = [.. vertebrae.Where(row => !VertebraLabel.IsReserved(row.Label)).Select(row => Mass.Of(row, affine))];
        Place at = new(new ScanKey(scan.Dataset, scan.Split, scan.ScanId), scan.MaskPath);
        return [.. Order(at, spine), .. FrontBack(at, spine), .. Extent(at, spine), .. Volume(at, spine, reference), .. Spacing(at, spine),
            .. Region(at, spine), .. Range(at, spine, reference)];
    }

    /// <summary>The worst code about a label: severest first, then in the order of the catalogue; null if none.</summary>
    /// <param name="findings">Of the label's scan; those about no single label count for each.</param>
    public static string? Worst(int label, IReadOnlyList<Finding> findings)
    {
        (string? code, Severity severity, int rank) = (null, default, 0);
        for (int at = 0; at < findings.Count; at++)
        {
            Finding finding = findings[at];
            if ((finding.Label is int other && other != label) || Array.IndexOf(Judged, finding.Code) is not (>= 0 and int itsRank)) continue;
            if (code is null || finding.Severity > severity || (finding.Severity == severity && itsRank < rank))
                (code, severity, rank) = (finding.Code, finding.Severity, itsRank);
        }
        return code;
    }

    /// <summary>Codes in the order of their weight.</summary>
    private static string[] Judged { get; } =
    [
        .. new[]
        {
            Faults.LblUpsideDown, Faults.LblOrder, Faults.LblFrontBack, Faults.LblExtent, Faults.LblVolume, Faults.LblSpacing, Faults.LblRegion,
            Faults.MskTiny, Faults.LblRange, Faults.MskFragment, Faults.MskGap,
        }.Select(fault => fault.Code),
    ];

    private static IEnumerable<Finding> Order(Place at, Mass[] spine)
    {
        (Mass Above, Mass Below)[] upwards = [.. Steps(spine).Where(step => step.Below.CentroidMm.Z > step.Above.CentroidMm.Z)];
        if (spine.Length > 1 && 2 * upwards.Length > spine.Length - 1)
        {
            yield return Finding.Of(Faults.LblUpsideDown, at with { Field = "centroid_z_mm" },
                $"{upwards.Length} of {spine.Length - 1} steps go up, {spine[0].Name} to {spine[^1].Name}", "every step goes down");
            yield break;
        }
        foreach ((Mass above, Mass below) in upwards)
            yield return Finding.Of(Faults.LblOrder, at with { Field = "centroid_z_mm", Label = below.Row.Label },
                Invariant($"{below.Name} {below.CentroidMm.Z - above.CentroidMm.Z:0.0} mm above {above.Name}"), $"below {above.Name}");
    }

    private static IEnumerable<Finding> FrontBack(Place at, Mass[] spine)
    {
        Mass[] judged = [.. spine.Where(mass => mass.Row.Label != VertebraLabel.C1 && !mass.Row.TouchesBorder && mass.HasProcesses)];
        if (judged.Length == 0) yield break;
        Mass[] turned = [.. judged.Where(mass => mass.FromBox.Y < -GreatestBackward && mass.Row.ComponentCount == 1)];
        if (OrderStatistics.Median([.. judged.Select(mass => mass.FromBox.Y).Order()]) < 0)
            yield return Finding.Of(Faults.LblFrontBack, at with { Field = "centroid_y_mm" },
                $"{turned.Length} of {judged.Length} vertebrae with their mass behind the middle of their box", "the mass, the body, in front of it");
        else
            foreach (Mass mass in turned)
                yield return Finding.Of(Faults.LblFrontBack, at with { Field = "centroid_y_mm", Label = mass.Row.Label },
                    Invariant($"mass {-mass.FromBox.Y * mass.SizeMm:0.0} mm behind the middle of the box"), "in front of it");
    }

    private static IEnumerable<Finding> Extent(Place at, Mass[] spine) =>
        from mass in spine
        where DoesNotFit(mass)
        select Finding.Of(Faults.LblExtent, at with { Field = "bbox", Label = mass.Row.Label },
            Invariant($"{mass.Row.ExtentLrMm:0} x {mass.Row.ExtentApMm:0} x {mass.Row.ExtentSiMm:0} mm in {mass.Row.ComponentCount} components"),
            Invariant($"a box around an ellipsoid of {mass.Row.AxisMajorMm:0} x {mass.Row.AxisMiddleMm:0} x {mass.Row.AxisMinorMm:0} mm"));

    // a vertebra cut by the border is lopsided by right; an island is none of it
    private static bool DoesNotFit(Mass mass) => (!mass.Row.TouchesBorder || mass.Row.ComponentCount > 1)
        && (mass.Box > GreatestBox || Math.Abs(mass.FromBox.X) > GreatestAside || Math.Abs(mass.FromBox.Z) > GreatestUp
            || mass.FromBox.Y > GreatestForward || mass.FromBox.Y < -GreatestBackward && mass.Row.ComponentCount > 1);

    private static IEnumerable<Finding> Volume(Place at, Mass[] spine, Reference? reference)
    {
        for (int n = 0; n < spine.Length; n++)
        {
            double[] neighbours = [.. Enumerable.Range(n - 2, 5)
                .Where(k => k != n && k >= 0 && k < spine.Length && !spine[k].Row.TouchesBorder).Select(k => Share(spine[k])).Order()];
            if (neighbours.Length == 0) continue;
            double ratio = Share(spine[n]) / OrderStatistics.Median(neighbours);
            if (ratio > VolumeFactor || ratio < 1 / VolumeFactor && !spine[n].Row.TouchesBorder)
                yield return Finding.Of(Faults.LblVolume, at with { Field = "volume_cm3", Label = spine[n].Row.Label },
                    Invariant($"{ratio:0.00} times what the neighbours let expect"), Invariant($"{1 / VolumeFactor:0.00} to {VolumeFactor:0.00}"));
        }
        double Share(Mass mass) => mass.Row.VolumeCm3 / (reference?.Label(mass.Row.Label)?.VolumeCm3Median ?? 1);
    }

    private static IEnumerable<Finding> Spacing(Place at, Mass[] spine)
    {
        foreach ((Mass above, Mass below) in Steps(spine))
        {
            if (!VertebraLabel.Follows(above.Row.Label, below.Row.Label) || above.Row.TouchesBorder || below.Row.TouchesBorder) continue;
            double size = (above.SizeMm + below.SizeMm) / 2, distance = (below.CentroidMm - above.CentroidMm).Length;
            if (distance / size is > GreatestSpacing or < LeastSpacing)
                yield return Finding.Of(Faults.LblSpacing, at with { Field = "centroid_distance_mm", Label = below.Row.Label },
                    Invariant($"{distance:0.0} mm from {above.Name}"), Invariant($"{LeastSpacing * size:0} to {GreatestSpacing * size:0} mm"));
        }
    }

    private static IEnumerable<Finding> Region(Place at, Mass[] spine) =>
        from mass in spine
        where !mass.Row.TouchesBorder && mass.HasProcesses && !DoesNotFit(mass)
        let width = mass.Row.ExtentLrMm / mass.SizeMm
        where mass.Row.Label is T11 or VertebraLabel.T12 && width > WidestThoracic
            || mass.Row.Label is >= VertebraLabel.L1 and <= VertebraLabel.L5 && width < NarrowestLumbar
        select Finding.Of(Faults.LblRegion, at with { Field = "extent_lr_mm", Label = mass.Row.Label }, Invariant($"{mass.Row.ExtentLrMm:0} mm"),
            mass.Row.Label < VertebraLabel.L1
                ? Invariant($"at most {WidestThoracic * mass.SizeMm:0} mm at {mass.Name}")
                : Invariant($"at least {NarrowestLumbar * mass.SizeMm:0} mm at {mass.Name}"));

    private static IEnumerable<Finding> Range(Place at, Mass[] spine, Reference? reference) =>
        from mass in spine
        let published = reference?.Label(mass.Row.Label)
        where mass.Row.VolumeCm3 > RangeFactor * published?.VolumeCm3Max
            || mass.Row.VolumeCm3 < published?.VolumeCm3Min / RangeFactor && !mass.Row.TouchesBorder
        select Finding.Of(Faults.LblRange, at with { Field = "volume_cm3", Label = mass.Row.Label }, Invariant($"{mass.Row.VolumeCm3:0.##} cm3"),
            Invariant($"{published.VolumeCm3Min:0.##} to {published.VolumeCm3Max:0.##} cm3, within a tenth"));

    private static IEnumerable<(Mass Above, Mass Below)> Steps(Mass[] spine) => spine.Zip(spine.Skip(1));

    /// <summary>A label's mass. <c>Box</c> and <c>FromBox</c> (mass centre minus box centre, world) are ratios, see the constants above.</summary>
    private sealed record Mass(VertebraRow Row, double SizeMm, Vector3d CentroidMm, Vector3d FromBox, double Box)
    {
        public string Name => Row.Vertebra;

        public bool HasProcesses => Box >= LeastBox;

        public static Mass Of(VertebraRow row, IReadOnlyList<double> affine)
        {
            Affine world = Affine.OfRowMajor(affine);
            Vector3d centroid = new(row.CentroidXMm, row.CentroidYMm, row.CentroidZMm);
            Vector3d corners = new(row.BboxMinI + row.BboxMaxI - 1, row.BboxMinJ + row.BboxMaxJ - 1, row.BboxMinK + row.BboxMaxK - 1);
            Vector3d middle = world.Apply(0.5 * corners);
            double size = CubeRoot.Of(row.VolumeMm3);
            double ellipsoid = new Vector3d(row.AxisMajorMm, row.AxisMiddleMm, row.AxisMinorMm).Length;
            double box = ellipsoid > 0 ? new Vector3d(row.ExtentLrMm, row.ExtentApMm, row.ExtentSiMm).Length / ellipsoid : 1;
            return new Mass(row, size, centroid, 1 / size * (centroid - middle), box);
        }
    }
}
