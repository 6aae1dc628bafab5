using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Spines;

/// <summary>The rows of `pairs` of a scan, from its vertebrae: each with the next one below.</summary>
internal static class NeighbourPairs
{
    public static IEnumerable<PairRow> Of(IEnumerable<VertebraRow> vertebrae)
    {
        VertebraRow[] ordered = [.. vertebrae.OrderBy(row => row.AnatomicalOrder)];
        return ordered.Zip(ordered.Skip(1), Of);
    }

    private static PairRow Of(VertebraRow upper, VertebraRow lower)
    {
        int between = WholeSpine.Missing(upper.Label, lower.Label).Count();
        bool neighbours = between == 0;
        Vector3d? pointAbove = neighbours ? Annotated(upper) : null, pointBelow = neighbours ? Annotated(lower) : null;
        Endplate? plateAbove = neighbours ? Endplate.Inferior(upper) : null, plateBelow = neighbours ? Endplate.Superior(lower) : null;
        return new PairRow
        {
            ScanKey = upper.ScanKey,
            Dataset = upper.Dataset,
            Split = upper.Split,
            SubjectId = upper.SubjectId,
            ScanId = upper.ScanId,
            SeriesId = upper.SeriesId,
            UpperLabel = upper.Label,
            UpperVertebra = upper.Vertebra,
            LowerLabel = lower.Label,
            LowerVertebra = lower.Vertebra,
            UpperOrder = upper.AnatomicalOrder,
            LevelsBetween = between,
            CentroidDistanceMm = neighbours ? (Centroid(lower) - Centroid(upper)).Length : null,
            AnnotatedDistanceMm = pointAbove is Vector3d above && pointBelow is Vector3d below ? (below - above).Length : null,
            VolumeRatio = neighbours ? lower.VolumeMm3 / upper.VolumeMm3 : null,
            HeightRatio = neighbours ? Heights(lower) / Heights(upper) : null,
            GapMm = pointAbove is Vector3d from && pointBelow is Vector3d to && plateAbove is Endplate top && plateBelow is Endplate bottom
                ? GapMm(from, to, top, bottom)
                : null,
            EndplateAngleDeg = Endplate.OpeningDeg(plateAbove, plateBelow),
        };
    }

    /// <summary>Between the two end plates along the line from one annotated point to the other.</summary>
    private static double? GapMm(Vector3d above, Vector3d below, Endplate top, Endplate bottom)
    {
        double distance = (below - above).Length;
        if (distance == 0) return null;
        Vector3d along = 1 / distance * (below - above);
        double gap = bottom.MeetsAt(above, along) - top.MeetsAt(above, along);
        return double.IsFinite(gap) ? gap : null;
    }

    private static double? Heights(VertebraRow row) => row.HeightAnteriorMm + row.HeightMiddleMm + row.HeightPosteriorMm;

    private static Vector3d Centroid(VertebraRow row) => new(row.CentroidXMm, row.CentroidYMm, row.CentroidZMm);

    private static Vector3d? Annotated(VertebraRow row) =>
        row is { AnnotatedXMm: double x, AnnotatedYMm: double y, AnnotatedZMm: double z } ? new Vector3d(x, y, z) : null;
}
