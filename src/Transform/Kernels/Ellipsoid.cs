using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// The ellipsoid with the covariance of a label's voxel centres, in world space. Lengths are of full axes. A direction is a unit vector
/// whose component of the largest magnitude is positive; it is null where another axis is as long to a millionth.
/// </summary>
internal readonly record struct Ellipsoid(Vector3d LengthsMm, Vector3d? Major, Vector3d? Middle, Vector3d? Minor)
{
    private const double AsLong = 1e-6;

    /// <param name="covariance">xx, xy, xz, yy, yz, zz in mm2.</param>
    public static Ellipsoid Of(ReadOnlySpan<double> covariance)
    {
        Vector3d variances = SymmetricMatrix.Eigen(covariance, out Vector3d[] directions);
        Vector3d lengths = new(AxisLength(variances.X), AxisLength(variances.Y), AxisLength(variances.Z));
        double apart = AsLong * lengths.X;
        bool first = lengths.X - lengths.Y > apart, second = lengths.Y - lengths.Z > apart;
        return new Ellipsoid(lengths,
            first ? Signed(directions[0]) : null,
            first && second ? Signed(directions[1]) : null,
            second ? Signed(directions[2]) : null);
    }

    private static double AxisLength(double variance) => 2 * Math.Sqrt(5 * Math.Max(variance, 0));

    private static Vector3d Signed(Vector3d v)
    {
        double largest = v.X;
        if (Math.Abs(v.Y) > Math.Abs(largest)) largest = v.Y;
        if (Math.Abs(v.Z) > Math.Abs(largest)) largest = v.Z;
        return largest < 0 ? -1 * v : v;
    }
}
