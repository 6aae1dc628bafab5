using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Extract.Sample;

/// <summary>
/// A phantom vertebra: solids in a frame with axes u, v, w (unit vectors in world RAS+) about the middle of the body (world mm),
/// and the canal (an ellipse in u, v) that is left out of the arch. <see cref="Disc"/> is what lies between this body and the next.
/// </summary>
internal sealed record Vertebra(
    int Label, Vector3d Centre, Vector3d U, Vector3d V, Vector3d W, IReadOnlyList<Solid> Parts, Solid Disc, double CanalCentre, double CanalU, double CanalV)
{
    /// <summary>The middle of the body, world mm: lower than <see cref="Centre"/> where the upper end plate is crushed.</summary>
    public Vector3d BodyCentre => Centre - 0.5 * Parts[0].Crush * Parts[0].SemiAxes.Z * W;

    public bool InCanal(double u, double v)
    {
        double du = u / CanalU, dv = (v - CanalCentre) / CanalV;
        return du * du + dv * dv < 1;
    }

    public Vector3d ToWorld(double u, double v, double w) => Centre + u * U + v * V + w * W;

    /// <summary>The vertebra of a level, scaled by <paramref name="size"/>, at a place and with an axis given by the spine.</summary>
    /// <param name="u">A unit vector, as <paramref name="w"/> at right angles to it.</param>
    public static Vertebra Of(VertebraLevel level, double size, Vector3d centre, Vector3d u, Vector3d w)
    {
        double a = level.WidthMm / 2, b = level.DepthMm / 2, c = level.HeightMm / 2, t = level.Posterior;
        (double canalU, double canalV, IReadOnlyList<Solid> parts) = level.Label switch
        {
            VertebraLabel.C1 => (14.5, 13.0, Atlas(t)),
            2 => (12.0, 8.0, Axis(a, b, c, t)),
            < 8 => (12.0, 7.5, Cervical(a, b, c, t)),
            < VertebraLabel.T12 - 1 => (9.0, 8.5, Thoracic(a, b, c, t)),
            <= VertebraLabel.T12 => (9.0, 8.5, Thoracolumbar(a, b, c, t)),
            _ => (11.5, 8.5, Lumbar(a, b, c, t)),
        };
        double canalCentre = level.Label == VertebraLabel.C1 ? -1 : -(b + canalV - 1);
        Solid disc = Body(a, b, level.DiscMm / 2) with { Centre = new(0, 0, -(c + level.DiscMm / 2)) };
        return new(level.Label, centre, u, Vector3d.Cross(w, u), w, [.. parts.Select(p => Scaled(p, size))], Scaled(disc, size),
            size * canalCentre, size * canalU, size * canalV);
    }

    /// <summary>The same with its body crushed, as <see cref="Solid.Crush"/> says; C1 has none.</summary>
    public Vertebra Crushed(double crush) => this with { Parts = [Parts[0] with { Crush = crush }, .. Parts.Skip(1)] };

    private static Solid Scaled(Solid part, double size) =>
        new(part.Form, size * part.Centre, size * part.SemiAxes, part.Slope) { CutByCanal = part.CutByCanal, Crush = part.Crush };

    private static Solid Body(double a, double b, double c) => new(SolidForm.Column, default, new(a, b, c)) { CutByCanal = false };

    private static Solid Block(Vector3d centre, Vector3d semiAxes, double slope = 0) => new(SolidForm.Block, centre, semiAxes, slope);

    private static Solid Ellipsoid(Vector3d centre, Vector3d semiAxes, double slope = 0) => new(SolidForm.Ellipsoid, centre, semiAxes, slope);

    // C1 is a ring: lateral masses, front and back arch, transverse processes.
    private static Solid[] Atlas(double t) =>
    [
        Block(new(18, 0, 0), new(6.5 * t, 9 * t, 6 * t)),
        Ellipsoid(new(0, 11, 0), new(18 * t, 5 * t, 5 * t)),
        Ellipsoid(new(0, -16, 0), new(19 * t, 6 * t, 4.5 * t)),
        Block(new(16, -9, 0), new(4 * t, 8 * t, 4 * t)),
        Ellipsoid(new(29, -1, 0), new(10 * t, 5 * t, 4.5 * t)),
    ];

    private static Solid[] Axis(double a, double b, double c, double t) =>
    [
        Body(a, b, c),
        new(SolidForm.Ellipsoid, new(0, 0.5, c + 6), new(5.5, 5.5, 13)) { CutByCanal = false },
        Block(new(15, -(b - 1), 0.2 * c), new(7 * t, 8 * t, 0.75 * c)),
        Ellipsoid(new(0, -(b + 16), -0.2 * c), new(17 * t, 7 * t, 0.75 * c * t)),
        Block(new(14, -(b + 9), -0.2 * c), new(4.5 * t, 7 * t, 0.6 * c)),
        Ellipsoid(new(0, -(b + 25), -0.35 * c), new(7 * t, 11 * t, 0.6 * c * t), 0.25),
        Ellipsoid(new(24, -(b - 1), 0), new(6 * t, 4 * t, 4 * t)),
    ];

    private static Solid[] Cervical(double a, double b, double c, double t) =>
    [
        Body(a, b, c),
        Block(new(15.5, -(b + 3), 0), new(5.5 * t, 7.5 * t, c + 1.2), 0.2),
        Ellipsoid(new(0, -(b + 14), -0.1 * c), new(17 * t, 4.5 * t, 0.8 * c), 0.2),
        Ellipsoid(new(0, -(b + 23), -0.3 * c), new(3.5 * t, 12 * t, 0.6 * c), 0.3),
        Ellipsoid(new(a + 7, -(b - 5), 0), new(9 * t, 5 * t, 0.55 * c * t)),
    ];

    private static Solid[] Thoracic(double a, double b, double c, double t) =>
    [
        Body(a, b, c),
        Block(new(11, -(b + 2), 0.35 * c), new(3.5 * t, 9 * t, 0.5 * c)),
        Block(new(11.5, -(b + 7), 0), new(5.5 * t, 6 * t, c + 0.8), 0.15),
        Ellipsoid(new(0, -(b + 14), -0.1 * c), new(15 * t, 4.5 * t, 0.9 * c)),
        Ellipsoid(new(0, -(b + 24), -0.6 * c), new(3.2 * t, 13 * t, 0.5 * c), 0.55),
        Ellipsoid(new(22, -(b + 8), 0.25 * c), new(15 * t, 5.5 * t, 0.55 * c), -0.1),
    ];

    // T11 and T12: the transverse processes are stumps.
    private static Solid[] Thoracolumbar(double a, double b, double c, double t) =>
        [.. Thoracic(a, b, c, t)[..^1], Ellipsoid(new(17, -(b + 8), 0.25 * c), new(9 * t, 7.5 * t, 0.75 * c), -0.1)];

    private static Solid[] Lumbar(double a, double b, double c, double t) =>
    [
        Body(a, b, c),
        Block(new(14, -(b + 3), 0.35 * c), new(4.5 * t, 10 * t, 0.5 * c)),
        Block(new(16, -(b + 13), -0.05 * c), new(6 * t, 7 * t, c + 2.2), 0.1),
        Ellipsoid(new(0, -(b + 17), -0.2 * c), new(19 * t, 5 * t, 0.9 * c)),
        Ellipsoid(new(0, -(b + 28), -0.4 * c), new(4 * t, 13 * t, 0.7 * c), 0.15),
        Ellipsoid(new(a + 8, -(b + 5), 0.25 * c), new(18 * t, 4 * t, 5 * t), -0.1),
    ];
}
