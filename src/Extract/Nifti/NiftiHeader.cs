using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Nifti;

/// <summary>
/// A checked header of a single-file NIfTI-1 or NIfTI-2 volume: whoever holds one can rely on its numbers.
/// Free text of the header is neither kept nor quoted; it may name a person.
/// </summary>
public sealed record NiftiHeader
{
    /// <summary>Enough bytes for either version.</summary>
    public const int LargestSize = NiftiFields.Size2;

    /// <summary>1 or 2.</summary>
    public required int Version { get; init; }

    public required bool BigEndian { get; init; }

    public required NiftiDatatype Datatype { get; init; }

    /// <summary>As stored; the datatype is believed where they disagree.</summary>
    public required int Bitpix { get; init; }

    /// <summary>Bytes before the first voxel.</summary>
    public required long VoxOffset { get; init; }

    /// <summary>scl_slope as stored: 0 or NaN says that values are unscaled.</summary>
    public required double Slope { get; init; }

    /// <summary>scl_inter as stored; without meaning where the slope says unscaled.</summary>
    public required double Intercept { get; init; }

    /// <summary>Code of the spatial unit: 0 unknown, 1 metre, 2 millimetre, 3 micrometre. <see cref="Grid"/> is in millimetres whatever it is.</summary>
    public required int Units { get; init; }

    public required int QformCode { get; init; }

    public required int SformCode { get; init; }

    /// <summary>Shape (voxels), affine (index to RAS+ mm) and spacing (magnitude of pixdim 1..3, mm).</summary>
    public required VoxelGrid Grid { get; init; }

    /// <summary>What was unusual, in the order of the checks.</summary>
    public required IReadOnlyList<FileNote> Notes { get; init; }

    /// <summary>Size of the header proper, without the four extension bytes.</summary>
    public int Size => Version == 1 ? NiftiFields.Size1 : NiftiFields.Size2;

    /// <summary>Bytes that the voxels take, by shape and datatype.</summary>
    public long DataBytes => Grid.Shape.VoxelCount * Datatype.BytesPerVoxel();

    /// <summary>True where stored values are not the values: a usable slope or intercept other than 1 and 0.</summary>
    public bool IsScaled => !IsUnscaled(Slope) && (Slope != 1 || Intercept != 0);

    /// <summary>Reads and checks a header.</summary>
    /// <param name="bytes">The start of the file: <see cref="LargestSize"/> bytes, or fewer if the file is shorter.</param>
    /// <exception cref="BadFileException">The header is not one this program can trust; the fault says why.</exception>
    public static NiftiHeader Parse(ReadOnlySpan<byte> bytes, ReadingLimits limits)
    {
        (int version, bool bigEndian) = HeaderChecks.Format(bytes);
        HeaderBytes header = new(bytes, version, bigEndian);
        List<FileNote> notes = [];
        HeaderChecks.Unusual(version, bigEndian, notes);
        VoxelShape shape = HeaderChecks.Shape(header, version, notes);
        NiftiDatatype datatype = HeaderChecks.Datatype(header);
        HeaderChecks.Volume(shape, datatype, limits);
        int bitpix = HeaderChecks.Bitpix(header, datatype, notes);
        long voxOffset = HeaderChecks.VoxOffset(header, version, notes);
        double slope = HeaderChecks.Slope(header, notes);
        double millimetres = HeaderChecks.MillimetresPerUnit(header, limits, notes);
        Vector3d spacing = HeaderChecks.Spacing(header, millimetres, notes);
        VoxelGrid grid = NiftiTransform.Grid(header, shape, spacing, millimetres, notes);
        HeaderChecks.FreeText(header, notes);
        return new NiftiHeader
        {
            Version = version,
            BigEndian = bigEndian,
            Datatype = datatype,
            Bitpix = bitpix,
            VoxOffset = voxOffset,
            Slope = slope,
            Intercept = header.Real(NiftiFields.SclInter),
            Units = HeaderChecks.SpatialUnit(header),
            QformCode = (int)header.Integer(NiftiFields.QformCode),
            SformCode = (int)header.Integer(NiftiFields.SformCode),
            Grid = grid,
            Notes = notes,
        };
    }

    internal static bool IsUnscaled(double slope) => slope == 0 || double.IsNaN(slope);
}
