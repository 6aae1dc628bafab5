namespace VerseEtl.Transform.Geometry;

/// <summary>Symmetric 3x3 matrices as six numbers: xx, xy, xz, yy, yz, zz.</summary>
internal static class SymmetricMatrix
{
    /// <summary>A * m * A^T for the linear part of an affine: a covariance of voxel indices becomes one of millimetres.</summary>
    public static double[] Transformed(Affine affine, ReadOnlySpan<double> m)
    {
        Vector3d i = affine.I, j = affine.J, k = affine.K;
        double[] result = new double[6];
        int at = 0;
        for (int row = 0; row < 3; row++)
            for (int column = row; column < 3; column++)
                result[at++] =
                    m[0] * i[row] * i[column] + m[3] * j[row] * j[column] + m[5] * k[row] * k[column]
                    + m[1] * (i[row] * j[column] + j[row] * i[column])
                    + m[2] * (i[row] * k[column] + k[row] * i[column])
                    + m[4] * (j[row] * k[column] + k[row] * j[column]);
        return result;
    }

    /// <summary>Eigenvalues, largest first, by cyclic Jacobi rotations: slow and accurate, called once per label.</summary>
    /// <param name="m">Six numbers.</param>
    /// <param name="vectors">Unit eigenvectors in the same order; their signs mean nothing.</param>
    public static Vector3d Eigen(ReadOnlySpan<double> m, out Vector3d[] vectors)
    {
        Span<double> a = [m[0], m[1], m[2], m[1], m[3], m[4], m[2], m[4], m[5]];
        Span<double> v = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        for (int sweep = 0; sweep < 30; sweep++)
        {
            double off = a[1] * a[1] + a[2] * a[2] + a[5] * a[5];
            if (off == 0) break;
            Rotate(a, v, 0, 1);
            Rotate(a, v, 0, 2);
            Rotate(a, v, 1, 2);
        }
        Span<double> values = [a[0], a[4], a[8]];
        vectors = [new(v[0], v[3], v[6]), new(v[1], v[4], v[7]), new(v[2], v[5], v[8])];
        values.Sort(vectors.AsSpan());
        values.Reverse();
        Array.Reverse(vectors);
        return new Vector3d(values[0], values[1], values[2]);
    }

    /// <summary>One rotation that makes element (p, q) zero (Golub and Van Loan, section 8.5), gathered in the columns of v.</summary>
    private static void Rotate(Span<double> a, Span<double> v, int p, int q)
    {
        double apq = a[3 * p + q];
        if (apq == 0) return;
        double theta = (a[4 * q] - a[4 * p]) / (2 * apq);
        double t = double.IsInfinity(theta * theta) ? 0.5 / theta : Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        double c = 1 / Math.Sqrt(t * t + 1), s = t * c;
        int r = 3 - p - q;
        double arp = a[3 * r + p], arq = a[3 * r + q];
        a[4 * p] -= t * apq;
        a[4 * q] += t * apq;
        a[3 * p + q] = a[3 * q + p] = 0;
        a[3 * r + p] = a[3 * p + r] = c * arp - s * arq;
        a[3 * r + q] = a[3 * q + r] = s * arp + c * arq;
        for (int row = 0; row < 3; row++)
        {
            double vp = v[3 * row + p], vq = v[3 * row + q];
            v[3 * row + p] = c * vp - s * vq;
            v[3 * row + q] = s * vp + c * vq;
        }
    }
}
