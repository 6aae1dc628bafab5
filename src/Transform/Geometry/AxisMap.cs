namespace VerseEtl.Transform.Geometry;

/// <summary>
/// Permutation and flips that turn voxel indices of one grid into those of another that covers the same voxels in another stored order:
/// to[a] = from[source(a)], or size - 1 - from[source(a)] where the axis is flipped. It follows from the angles between the axes of both
/// affines; anatomical letters, which a tilt of 45 degrees leaves to rounding, are not asked.
/// </summary>
public sealed class AxisMap
{
    private readonly int[] _source = new int[3];
    private readonly bool[] _flipped = new bool[3];
    private readonly VoxelShape _to;

    private AxisMap(VoxelGrid from, VoxelGrid to)
    {
        _to = to.Shape;
        Span<bool> found = [false, false, false], used = [false, false, false];
        for (int turn = 0; turn < 3; turn++)
        {
            (int axis, int source, double cosine) = (-1, -1, 0);
            for (int a = 0; a < 3; a++)
                for (int s = 0; s < 3; s++)
                {
                    if (found[a] || used[s]) continue;
                    double between = Cosine(from.Affine.Column(s), to.Affine.Column(a));
                    if (axis < 0 || Math.Abs(between) > Math.Abs(cosine)) (axis, source, cosine) = (a, s, between);
                }
            found[axis] = used[source] = true;
            (_source[axis], _flipped[axis]) = (source, cosine < 0);
        }
    }

    public bool IsIdentity => _source is [0, 1, 2] && !_flipped.Contains(true);

    /// <summary>The map by the axes that run alongside each other, the closest first; null if the shapes do not agree along them.</summary>
    public static AxisMap? Between(VoxelGrid from, VoxelGrid to)
    {
        AxisMap map = new(from, to);
        for (int axis = 0; axis < 3; axis++)
            if (to.Shape[axis] != from.Shape[map._source[axis]]) return null;
        return map;
    }

    /// <summary>Voxel index in the target grid of a voxel index in the source grid.</summary>
    public (int I, int J, int K) Apply(int i, int j, int k)
    {
        ReadOnlySpan<int> from = [i, j, k];
        return (Along(0, from), Along(1, from), Along(2, from));
    }

    /// <summary>Voxel index in the source grid of a voxel index in the target grid.</summary>
    public (int I, int J, int K) Invert(int i, int j, int k)
    {
        ReadOnlySpan<int> to = [i, j, k];
        Span<int> from = stackalloc int[3];
        for (int axis = 0; axis < 3; axis++) from[_source[axis]] = _flipped[axis] ? _to[axis] - 1 - to[axis] : to[axis];
        return (from[0], from[1], from[2]);
    }

    /// <summary>The target grid with its axes in the source's order, so that corners can be compared.</summary>
    public VoxelGrid InSourceOrder(VoxelGrid to)
    {
        Span<Vector3d> columns = stackalloc Vector3d[3];
        Span<double> spacing = stackalloc double[3];
        Span<int> shape = stackalloc int[3];
        Vector3d origin = to.Affine.Origin;
        for (int axis = 0; axis < 3; axis++)
        {
            Vector3d column = to.Affine.Column(axis);
            columns[_source[axis]] = _flipped[axis] ? -1 * column : column;
            if (_flipped[axis]) origin += (_to[axis] - 1) * column;
            spacing[_source[axis]] = to.SpacingMm[axis];
            shape[_source[axis]] = to.Shape[axis];
        }
        return new VoxelGrid(new VoxelShape(shape[0], shape[1], shape[2]), new Affine(columns[0], columns[1], columns[2], origin),
            to.AffineSource, new Vector3d(spacing[0], spacing[1], spacing[2]));
    }

    /// <summary>What each axis of the target runs along in the source: `+j -i +k`.</summary>
    public override string ToString() => string.Join(' ', Enumerable.Range(0, 3).Select(axis => $"{(_flipped[axis] ? '-' : '+')}{"ijk"[_source[axis]]}"));

    private static double Cosine(Vector3d a, Vector3d b) => Vector3d.Dot(a, b) / (a.Length * b.Length);

    private int Along(int axis, ReadOnlySpan<int> from) =>
        _flipped[axis] ? _to[axis] - 1 - from[_source[axis]] : from[_source[axis]];
}
