namespace VerseEtl.Transform.Geometry;

/// <summary>Voxel index (i, j, k) to world millimetres in RAS+: world = I*i + J*j + K*k + Origin. The columns are millimetres per voxel step.</summary>
public readonly record struct Affine(Vector3d I, Vector3d J, Vector3d K, Vector3d Origin)
{
    /// <summary>The world point (mm, RAS+) of a voxel index; fractional indices are allowed.</summary>
    public Vector3d Apply(Vector3d index) => new(
        I.X * index.X + J.X * index.Y + K.X * index.Z + Origin.X,
        I.Y * index.X + J.Y * index.Y + K.Y * index.Z + Origin.Y,
        I.Z * index.X + J.Z * index.Y + K.Z * index.Z + Origin.Z);

    /// <summary>The voxel index of a world point (mm, RAS+). The determinant must not be 0.</summary>
    public Vector3d Invert(Vector3d world) => StepsOf(world - Origin);

    /// <summary>A way in the world (mm) as voxel steps along the three stored axes. The determinant must not be 0.</summary>
    public Vector3d StepsOf(Vector3d way) => 1 / Determinant
        * new Vector3d(Vector3d.Dot(way, Vector3d.Cross(J, K)), Vector3d.Dot(way, Vector3d.Cross(K, I)), Vector3d.Dot(way, Vector3d.Cross(I, J)));

    public double Determinant => Vector3d.Dot(I, Vector3d.Cross(J, K));

    public bool IsFinite => I.IsFinite && J.IsFinite && K.IsFinite && Origin.IsFinite;

    public Vector3d Column(int axis) => axis switch { 0 => I, 1 => J, 2 => K, _ => throw new ArgumentOutOfRangeException(nameof(axis)) };

    /// <summary>Millimetres covered by one voxel step along each stored axis.</summary>
    public Vector3d ColumnNorms => new(I.Length, J.Length, K.Length);

    /// <summary>From a 4x4 matrix, row-major.</summary>
    public static Affine OfRowMajor(IReadOnlyList<double> m) =>
        new(new(m[0], m[4], m[8]), new(m[1], m[5], m[9]), new(m[2], m[6], m[10]), new(m[3], m[7], m[11]));

    /// <summary>The 4x4 matrix, row-major, last row 0 0 0 1.</summary>
    public double[] ToRowMajor() =>
    [
        I.X, J.X, K.X, Origin.X,
        I.Y, J.Y, K.Y, Origin.Y,
        I.Z, J.Z, K.Z, Origin.Z,
        0, 0, 0, 1,
    ];
}
