using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Sample;

/// <summary>What a scan sees around its vertebrae, in mm: to each side, in front and behind, above and below. Negative cuts into bone.</summary>
internal readonly record struct Margin(double Side, double Front, double Back, double Above, double Below)
{
    public static Margin Tight { get; } = new(12, 14, 12, 16, 16);
    public static Margin Wide { get; } = new(45, 60, 22, 28, 28);

    /// <summary>Some air behind the back and much of the trunk in front.</summary>
    public static Margin Trunk { get; } = new(110, 120, 45, 20, 20);
}

/// <summary>Lays a grid over a stretch of spine. Affine entries are whole float32 numbers, so a header holds the very same grid.</summary>
internal static class FieldOfView
{
    /// <summary>A patient who lies a little turned on the table: about 6 degrees, about all three axes.</summary>
    private static readonly Vector3d[] Oblique = Rotation(40, 1, -2, 1.5);

    private static readonly Vector3d[] Straight = [new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)];

    /// <summary>The grid that shows <paramref name="shown"/> with a margin.</summary>
    /// <param name="shown">Vertebrae to be seen; at least one.</param>
    /// <param name="codes">Direction of each stored axis, such as PIR.</param>
    /// <param name="spacingMm">Voxel size along the stored axes.</param>
    /// <param name="margin">Room around the vertebrae.</param>
    /// <param name="oblique">Turns the grid against the world axes.</param>
    public static VoxelGrid Around(IEnumerable<Vertebra> shown, string codes, Vector3d spacingMm, Margin margin, bool oblique)
    {
        if (!Orientation.TryParse(codes, out Orientation orientation)) throw new ArgumentException("Not an orientation.", nameof(codes));
        Vector3d[] frame = oblique ? Oblique : Straight;
        (double[] low, double[] high) = Extent(shown, frame);
        ReadOnlySpan<double> before = [margin.Side, margin.Back, margin.Below], after = [margin.Side, margin.Front, margin.Above];
        Vector3d origin = default;
        Span<Vector3d> columns = stackalloc Vector3d[3];
        Span<int> shape = stackalloc int[3];
        for (int stored = 0; stored < 3; stored++)
        {
            int axis = orientation.WorldAxis(stored);
            bool positive = orientation.IncreasesTowardsPositive(stored);
            double from = low[axis] - before[axis], to = high[axis] + after[axis];
            double step = (float)spacingMm[stored];
            shape[stored] = (int)Math.Ceiling((to - from) / step) + 1;
            columns[stored] = Single((positive ? step : -step) * frame[axis]);
            origin += (positive ? from : to) * frame[axis];
        }
        Affine affine = new(columns[0], columns[1], columns[2], Single(origin));
        return new(new(shape[0], shape[1], shape[2]), affine, AffineSource.Sform, Single(spacingMm));
    }

    /// <summary>The (fractional) voxel index of a world point; the affine's columns are at right angles.</summary>
    public static Vector3d IndexOf(Affine affine, Vector3d world)
    {
        Vector3d p = world - affine.Origin;
        return new(
            Vector3d.Dot(p, affine.I) / Vector3d.Dot(affine.I, affine.I),
            Vector3d.Dot(p, affine.J) / Vector3d.Dot(affine.J, affine.J),
            Vector3d.Dot(p, affine.K) / Vector3d.Dot(affine.K, affine.K));
    }

    private static (double[] Low, double[] High) Extent(IEnumerable<Vertebra> shown, Vector3d[] frame)
    {
        double[] low = [double.MaxValue, double.MaxValue, double.MaxValue], high = [double.MinValue, double.MinValue, double.MinValue];
        foreach (Vertebra vertebra in shown)
            foreach (Solid part in vertebra.Parts)
                for (int axis = 0; axis < 3; axis++)
                {
                    Vector3d reach = part.Reach;
                    double middle = Vector3d.Dot(vertebra.ToWorld(0, part.Centre.Y, part.Centre.Z), frame[axis]);
                    double half = Math.Abs(Vector3d.Dot(vertebra.U, frame[axis])) * reach.X
                        + Math.Abs(Vector3d.Dot(vertebra.V, frame[axis])) * reach.Y
                        + Math.Abs(Vector3d.Dot(vertebra.W, frame[axis])) * reach.Z;
                    low[axis] = Math.Min(low[axis], middle - half);
                    high[axis] = Math.Max(high[axis], middle + half);
                }
        return (low, high);
    }

    private static Vector3d Single(Vector3d v) => new((float)v.X, (float)v.Y, (float)v.Z);

    // From a quaternion that need not have unit length: no sine or cosine, whose last bits differ between machines.
    private static Vector3d[] Rotation(double a, double b, double c, double d)
    {
        double n = 1 / (a * a + b * b + c * c + d * d);
        return
        [
            new(n * (a * a + b * b - c * c - d * d), n * 2 * (b * c + a * d), n * 2 * (b * d - a * c)),
            new(n * 2 * (b * c - a * d), n * (a * a + c * c - b * b - d * d), n * 2 * (c * d + a * b)),
            new(n * 2 * (b * d + a * c), n * 2 * (c * d - a * b), n * (a * a + d * d - b * b - c * c)),
        ];
    }
}
