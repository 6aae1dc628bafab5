namespace VerseEtl.Transform.Findings;

public static partial class Faults
{
    private static readonly FaultGroup Nifti = new("NIfTI header and data");

    public static readonly Fault NiiShort = Nifti.Declare("NII_SHORT", Severity.Error,
        "the file is too short for a NIfTI header", "copy it again");

    public static readonly Fault NiiMagic = Nifti.Declare("NII_MAGIC", Severity.Error,
        "the file is not a single-file NIfTI", "convert it to NIfTI-1 or NIfTI-2");

    public static readonly Fault NiiPair = Nifti.Declare("NII_PAIR", Severity.Error,
        "a header of a .hdr/.img pair stands in a single file", "convert it to one .nii.gz file");

    public static readonly Fault NiiAnalyze = Nifti.Declare("NII_ANALYZE", Severity.Error,
        "the file is Analyze 7.5, whose orientation is ambiguous", "convert it to NIfTI");

    public static readonly Fault NiiEndian = Nifti.Declare("NII_ENDIAN", Severity.Error,
        "the header makes sense in neither byte order", "copy the file again");

    public static readonly Fault NiiBigEndian = Nifti.Declare("NII_BIG_ENDIAN", Severity.Info,
        "the file is big-endian", "nothing needs doing");

    public static readonly Fault NiiNifti2 = Nifti.Declare("NII_NIFTI2", Severity.Info,
        "the file is NIfTI-2", "nothing needs doing");

    public static readonly Fault NiiNdim = Nifti.Declare("NII_NDIM", Severity.Error,
        "the number of dimensions is outside 1 to 7", "repair the header");

    public static readonly Fault NiiDimNonpos = Nifti.Declare("NII_DIM_NONPOS", Severity.Error,
        "a dimension is not positive", "repair the header");

    public static readonly Fault NiiDimOverflow = Nifti.Declare("NII_DIM_OVERFLOW", Severity.Error,
        "the dimensions are beyond the format's or the program's limits", "repair the header");

    public static readonly Fault Nii4d = Nifti.Declare("NII_4D", Severity.Info,
        "trailing axes of length 1 were dropped", "nothing needs doing");

    public static readonly Fault NiiNot3d = Nifti.Declare("NII_NOT_3D", Severity.Error,
        "the image has more than one volume", "extract the volume you mean into a 3-D file");

    public static readonly Fault Nii2d = Nifti.Declare("NII_2D", Severity.Error,
        "the image is not a volume", "provide the 3-D image");

    public static readonly Fault NiiDatatype = Nifti.Declare("NII_DATATYPE", Severity.Error,
        "the stored datatype cannot hold a CT or a label map", "convert it to an integer or floating-point type");

    public static readonly Fault NiiBitpix = Nifti.Declare("NII_BITPIX", Severity.Warning,
        "bitpix contradicts the datatype; the datatype was believed", "rewrite the header");

    public static readonly Fault NiiVoxOffset = Nifti.Declare("NII_VOX_OFFSET", Severity.Error,
        "vox_offset is not usable", "repair the header");

    public static readonly Fault NiiVoxOffsetUnusual = Nifti.Declare("NII_VOX_OFFSET", Severity.Info,
        "vox_offset is unusual but usable", "nothing needs doing");

    public static readonly Fault NiiPixdim = Nifti.Declare("NII_PIXDIM", Severity.Error,
        "the voxel spacing is not usable", "repair pixdim in the header");

    public static readonly Fault NiiPixdimNegative = Nifti.Declare("NII_PIXDIM", Severity.Warning,
        "a voxel spacing is negative; its magnitude was used", "repair pixdim in the header");

    public static readonly Fault NiiPixdimRange = Nifti.Declare("NII_PIXDIM_RANGE", Severity.Warning,
        "a voxel spacing is outside 0.05 to 20 mm", "check the spacing, volumes depend on it");

    public static readonly Fault NiiQfac = Nifti.Declare("NII_PIXDIM", Severity.Info,
        "qfac is neither 1 nor -1; 1 was used", "nothing needs doing");

    public static readonly Fault NiiUnits = Nifti.Declare("NII_UNITS", Severity.Warning,
        "the header's spatial unit is not millimetre; lengths were scaled", "check the spacing, volumes depend on it");

