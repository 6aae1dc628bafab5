using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Nifti;

/// <summary>What a volume to be written looks like. The defaults are those of a plain VerSe mask: uint8, NIfTI-1, little-endian, sform, millimetres.</summary>
internal sealed record NiftiVolumeSpec
{
    public required VoxelShape Shape { get; init; }

    public NiftiDatatype Datatype { get; init; } = NiftiDatatype.UInt8;

    /// <summary>pixdim 1..3, mm.</summary>
    public Vector3d SpacingMm { get; init; } = new(1, 1, 1);

    /// <summary>Voxel index to RAS+ mm; null writes no sform.</summary>
    public Affine? Sform { get; init; }

    /// <summary>1 scanner, 2 aligned, 3 Talairach, 4 MNI; 0 writes the matrix but leaves it uncoded.</summary>
    public int SformCode { get; init; } = 2;

    /// <summary>Voxel index to RAS+ mm, columns at right angles and as long as <see cref="SpacingMm"/>; null writes no qform.</summary>
    public Affine? Qform { get; init; }

    public int QformCode { get; init; } = 1;

    /// <summary>Value = slope times stored + intercept; a slope of 0 says unscaled.</summary>
    public double Slope { get; init; } = 1;

    public double Intercept { get; init; }

    /// <summary>Spatial unit: 0 unknown, 1 metre, 2 millimetre, 3 micrometre.</summary>
    public int Units { get; init; } = 2;

    /// <summary>1 or 2.</summary>
    public int Version { get; init; } = 1;

    public bool BigEndian { get; init; }
}
