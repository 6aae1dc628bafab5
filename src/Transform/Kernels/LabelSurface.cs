using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// The surface of a label as <see cref="MarchingCubes"/> draw it, in world millimetres: the largest diameter is between two of its vertices,
/// the largest distance of centres between two voxels.
/// </summary>
public readonly record struct LabelSurface(double AreaMm2, double VolumeMm3, double MaxDiameterMm, double MaxCentreDistanceMm)
{
    /// <summary>Surface of the ball with the same volume, as a share of the surface: 1 for a ball (Wadell 1932; IBSI, pyradiomics).</summary>
    public double Sphericity => CubeRoot.Of(36 * Math.PI * VolumeMm3 * VolumeMm3) / AreaMm2;
}
