namespace VerseEtl.Transform.Geometry;

/// <summary>Half-open bounding box [Min, Max) in voxel index, as numpy slices and scikit-image's regionprops have it.</summary>
public readonly record struct VoxelBox(int MinI, int MinJ, int MinK, int MaxI, int MaxJ, int MaxK)
{
    public int Min(int axis) => axis switch { 0 => MinI, 1 => MinJ, 2 => MinK, _ => throw new ArgumentOutOfRangeException(nameof(axis)) };

    public int Max(int axis) => axis switch { 0 => MaxI, 1 => MaxJ, 2 => MaxK, _ => throw new ArgumentOutOfRangeException(nameof(axis)) };

    /// <summary>Number of voxels along an axis.</summary>
    public int Extent(int axis) => Max(axis) - Min(axis);

    /// <summary>What two boxes have in common; empty along an axis where they do not meet.</summary>
    public VoxelBox Common(VoxelBox other)
    {
        (int minI, int minJ, int minK) = (Math.Max(MinI, other.MinI), Math.Max(MinJ, other.MinJ), Math.Max(MinK, other.MinK));
        return new VoxelBox(minI, minJ, minK,
            Math.Max(minI, Math.Min(MaxI, other.MaxI)), Math.Max(minJ, Math.Min(MaxJ, other.MaxJ)), Math.Max(minK, Math.Min(MaxK, other.MaxK)));
    }
}
