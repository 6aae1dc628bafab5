using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Quality;

/// <summary>
/// Checks that need one scan only: the sequence of labels, their plausibility, components, size, border, annotation. They are part of a scan's own reading,
/// so a warning here makes `scans.status` a warning; what needs other scans stands in <see cref="CohortChecks"/> and leaves it alone.
/// </summary>
internal static class ScanChecks
{
    /// <summary>A second component is one of more than this share of the label's voxels; one-voxel islands are common and real.</summary>
    public const double FragmentFraction = 0.01;

    /// <summary>How far beyond the published minimum or maximum a volume must be to be called out.</summary>
    public const double FarOutsideFactor = 3;

    /// <summary>
    /// The annotated point is in the body, 7.0 to 15.6 mm from the centroid of the whole vertebra in 41 genuine ones; beyond 20 mm it is
    /// nearer to another vertebra's.
    /// </summary>
    public const double FarAnnotationMm = 20;

    /// <summary>How far (voxels) an annotated point may lie outside the volume; positions are rounded in the files.</summary>
    private const double OutsideVolumeVoxels = 1;

    /// <summary>The scan's result with these findings added and its status following from all of them.</summary>
    /// <param name="reference">For the published range of volumes; null leaves that check out.</param>
    public static ScanResult Apply(ScanResult result, Reference? reference)
    {
        List<Finding> findings = [.. result.Findings, .. Of(result.Scan, result.Vertebrae, reference)];
        findings.Sort(Finding.CompareByKey);
        bool warns = findings.Exists(finding => finding.Severity >= Severity.Warning);
        string status = !ScanStatus.IsMeasured(result.Scan.Status) ? result.Scan.Status : warns ? ScanStatus.Warning : ScanStatus.Ok;
        return result with
        {
            Scan = result.Scan with { Status = status },
            Vertebrae = [.. result.Vertebrae.Select(row => Judged(row, LabelPlausibility.Worst(row.Label, findings)))],
            Findings = findings,
        };
    }

    // most have none, and a row is large
    private static VertebraRow Judged(VertebraRow row, string? plausibility) =>
        row.Plausibility == plausibility ? row : row with { Plausibility = plausibility };

    /// <summary>Findings about one scan; none for a scan without a readable mask.</summary>
    public static IReadOnlyList<Finding> Of(ScanRow scan, IReadOnlyList<VertebraRow> vertebrae, Reference? reference = null)
    {
        if (!ScanStatus.IsMeasured(scan.Status)) return [];
        ScanKey key = new(scan.Dataset, scan.Split, scan.ScanId);
        VertebraRow[] ordered = [.. vertebrae.OrderBy(vertebra => vertebra.AnatomicalOrder)];
        List<Finding> findings = [.. Gaps(key, scan, ordered)];
        foreach (VertebraRow vertebra in ordered)
        {
            findings.AddRange(Shape(key, scan, vertebra));
            if (reference is not null) findings.AddRange(Size(key, scan, vertebra, reference));
            findings.AddRange(Annotation(key, scan, vertebra));
            findings.AddRange(Heights(key, scan, vertebra, alone: ordered.Length == 1));
        }
        findings.AddRange(LabelPlausibility.Of(scan, ordered, reference));
        findings.AddRange(NotInMask(key, scan, ordered));
        return findings;
    }

    /// <summary>Steps in the sequence of labels that anatomy does not allow, one finding per step, at the label after it.</summary>
    private static IEnumerable<Finding> Gaps(ScanKey key, ScanRow scan, VertebraRow[] ordered)
    {
        for (int at = 1; at < ordered.Length; at++)
        {
            (int above, int below) = (ordered[at - 1].Label, ordered[at].Label);
            if (VertebraLabel.Follows(above, below)) continue;
            string expected = string.Join(" or ", VertebraLabel.Anatomical.Where(label => VertebraLabel.Follows(above, label)).Select(VertebraLabel.Name));
            yield return Finding.Of(Faults.MskGap, new(key, scan.MaskPath, "label", below),
                $"{VertebraLabel.Name(below)} after {VertebraLabel.Name(above)}", expected);
        }
    }

