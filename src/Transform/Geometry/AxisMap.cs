namespace VerseEtl.Transform.Geometry;

/// <summary>
/// Permutation and flips that turn voxel indices of one grid into those of another that covers the same voxels in another stored order:
/// to[a] = from[source(a)], or size - 1 - from[source(a)] where the axis is flipped.
/// </summary>
public sealed class AxisMap
{
    private readonly int[] _source = new int[3];
    private readonly bool[] _flipped = new bool[3];
    private readonly VoxelShape _to;

    private AxisMap(VoxelGrid from, VoxelGrid to)
    {
        _to = to.Shape;
        for (int axis = 0; axis < 3; axis++)
        {
            _source[axis] = from.Orientation.StoredAxis(to.Orientation.WorldAxis(axis));
            _flipped[axis] = to.Orientation.IncreasesTowardsPositive(axis) != from.Orientation.IncreasesTowardsPositive(_source[axis]);
        }
    }

    public bool IsIdentity => _source is [0, 1, 2] && !_flipped.Contains(true);

    /// <summary>The map by anatomical axes; null if the shapes do not agree along them.</summary>
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

    private int Along(int axis, ReadOnlySpan<int> from) =>
        _flipped[axis] ? _to[axis] - 1 - from[_source[axis]] : from[_source[axis]];
}
