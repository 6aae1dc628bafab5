namespace VerseEtl.Transform.Geometry;

/// <summary>Half-open bounding box [Min, Max) in voxel index, as numpy slices and scikit-image's regionprops have it.</summary>
public readonly record struct VoxelBox(int MinI, int MinJ, int MinK, int MaxI, int MaxJ, int MaxK)
{
    public int Min(int axis) => axis switch { 0 => MinI, 1 => MinJ, 2 => MinK, _ => throw new ArgumentOutOfRangeException(nameof(axis)) };

    public int Max(int axis) => axis switch { 0 => MaxI, 1 => MaxJ, 2 => MaxK, _ => throw new ArgumentOutOfRangeException(nameof(axis)) };

    /// <summary>Number of voxels along an axis.</summary>
    public int Extent(int axis) => Max(axis) - Min(axis);
}
