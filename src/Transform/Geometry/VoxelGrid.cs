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
        for (int corner = 0; corner < 8; corner++)
        {
            Vector3d index = new(
                (corner & 1) == 0 ? 0 : Shape.I - 1,
                (corner & 2) == 0 ? 0 : Shape.J - 1,
                (corner & 4) == 0 ? 0 : Shape.K - 1);
            worst = Math.Max(worst, (Affine.Apply(index) - other.Affine.Apply(index)).Length);
        }
        return worst;
    }
}
