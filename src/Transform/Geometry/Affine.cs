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

    /// <summary>
    /// The voxel indices that a world box or ball can reach, as a half-open box: all within a distance of a line between two points, and up
    /// to a voxel more on each side.
    /// </summary>
    /// <remarks>Indices beyond 2^29, which no volume has, are cut off there.</remarks>
    public VoxelBox IndexBox(Vector3d fromMm, Vector3d toMm, double distanceMm)
    {
        const double Far = 1 << 29;
        Span<int> low = stackalloc int[3], high = stackalloc int[3];
        for (int axis = 0; axis < 3; axis++)
        {
            // a row of the inverse: how the index grows per millimetre
            Vector3d row = 1 / Determinant * Vector3d.Cross(Column((axis + 1) % 3), Column((axis + 2) % 3));
            double from = Vector3d.Dot(row, fromMm - Origin), to = Vector3d.Dot(row, toMm - Origin), reach = distanceMm * row.Length + 1;
            low[axis] = (int)Math.Clamp(Math.Ceiling(Math.Min(from, to) - reach), -Far, Far);
            high[axis] = (int)Math.Clamp(Math.Floor(Math.Max(from, to) + reach) + 1, -Far, Far);
        }
        return new VoxelBox(low[0], low[1], low[2], high[0], high[1], high[2]);
    }

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