    private static IEnumerable<Finding> Shape(ScanKey key, ScanRow scan, VertebraRow vertebra)
    {
        // with more components than two the rest may be dust; only a largest part below 99 % proves more than 1 % outside it
        if (vertebra.ComponentCount > 1 && vertebra.LargestComponentFraction < 1 - FragmentFraction)
        {
            yield return Finding.Of(Faults.MskFragment, new(key, scan.MaskPath, "largest_component_fraction", vertebra.Label),
                Invariant($"{vertebra.ComponentCount} components, the largest with {100 * vertebra.LargestComponentFraction:0.0} %"),
                "at least 99 % in one");
        }
        if (vertebra.SurfaceAreaMm2 is null)
            yield return Finding.Of(Faults.MskSpread, new(key, scan.MaskPath, "surface_area_mm2", vertebra.Label),
                Invariant($"a box of {vertebra.BboxMaxI - vertebra.BboxMinI}x{vertebra.BboxMaxJ - vertebra.BboxMinJ}x")
                    + Invariant($"{vertebra.BboxMaxK - vertebra.BboxMinK} voxels"),
                Invariant($"at most {SurfaceCubes.MostVoxelsPerSlice} voxels a slice of it, and {SliceCorners.MostCorners} corners of its outline"));
        if (vertebra is { AnnotatedI: not null, TrabecularVoxels: null or 0, Label: not VertebraLabel.C1 })
            yield return Finding.Of(Faults.MskThinBody, new(key, scan.MaskPath, "trabecular_voxels", vertebra.Label),
                vertebra.TrabecularVoxels is null ? "a body that cannot be told from its arch, or a lattice too fine" : "0 voxels", "at least 1 voxel");
        if (vertebra.TouchesBorder)
            yield return Finding.Of(Faults.MskTouchesBorder, new(key, scan.MaskPath, "border_faces", vertebra.Label), vertebra.BorderFaces);
    }

    private static IEnumerable<Finding> Size(ScanKey key, ScanRow scan, VertebraRow vertebra, Reference reference)
    {
        if (reference.Label(vertebra.Label) is not { VolumeCm3Min: double least, VolumeCm3Max: double greatest }) yield break;
        if (vertebra.VolumeCm3 >= least / FarOutsideFactor && vertebra.VolumeCm3 <= greatest * FarOutsideFactor) yield break;
        yield return Finding.Of(Faults.MskTiny, new(key, scan.MaskPath, "volume_cm3", vertebra.Label),
            Invariant($"{vertebra.VolumeCm3:0.###} cm3"),
            Invariant($"{least:0.##} to {greatest:0.##} cm3 as published, or within a factor of {FarOutsideFactor:0}"));
    }

    private static IEnumerable<Finding> Annotation(ScanKey key, ScanRow scan, VertebraRow vertebra)
    {
        // a scan without any centroid file has been told of already
        if (scan.AnnotatedLabels is null) yield break;
        if (vertebra is not { AnnotatedI: double i, AnnotatedJ: double j, AnnotatedK: double k })
        {
            if (!VertebraLabel.IsReserved(vertebra.Label))
                yield return Finding.Of(Faults.CtdNotAnnotated, new(key, scan.CentroidPath, "mask label without centroid", vertebra.Label),
                    vertebra.Vertebra, "a centroid");
            yield break;
        }
        if (Outside(i, scan.ShapeI) || Outside(j, scan.ShapeJ) || Outside(k, scan.ShapeK))
        {
            yield return Finding.Of(Faults.CtdRange, new(key, scan.CentroidPath, "X, Y, Z", vertebra.Label),
                Invariant($"voxel {i:0.#}, {j:0.#}, {k:0.#}"), $"inside {scan.ShapeI}x{scan.ShapeJ}x{scan.ShapeK}");
        }
        // the published point of C1 is the centre of a ring and may lie in its hole
        if (vertebra.Label != VertebraLabel.C1 && vertebra.AnnotationLabel is int there && there != vertebra.Label)
        {
            yield return Finding.Of(Faults.CtdOutsideLabel, new(key, scan.CentroidPath, "annotation_label", vertebra.Label),
                there == 0 ? "background" : Invariant($"label {there}"), Invariant($"label {vertebra.Label}"));
        }
        if (vertebra.AnnotationDistanceMm > FarAnnotationMm)
        {
            yield return Finding.Of(Faults.CtdFar, new(key, scan.CentroidPath, "annotation_distance_mm", vertebra.Label),
                Invariant($"{vertebra.AnnotationDistanceMm:0.0} mm"), Invariant($"at most {FarAnnotationMm:0} mm"));
        }
    }

    /// <summary>Why a body that could have heights has none; a missing annotation has been told of already.</summary>
    private static IEnumerable<Finding> Heights(ScanKey key, ScanRow scan, VertebraRow vertebra, bool alone)
    {
        if (vertebra.HeightMiddleMm is not null || vertebra.AnnotatedI is null || !VertebraLabel.HasHeight(vertebra.Label)) yield break;
        yield return Finding.Of(Faults.HgtNone, new(key, scan.MaskPath, "height_middle_mm", vertebra.Label),
            vertebra.BorderFaces.Contains('S') || vertebra.BorderFaces.Contains('I') ? "the box reaches the upper or lower face of the volume"
                : alone ? "a vertebra alone" : "no body around the annotated point in the mid-sagittal map");
    }

    private static IEnumerable<Finding> NotInMask(ScanKey key, ScanRow scan, VertebraRow[] ordered) =>
        from label in scan.AnnotatedLabels ?? []
        where !Array.Exists(ordered, vertebra => vertebra.Label == label)
        select Finding.Of(Faults.CtdNotInMask, new(key, scan.CentroidPath, "centroid without mask label", label),
            Invariant($"{label}"), "the label in the mask");

    private static bool Outside(double index, int? size) => size is int count && (index < -OutsideVolumeVoxels || index > count - 1 + OutsideVolumeVoxels);
}