    public static readonly Fault NiiAffineNone = Nifti.Declare("NII_AFFINE_NONE", Severity.Warning,
        "the header codes neither sform nor qform; the affine was made from pixdim", "check the orientation, world coordinates depend on it");

    public static readonly Fault NiiSformSingular = Nifti.Declare("NII_SFORM_SINGULAR", Severity.Error,
        "no usable affine", "repair sform or qform in the header");

    public static readonly Fault NiiSformUnusable = Nifti.Declare("NII_SFORM_SINGULAR", Severity.Warning,
        "the coded sform is singular or not finite; the next affine was used", "repair the sform in the header");

    public static readonly Fault NiiQformRange = Nifti.Declare("NII_QFORM_RANGE", Severity.Warning,
        "the quaternion is longer than 1 and was normalised", "repair the qform in the header");

    public static readonly Fault NiiSqMismatch = Nifti.Declare("NII_SQ_MISMATCH", Severity.Warning,
        "sform and qform disagree; the sform was used", "check the orientation");

    public static readonly Fault NiiObliqueShear = Nifti.Declare("NII_OBLIQUE_SHEAR", Severity.Warning,
        "the affine's axes are not at right angles", "check the affine, extents assume right angles");

    public static readonly Fault NiiSpacingMismatch = Nifti.Declare("NII_SPACING_MISMATCH", Severity.Warning,
        "pixdim and the affine disagree on the spacing; volumes use pixdim", "check the header");

    public static readonly Fault NiiScl = Nifti.Declare("NII_SCL", Severity.Error,
        "scl_slope or scl_inter is not usable", "repair the header");

    public static readonly Fault NiiSclNone = Nifti.Declare("NII_SCL", Severity.Info,
        "scl_slope is 0 or not a number; values are unscaled", "nothing needs doing");

    public static readonly Fault NiiExt = Nifti.Declare("NII_EXT", Severity.Warning,
        "the header extension chain is damaged; it was skipped by vox_offset", "rewrite the file");

    public static readonly Fault NiiDataShort = Nifti.Declare("NII_DATA_SHORT", Severity.Error,
        "the data is shorter than the header says", "copy the file again, it is incomplete");

    public static readonly Fault NiiExtraBytes = Nifti.Declare("NII_EXTRA_BYTES", Severity.Warning,
        "zero bytes follow the voxels", "nothing needs doing; rewrite the file to be rid of this");

    public static readonly Fault PhiTextPresent = Nifti.Declare("PHI_TEXT_PRESENT", Severity.Info,
        "the header holds free text, which may name a person; it was not copied", "remove it before sharing the file");

    public static readonly Fault NiiPointer = Nifti.Declare("NII_MAGIC", Severity.Error,
        "the file is a pointer to an image that was not fetched", "run git lfs pull, git annex get or datalad get");

    public static readonly Fault NiiPage = Nifti.Declare("NII_MAGIC", Severity.Error,
        "the file is a web page, perhaps of a download that failed or wanted a sign-in", "download the image again");

    public static readonly Fault NiiPacked = Nifti.Declare("NII_MAGIC", Severity.Error,
        "the file is packed, but not as gzip", "unpack it and compress it with gzip");

    public static readonly Fault NiiGzip = Nifti.Declare("NII_MAGIC", Severity.Error,
        "the file is gzip under a .nii name", "rename it to .nii.gz, or set reading.accept_plain in pipelines.yaml");

    public static readonly Fault NiiGzipTwice = Nifti.Declare("NII_MAGIC", Severity.Error,
        "the file was packed twice: unpacked it is gzip again", "unpack it once with gzip -d, then name it .nii.gz");

    public static readonly Fault NiiUnitsDoubt = Nifti.Declare("NII_UNITS", Severity.Warning,
        "the header's unit is micrometre or metre, but its spacing is that of millimetres; lengths were scaled as the unit says",
        "set reading.assume_millimetres in pipelines.yaml if they are millimetres");

    public static readonly Fault NiiUnitsAssumed = Nifti.Declare("NII_UNITS", Severity.Warning,
        "the header's spatial unit is not millimetre; lengths were read as millimetres", "check the spacing, volumes depend on it");
}
