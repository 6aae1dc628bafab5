namespace VerseEtl.Transform.Geometry;

/// <summary>
/// Which anatomical direction each stored axis increases towards, as three letters: "PIR" says i runs to posterior,
/// j to inferior, k to the right. The same rule as ITK's and, since its version 5.4, nibabel's aff2axcodes: polar decomposition of the
/// affine without its zooms, then the axis that follows one direction most closely takes it first, and so on among those still free.
/// </summary>
public readonly record struct Orientation
{
    private const string Positive = "RAS";
    private const string Negative = "LPI";

    private Orientation(string codes) => Codes = codes;

    /// <summary>Three letters, one per stored axis.</summary>
    public string Codes { get; }

    /// <summary>World axis (0 = left-right, 1 = anterior-posterior, 2 = superior-inferior) of a stored axis.</summary>
    public int WorldAxis(int storedAxis) => IndexOf(Codes[storedAxis]).Axis;

    /// <summary>Stored axis (0..2) nearest to a world axis.</summary>
    public int StoredAxis(int worldAxis) => WorldAxis(0) == worldAxis ? 0 : WorldAxis(1) == worldAxis ? 1 : 2;

    /// <summary>True if the stored axis increases towards R, A or S.</summary>
    public bool IncreasesTowardsPositive(int storedAxis) => IndexOf(Codes[storedAxis]).Sign > 0;

    /// <summary>The letter of the face where the stored axis ends (high) or begins (low).</summary>
    public char Face(int storedAxis, bool high)
    {
        (int axis, int sign) = IndexOf(Codes[storedAxis]);
        return (sign > 0) == high ? Positive[axis] : Negative[axis];
    }

    /// <summary>Parses three axis letters, one each of L/R, P/A, I/S in any order; upper case only.</summary>
    public static bool TryParse(string codes, out Orientation orientation)
    {
        orientation = default;
        if (codes.Length != 3) return false;
        int seen = 0;
        foreach (char c in codes)
        {
            (int axis, int sign) = IndexOf(c);
            if (sign == 0 || (seen & 1 << axis) != 0) return false;
            seen |= 1 << axis;
        }
        orientation = new Orientation(codes);
        return true;
    }

    /// <summary>Axis codes of an affine with a non-zero determinant.</summary>
    /// <exception cref="ArgumentException">The affine is singular or not finite.</exception>
    public static Orientation Of(Affine affine)
    {
        if (!affine.IsFinite || affine.Determinant == 0) throw new ArgumentException("The affine is singular or not finite.", nameof(affine));
        Span<double> rotation = stackalloc double[9];
        PolarRotation(affine, rotation);
        Span<double> strongest = stackalloc double[3];
        for (int stored = 0; stored < 3; stored++)
            for (int world = 0; world < 3; world++) strongest[stored] = Math.Max(strongest[stored], Math.Abs(rotation[3 * world + stored]));
        Span<char> codes = stackalloc char[3];
        Span<bool> named = [false, false, false], taken = [false, false, false];
        for (int turn = 0; turn < 3; turn++)
        {
            int stored = StrongestLeft(strongest, named), best = -1;
            for (int world = 0; world < 3; world++)
                if (!taken[world] && (best < 0 || Math.Abs(rotation[3 * world + stored]) > Math.Abs(rotation[3 * best + stored])))
                    best = world;
            named[stored] = taken[best] = true;
            codes[stored] = rotation[3 * best + stored] < 0 ? Negative[best] : Positive[best];
        }
        return new Orientation(new string(codes));
    }

    public override string ToString() => Codes;

    private static int StrongestLeft(ReadOnlySpan<double> strongest, ReadOnlySpan<bool> named)
    {
        int best = -1;
        for (int stored = 0; stored < 3; stored++)
            if (!named[stored] && (best < 0 || strongest[stored] > strongest[best])) best = stored;
        return best;
    }

    /// <summary>The orthogonal matrix (row-major) nearest to the affine's columns of unit length: Newton's iteration X = (X + X^-T) / 2.</summary>
    private static void PolarRotation(Affine affine, Span<double> x)
    {
        for (int column = 0; column < 3; column++)
        {
            Vector3d v = affine.Column(column);
            for (int row = 0; row < 3; row++) x[3 * row + column] = v[row] / v.Length;
        }
        for (int step = 0; step < 100; step++)
        {
            Vector3d a = new(x[0], x[3], x[6]), b = new(x[1], x[4], x[7]), c = new(x[2], x[5], x[8]);
            double determinant = Vector3d.Dot(a, Vector3d.Cross(b, c));
            Vector3d u = 1 / determinant * Vector3d.Cross(b, c), v = 1 / determinant * Vector3d.Cross(c, a), w = 1 / determinant * Vector3d.Cross(a, b);
            double change = 0;
            for (int row = 0; row < 3; row++)
            {
                change = Math.Max(change, Blend(ref x[3 * row], u[row]));
                change = Math.Max(change, Blend(ref x[3 * row + 1], v[row]));
                change = Math.Max(change, Blend(ref x[3 * row + 2], w[row]));
            }
            if (change < 1e-15) return;
        }
    }

    private static double Blend(ref double x, double inverseTransposed)
    {
        double next = (x + inverseTransposed) / 2;
        double change = Math.Abs(next - x);
        x = next;
        return change;
    }

    private static (int Axis, int Sign) IndexOf(char c) => c switch
    {
        'R' => (0, 1),
        'L' => (0, -1),
        'A' => (1, 1),
        'P' => (1, -1),
        'S' => (2, 1),
        'I' => (2, -1),
        _ => (0, 0),
    };
}
