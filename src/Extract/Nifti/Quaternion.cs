using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Nifti;

/// <summary>
/// A rotation as NIfTI's qform keeps it: the last three parts of a unit quaternion (the first is not negative and follows from them),
/// and qfac, -1 if the third axis is mirrored first (nifti1.h, "QUATERNION REPRESENTATION").
/// </summary>
internal readonly record struct Quaternion(double B, double C, double D, double Qfac)
{
    /// <summary>b² + c² + d², at most 1 for a unit quaternion.</summary>
    public double SquaredLength => B * B + C * C + D * D;

    /// <summary>The columns of the rotation matrix. A vector longer than 1 is normalised, with a first part of 0.</summary>
    public (Vector3d I, Vector3d J, Vector3d K) Rotation()
    {
        double a = Math.Sqrt(Math.Max(0, OneMinusSquares(B, C, D)));
        double s = 2 / (a * a + SquaredLength);
        double ab = a * B * s, ac = a * C * s, ad = a * D * s;
        double bb = B * B * s, bc = B * C * s, bd = B * D * s, cc = C * C * s, cd = C * D * s, dd = D * D * s;
        return (
            new Vector3d(1 - (cc + dd), bc + ad, bd - ac),
            new Vector3d(bc - ad, 1 - (bb + dd), cd + ab),
            Qfac * new Vector3d(bd + ac, cd - ab, 1 - (bb + cc)));
    }

    /// <summary>The rotation of an affine whose columns are at right angles.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static Quaternion Of(Affine affine)
    {
        Vector3d i = Unit(affine.I), j = Unit(affine.J), k = Unit(affine.K);
        if (Math.Abs(Vector3d.Dot(i, j)) > 1e-4 || Math.Abs(Vector3d.Dot(i, k)) > 1e-4 || Math.Abs(Vector3d.Dot(j, k)) > 1e-4)
            throw new ArgumentException("A qform cannot hold shears.", nameof(affine));
        double qfac = Vector3d.Dot(i, Vector3d.Cross(j, k)) < 0 ? -1 : 1;
        k = qfac * k;
        // the largest of the four parts is taken from the diagonal, the others from it, so nothing is divided by a small number
        double a2 = 1 + i.X + j.Y + k.Z, b2 = 1 + i.X - j.Y - k.Z, c2 = 1 - i.X + j.Y - k.Z, d2 = 1 - i.X - j.Y + k.Z;
        double a, b, c, d;
        if (a2 >= b2 && a2 >= c2 && a2 >= d2)
            (a, b, c, d) = (a2, j.Z - k.Y, k.X - i.Z, i.Y - j.X);
        else if (b2 >= c2 && b2 >= d2)
            (a, b, c, d) = (j.Z - k.Y, b2, i.Y + j.X, k.X + i.Z);
        else if (c2 >= d2)
            (a, b, c, d) = (k.X - i.Z, i.Y + j.X, c2, j.Z + k.Y);
        else
            (a, b, c, d) = (i.Y - j.X, k.X + i.Z, j.Z + k.Y, d2);
        double scale = (a < 0 ? -1 : 1) / Math.Sqrt(a * a + b * b + c * c + d * d);
        return new Quaternion(b * scale, c * scale, d * scale, qfac);
    }

    private static Vector3d Unit(Vector3d v) => 1 / v.Length * v;

    /// <summary>1 - b² - c² - d² without cancellation: the root of what is left of 1 would lose half the digits of a half turn.</summary>
    private static double OneMinusSquares(double b, double c, double d)
    {
        double sum = 1, rest = 0;
        foreach (double part in (ReadOnlySpan<double>)[b, c, d])
        {
            double square = part * part, lost = Math.FusedMultiplyAdd(part, part, -square);
            double next = sum - square, added = next - sum;
            rest += sum - (next - added) - (square + added) - lost;
            sum = next;
        }
        return sum + rest;
    }
}
