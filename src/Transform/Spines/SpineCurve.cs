using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Spines;

/// <summary>
/// The spine as a line through one point a vertebra (world mm, RAS+), head to tail: the annotated points where every vertebra has one, else
/// the centroids of the masks, never a mixture. C1, whose point is the centre of a ring, sacrum and coccyx are left out.
/// </summary>
internal sealed class SpineCurve
{
    /// <summary>The values of `curve_through`.</summary>
    public const string Annotated = "annotated", Centroids = "centroids";

    private readonly int[] _labels;
    private readonly Vector3d[] _points;

    /// <param name="vertebrae">Of one scan, in anatomical order.</param>
    public SpineCurve(IReadOnlyList<VertebraRow> vertebrae)
    {
        VertebraRow[] on = [.. vertebrae.Where(row => row.Label != VertebraLabel.C1 && !VertebraLabel.IsReserved(row.Label))];
        _labels = [.. on.Select(row => row.Label)];
        bool annotated = on.All(row => row.AnnotatedXMm is not null);
        _points = [.. on.Select(row => annotated
            ? new Vector3d(row.AnnotatedXMm!.Value, row.AnnotatedYMm!.Value, row.AnnotatedZMm!.Value)
            : new Vector3d(row.CentroidXMm, row.CentroidYMm, row.CentroidZMm))];
        Through = _points.Length == 0 ? null : annotated ? Annotated : Centroids;
    }

    /// <summary>What the curve goes through; null without a vertebra.</summary>
    public string? Through { get; }

    /// <summary>Two points or more, and no level missing between them.</summary>
    public bool IsWhole => _points.Length > 1 && ChordMm > 0 && _labels.Zip(_labels.Skip(1), VertebraLabel.Follows).All(follows => follows);

    /// <summary>Along the straight pieces between neighbours, mm.</summary>
    public double LengthMm => Pieces.Sum(piece => piece.Length);

    /// <summary>From the first point to the last, mm.</summary>
    public double ChordMm => (_points[^1] - _points[0]).Length;

    /// <summary>
    /// How far the curve leaves its chord along a world axis, signed: the greatest component of a perpendicular from chord to point.
    /// </summary>
    /// <param name="axis">0: positive to the right; 1: positive to the front.</param>
    public double DeviationMm(int axis)
    {
        Vector3d from = _points[0], chord = _points[^1] - from;
        double farthest = 0;
        foreach (Vector3d point in _points)
        {
            double along = Vector3d.Dot(point - from, chord) / Vector3d.Dot(chord, chord), aside = (point - from - along * chord)[axis];
            if (Math.Abs(aside) > Math.Abs(farthest)) farthest = aside;
        }
        return farthest;
    }

    /// <summary>
    /// The greatest angle between two tangents seen from the front, degrees. The tangent at a vertebra runs through its two neighbours, at
    /// either end through the vertebra and its only one.
    /// </summary>
    public double CoronalAngleDeg()
    {
        int last = _points.Length - 1;
        double[] angles = [.. Enumerable.Range(0, last + 1)
            .Select(n => Angles.AgainstVertical(_points[Math.Max(0, n - 1)] - _points[Math.Min(last, n + 1)], axis: 0))];
        return angles.Max() - angles.Min();
    }

    /// <summary>
    /// The angle seen from the side between the line through the two uppermost points of a stretch and that through its two lowermost, degrees:
    /// positive where the stretch is hollow behind (lordosis). Null unless every level from the first label to the last is there.
    /// </summary>
    public double? LordosisDeg(int first, int last)
    {
        int from = Array.IndexOf(_labels, first), to = Array.IndexOf(_labels, last);
        if (from < 0 || to - from < 2 || !Enumerable.Range(from, to - from).All(n => VertebraLabel.Follows(_labels[n], _labels[n + 1]))) return null;
        return Angles.AgainstVertical(_points[to - 1] - _points[to], axis: 1) - Angles.AgainstVertical(_points[from] - _points[from + 1], axis: 1);
    }

    private IEnumerable<Vector3d> Pieces => _points.Zip(_points.Skip(1), (above, below) => above - below);
}
