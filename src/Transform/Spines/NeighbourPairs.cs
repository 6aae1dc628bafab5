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
            AnnotatedDistanceMm = neighbours && Annotated(upper) is Vector3d above && Annotated(lower) is Vector3d below ? (below - above).Length : null,
            VolumeRatio = neighbours ? lower.VolumeMm3 / upper.VolumeMm3 : null,
        };
    }

    private static Vector3d Centroid(VertebraRow row) => new(row.CentroidXMm, row.CentroidYMm, row.CentroidZMm);

    private static Vector3d? Annotated(VertebraRow row) =>
        row is { AnnotatedXMm: double x, AnnotatedYMm: double y, AnnotatedZMm: double z } ? new Vector3d(x, y, z) : null;
}
