using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Sample;

/// <summary>Which superquadric a part is: an ellipsoid, a rounded block, or a rounded column with a waist, standing along w.</summary>
internal enum SolidForm { Ellipsoid, Block, Column }

/// <summary>How deep inside a solid a point lies.</summary>
internal enum Depth { Outside, Shell, Core }

/// <summary>
/// One part of a vertebra in the vertebra's own frame (mm): u to the side, v to the front, w towards the head, origin in the middle of the body.
/// Parts are mirrored in u, so a part off the middle plane is a pair. <see cref="Slope"/> shears w along v (a spinous process that points
/// down as it runs back). Only + - * / are used, so that every machine draws the same voxels.
/// </summary>
internal sealed record Solid(SolidForm Form, Vector3d Centre, Vector3d SemiAxes, double Slope = 0)
{
    private const double ShellMm = 1.2;

    /// <summary>Share of its height a crushed column has lost at its front edge; none at its back edge, in proportion between. At most 0.45.</summary>
    public double Crush { get; init; }

    /// <summary>The canal cuts every part but the bodies.</summary>
    public bool CutByCanal { get; init; } = true;

    private readonly Vector3d _outer = Inverse(SemiAxes, 0);
    private readonly Vector3d _inner = Inverse(SemiAxes, ShellMm);

    /// <summary>Half size (mm) along u, v, w of a box around the part and its mirror image, about <see cref="Centre"/> with u = 0.</summary>
    public Vector3d Reach => new(Centre.X + SemiAxes.X, SemiAxes.Y, SemiAxes.Z + Math.Abs(Slope) * SemiAxes.Y);

    /// <summary>Where a point (mm, the vertebra's frame) lies.</summary>
    public Depth DepthAt(double u, double v, double w)
    {
        double du = Math.Abs(u) - Centre.X, dv = v - Centre.Y, dw = w - Centre.Z - Slope * dv;
        double outer = Level(du * _outer.X, dv * _outer.Y, dw * _outer.Z);
        if (outer > 1) return Depth.Outside;
        return Level(du * _inner.X, dv * _inner.Y, dw * _inner.Z) > 1 ? Depth.Shell : Depth.Core;
    }

    /// <summary>At most 1 inside; the arguments are fractions of the semi-axes.</summary>
    private double Level(double u, double v, double w)
    {
        if (Crush > 0 && w > 0) w /= 1 - Crush * (1 + Math.Clamp(v, -1, 1));
        (u, v, w) = (u * u, v * v, w * w);
        switch (Form)
        {
            case SolidForm.Ellipsoid:
                return u + v + w;
            case SolidForm.Block:
                return u * u + v * v + w * w;
            default:
                double waist = 0.88 + 0.12 * Math.Min(w, 1);
                double radius = (u + v) / (waist * waist);
                return radius * radius + w * w * w * w;
        }
    }

    private static Vector3d Inverse(Vector3d axes, double less) => new(
        1 / Math.Max(axes.X - less, 0.1), 1 / Math.Max(axes.Y - less, 0.1), 1 / Math.Max(axes.Z - less, 0.1));
}
