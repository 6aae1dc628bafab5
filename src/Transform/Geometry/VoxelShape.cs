namespace VerseEtl.Transform.Geometry;

/// <summary>Number of voxels along the stored axes i, j, k (i fastest). Every axis has at least one voxel.</summary>
public readonly record struct VoxelShape
{
    public VoxelShape(long i, long j, long k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(i);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(j);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        (I, J, K) = (checked((int)i), checked((int)j), checked((int)k));
        VoxelCount = checked(i * j * k);
    }

    public int I { get; }
    public int J { get; }
    public int K { get; }

    /// <summary>i times j times k; a genuine scan reaches 4e9, so never an int.</summary>
    public long VoxelCount { get; }

    public int this[int axis] => axis switch { 0 => I, 1 => J, 2 => K, _ => throw new ArgumentOutOfRangeException(nameof(axis)) };

    /// <summary>Position of a voxel in stored order, i fastest.</summary>
    public long LinearIndex(int i, int j, int k) => ((long)k * J + j) * I + i;

    public override string ToString() => $"{I}x{J}x{K}";
}
