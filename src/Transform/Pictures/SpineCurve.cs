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

    // from the lowest; a class, for which lists are compiled already
    private readonly List<Body> _bodies = [];

    /// <param name="vertebrae">At least one.</param>
    /// <param name="affine">Of the mask.</param>
    public SpineCurve(IReadOnlyList<LocatedVertebra> vertebrae, Affine affine)
    {
        List<Body> all = [];
        foreach (LocatedVertebra vertebra in vertebrae) all.Add(new Body(BodyMm(vertebra, affine)));
        all.Sort((a, b) => a.Mm.Z.CompareTo(b.Mm.Z));
        foreach (Body body in all)
        {
            if (_bodies.Count > 0 && body.Mm.Z - _bodies[^1].Mm.Z < LeastApartMm) _bodies[^1] = new Body(0.5 * (_bodies[^1].Mm + body.Mm));
            else _bodies.Add(body);
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
        int above = 0;
        while (above < _bodies.Count && _bodies[above].Mm.Z <= zMm) above++;
        if (above == 0 || above == _bodies.Count) return _bodies[above == 0 ? 0 : ^1].Mm[axis];
        Vector3d from = _bodies[above - 1].Mm, to = _bodies[above].Mm;
        return from[axis] + (zMm - from.Z) / (to.Z - from.Z) * (to[axis] - from[axis]);
    }

    private sealed record Body(Vector3d Mm);
}
