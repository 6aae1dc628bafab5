namespace VerseEtl.Transform.Geometry;

/// <summary>Where the affine was taken from, in NIfTI's order of precedence.</summary>
public enum AffineSource { Sform, Qform, Pixdim }

/// <summary>
/// The lattice of a volume: shape (voxels), affine (index to RAS+ mm) and spacing (mm, pixdim 1..3).
/// Spacing is kept beside the affine because the published volumes are made from pixdim.
/// </summary>
public sealed record VoxelGrid(VoxelShape Shape, Affine Affine, AffineSource AffineSource, Vector3d SpacingMm)
{
    public double VoxelVolumeMm3 => SpacingMm.X * SpacingMm.Y * SpacingMm.Z;

    public Orientation Orientation { get; } = Orientation.Of(Affine);

    /// <summary>Largest distance (mm) between the places where two grids of one shape put the same corner voxel.</summary>
    public double LargestCornerDistanceMm(VoxelGrid other)
    {
        double worst = 0;
        foreach (Vector3d apart in CornerDistancesMm(other)) worst = Math.Max(worst, apart.Length);
        return worst;
    }

    /// <summary>
    /// The same in voxels of this grid, along the stored axis (0..2) on which it is largest: a part of a thick slice counts by the slice.
    /// </summary>
    public (double Voxels, int Axis) LargestCornerDistanceVoxels(VoxelGrid other)
    {
        (double Voxels, int Axis) worst = (0, 0);
        foreach (Vector3d apart in CornerDistancesMm(other))
        {
            Vector3d steps = Affine.StepsOf(apart);
            for (int axis = 0; axis < 3; axis++)
                if (Math.Abs(steps[axis]) > worst.Voxels) worst = (Math.Abs(steps[axis]), axis);
        }
        return worst;
    }

    private IEnumerable<Vector3d> CornerDistancesMm(VoxelGrid other)
    {
        for (int corner = 0; corner < 8; corner++)
        {
            Vector3d index = new(
                (corner & 1) == 0 ? 0 : Shape.I - 1,
                (corner & 2) == 0 ? 0 : Shape.J - 1,
                (corner & 4) == 0 ? 0 : Shape.K - 1);
            yield return Affine.Apply(index) - other.Affine.Apply(index);
        }
    }
}
