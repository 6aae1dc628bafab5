using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Measuring;

namespace VerseEtl.Transform.Pictures;

/// <summary>
/// The line through the vertebral bodies, as x and y (mm, RAS+) at a height z: straight between bodies, upright beyond the first and the
/// last. A body's place is its annotated point; without one it is estimated from the box of the label.
/// </summary>
internal sealed class SpineCurve
{
    // bodies whose heights differ less than this stand side by side, as no bodies do
    private const double LeastApartMm = 2;

    // of a vertebra's extent from front to back, where its body is deepest, from the front: body 35 mm of 85 in L3, 17 of 50 in C5
    private const double BodyDepth = 0.2;

    private readonly List<Vector3d> _bodiesMm = [];

    /// <param name="vertebrae">At least one.</param>
    /// <param name="affine">Of the mask.</param>
    public SpineCurve(IReadOnlyList<LocatedVertebra> vertebrae, Affine affine)
    {
        foreach (Vector3d body in vertebrae.Select(vertebra => BodyMm(vertebra, affine)).OrderBy(body => body.Z))
        {
            if (_bodiesMm.Count > 0 && body.Z - _bodiesMm[^1].Z < LeastApartMm) _bodiesMm[^1] = 0.5 * (_bodiesMm[^1] + body);
            else _bodiesMm.Add(body);
        }
    }

    /// <summary>Where the body of a vertebra is (mm, RAS+).</summary>
    public static Vector3d BodyMm(LocatedVertebra vertebra, Affine affine)
    {
        if (vertebra.AnnotatedMm is Vector3d annotated) return annotated;
        if (vertebra.Label == VertebraLabel.C1) return vertebra.CentroidMm;
        (Vector3d low, Vector3d high) = WorldBox.Of(vertebra.Box, affine);
        return vertebra.CentroidMm with { Y = high.Y - BodyDepth * (high.Y - low.Y) };
    }

    /// <summary>The curve's place at a height.</summary>
    /// <param name="zMm">Height.</param>
    /// <param name="axis">0 for x, 1 for y.</param>
    public double At(double zMm, int axis)
    {
        int above = _bodiesMm.FindIndex(body => body.Z > zMm);
        if (above <= 0) return (above == 0 ? _bodiesMm[0] : _bodiesMm[^1])[axis];
        Vector3d from = _bodiesMm[above - 1], to = _bodiesMm[above];
        return from[axis] + (zMm - from.Z) / (to.Z - from.Z) * (to[axis] - from[axis]);
    }
}
