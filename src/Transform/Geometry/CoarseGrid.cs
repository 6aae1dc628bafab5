namespace VerseEtl.Transform.Geometry;

/// <summary>
/// A grid whose voxels are blocks of whole voxels of a finer one, counted from its first voxel; at the end of an axis a block may be cut off.
/// An axis that is short enough keeps its voxels.
/// </summary>
public sealed class CoarseGrid
{
    private readonly int _i, _j, _k;

    private CoarseGrid(VoxelGrid fine, int i, int j, int k)
    {
        (Fine, _i, _j, _k) = (fine, i, j, k);
        VoxelShape shape = fine.Shape;
        Affine affine = fine.Affine;
        // the centre of a block lies between those of its first and its last voxel
        Vector3d centre = affine.Apply(new Vector3d((i - 1) / 2.0, (j - 1) / 2.0, (k - 1) / 2.0));
        Vector3d spacing = fine.SpacingMm;
        Grid = new VoxelGrid(new VoxelShape(RoundedUp(shape.I, i), RoundedUp(shape.J, j), RoundedUp(shape.K, k)),
            new Affine(i * affine.I, j * affine.J, k * affine.K, centre), fine.AffineSource, new Vector3d(i * spacing.X, j * spacing.Y, k * spacing.Z));
    }

    public VoxelGrid Fine { get; }

    /// <summary>The grid of the blocks: its voxel centres are theirs.</summary>
    public VoxelGrid Grid { get; }

    /// <summary>A block has more than one voxel.</summary>
    public bool IsReduced => _i * (long)_j * _k > 1;

    /// <summary>Voxels of a block along a stored axis.</summary>
    public int this[int axis] => axis switch { 0 => _i, 1 => _j, 2 => _k, _ => throw new ArgumentOutOfRangeException(nameof(axis)) };

    /// <summary>The finest blocks of which there are no more than so many along an axis.</summary>
    public static CoarseGrid Of(VoxelGrid fine, int mostBlocks)
    {
        VoxelShape shape = fine.Shape;
        return new CoarseGrid(fine, RoundedUp(shape.I, mostBlocks), RoundedUp(shape.J, mostBlocks), RoundedUp(shape.K, mostBlocks));
    }

    /// <summary>Voxels that a block has along an axis.</summary>
    /// <param name="block">Its place along the axis.</param>
    public int Length(int axis, int block) => Math.Min(this[axis], Fine.Shape[axis] - block * this[axis]);

    private static int RoundedUp(int voxels, int parts) => (int)(((long)voxels + parts - 1) / parts);
}
