using System.Numerics;
using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// The largest distances in a label, exact. A vertex of its surface lies half a step from a voxel inside towards one outside. The hull of the vertices is
/// that of the voxel centres widened by half a step along each stored axis, since half a step towards a voxel inside leads nowhere new; so both, the
/// largest distance of vertices and that of centres, are found at corners of the hull of centres. A pair is looked at if the distances of its two
/// from a point between the ends of the label allow for it.
/// </summary>
internal sealed class FarthestPair
{
    /// <summary>Points beyond which a label is no vertebra: all their pairs are looked at within a second.</summary>
    public const int MostPoints = 1 << 15;

    private const int Sweeps = 3;
    private const double Rounding = 1e-9;

    private readonly Affine _half;
    private readonly double _longestHalfStep;
    private double _centres, _vertices;

    private FarthestPair(Affine affine)
    {
        _half = new Affine(0.5 * affine.I, 0.5 * affine.J, 0.5 * affine.K, new Vector3d(0, 0, 0));
        _longestHalfStep = Math.Max(_half.I.Length, Math.Max(_half.J.Length, _half.K.Length));
    }

    /// <summary>Largest distance (mm) between two voxel centres.</summary>
    public double CentresMm => Math.Sqrt(_centres);

    /// <summary>Largest distance (mm) between two vertices of the surface.</summary>
    public double VerticesMm => Math.Sqrt(_vertices);

    /// <summary>Null if there are too many points in question.</summary>
    /// <param name="corners">Voxel indices, all corners of the hull among them; not empty.</param>
    /// <param name="affine">Of the mask.</param>
    public static FarthestPair? Of(ReadOnlySpan<SliceCorners.Corner> corners, Affine affine)
    {
        FarthestPair pair = new(affine);
        return pair.Search(corners) ? pair : null;
    }

    private bool Search(ReadOnlySpan<SliceCorners.Corner> corners)
    {
        Vector3d[] points = new Vector3d[corners.Length];
        for (int at = 0; at < points.Length; at++) points[at] = _half.Apply(InHalfSteps(corners[at]));
        int a = 0, b = 0;
        for (int sweep = 0; sweep < Sweeps; sweep++) (a, b) = (b, FarthestFrom(points[b], points));
        Look(InHalfSteps(corners[a]), InHalfSteps(corners[b]));
        // how far apart two centres must be for themselves or the vertices beside them to matter
        double leastMm = Math.Min(CentresMm, VerticesMm - 2 * _longestHalfStep) * (1 - Rounding);
        Vector3d between = 0.5 * (points[a] + points[b]);
        double[] reach = new double[points.Length];
        for (int at = 0; at < reach.Length; at++) reach[at] = (points[at] - between).Length;
        double leastReach = leastMm - reach.Max();
        int[] kept = new int[reach.Length];
        double[] order = new double[reach.Length];
        int count = 0;
        for (int at = 0; at < reach.Length; at++)
            if (reach[at] >= leastReach) (kept[count], order[count++]) = (at, -reach[at]);
        if (count > MostPoints) return false;
        Array.Sort(order, kept, 0, count);

        (double[] X, double[] Y, double[] Z) sorted = (new double[count], new double[count], new double[count]);
        for (int at = 0; at < count; at++) (sorted.X[at], sorted.Y[at], sorted.Z[at]) = (points[kept[at]].X, points[kept[at]].Y, points[kept[at]].Z);
        for (int one = 0, end = count; one < end; one++)
        {
            while (end > one && reach[kept[one]] + reach[kept[end - 1]] < leastMm) end--;
            for (int other = NextFar(sorted, one, one + 1, end, leastMm); other < end; other = NextFar(sorted, one, other + 1, end, leastMm))
                if (MayBeFarther(points[kept[one]] - points[kept[other]])) Look(InHalfSteps(corners[kept[one]]), InHalfSteps(corners[kept[other]]));
        }
        return true;
    }

    /// <summary>The first point from a place on, up to an end, that is at least so far from another one; the end if there is none.</summary>
    [MethodImpl(Hot.Method)]
    private static int NextFar((double[] X, double[] Y, double[] Z) points, int one, int from, int end, double leastMm)
    {
        (double[] xs, double[] ys, double[] zs) = points;
        (double x, double y, double z, double least) = (xs[one], ys[one], zs[one], leastMm * leastMm);
        for (; from <= end - Vector<double>.Count; from += Vector<double>.Count)
        {
            Vector<double> wayX = new Vector<double>(xs, from) - new Vector<double>(x), wayY = new Vector<double>(ys, from) - new Vector<double>(y);
            Vector<double> wayZ = new Vector<double>(zs, from) - new Vector<double>(z);
            if (Vector.GreaterThanOrEqualAny(wayX * wayX + wayY * wayY + wayZ * wayZ, new Vector<double>(least))) break;
        }
        for (; from < end; from++)
            if ((xs[from] - x) * (xs[from] - x) + (ys[from] - y) * (ys[from] - y) + (zs[from] - z) * (zs[from] - z) >= least) break;
        return from;
    }

    private static int FarthestFrom(Vector3d from, Vector3d[] points)
    {
        int farthest = 0;
        double square = -1;
        for (int at = 0; at < points.Length; at++)
            if (Square(points[at] - from) is double found && found > square) (farthest, square) = (at, found);
        return farthest;
    }

    private static Vector3d InHalfSteps(SliceCorners.Corner corner) => new(2 * corner.I, 2 * corner.J, 2 * corner.K);

    /// <summary>Whether the vertices beside two centres so far apart, or the centres, can be farther apart than those that were looked at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MayBeFarther(Vector3d way)
    {
        double square = Square(way), aside = Math.Max(Math.Abs(Vector3d.Dot(way, _half.I)),
            Math.Max(Math.Abs(Vector3d.Dot(way, _half.J)), Math.Abs(Vector3d.Dot(way, _half.K))));
        return square > _centres || (square + 4 * aside + 4 * _longestHalfStep * _longestHalfStep) * (1 + Rounding) > _vertices;
    }

    /// <summary>Takes the distance of two centres and those of the vertices beside them, one half step away each.</summary>
    private void Look(Vector3d a, Vector3d b)
    {
        _centres = Math.Max(_centres, Square(_half.Apply(a) - _half.Apply(b)));
        Span<Vector3d> beside =
        [
            new(1, 0, 0), new(-1, 0, 0), new(0, 1, 0), new(0, -1, 0), new(0, 0, 1), new(0, 0, -1),
        ];
        foreach (Vector3d stepA in beside)
            foreach (Vector3d stepB in beside) _vertices = Math.Max(_vertices, Square(_half.Apply(a + stepA) - _half.Apply(b + stepB)));
    }

    private static double Square(Vector3d v) => Vector3d.Dot(v, v);
}
