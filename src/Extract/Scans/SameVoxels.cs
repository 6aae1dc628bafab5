using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Scans;

/// <summary>Whether another volume's voxels lie where a mask's do, to a part of a voxel at each corner.</summary>
internal static class SameVoxels
{
    private const double FarVoxels = 0.5, ShiftedVoxels = 0.01;

    /// <param name="mask">Of the mask.</param>
    /// <param name="other">Of the other volume, in the mask's axis order and shape.</param>
    /// <param name="faults">What half a voxel is, and what a hundredth of one is.</param>
    /// <param name="note">Told of a shift that is small enough to go on.</param>
    /// <exception cref="BadFileException">They are farther apart.</exception>
    public static void Prove(VoxelGrid mask, VoxelGrid other, (Fault Far, Fault Shifted) faults, Action<FileNote> note)
    {
        (double apart, int axis) = mask.LargestCornerDistanceVoxels(other);
        string observed = Invariant($"{apart:0.###} voxels apart at a corner, along {"ijk"[axis]}");
        if (apart > FarVoxels) throw new BadFileException(faults.Far, "affine", observed, "at most 0.5");
        if (apart > ShiftedVoxels) note(new FileNote(faults.Shifted, "affine", observed, "at most 0.01"));
    }
}
