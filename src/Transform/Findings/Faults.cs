namespace VerseEtl.Transform.Findings;

/// <summary>The catalogue: every code the program can report. Codes are stable names that users filter on; one code can have several variants of different severity.</summary>
public static class Faults
{
    public static readonly Fault GzEmpty = new("GZ_EMPTY", Severity.Error,
        "the file has 0 bytes", "copy it again from the source");

    public static readonly Fault GzNotGzip = new("GZ_NOT_GZIP", Severity.Error,
        "the file does not start as gzip", "replace it by the original .nii.gz");

    public static readonly Fault GzPlainNifti = new("GZ_PLAIN_NIFTI", Severity.Warning,
        "plain NIfTI under a .gz name was read as it is", "rename it to .nii or compress it");

    public static readonly Fault GzHeader = new("GZ_HEADER", Severity.Error,
        "the gzip header is damaged", "copy the file again");

    public static readonly Fault GzTruncated = new("GZ_TRUNCATED", Severity.Error,
        "the gzip stream ends early", "copy the file again, it is incomplete");

    public static readonly Fault GzCrc = new("GZ_CRC", Severity.Error,
        "the CRC-32 of a gzip member differs from its content", "copy the file again, it is damaged");

    public static readonly Fault GzIsize = new("GZ_ISIZE", Severity.Error,
        "the length a gzip member states differs from its content", "copy the file again, it is damaged");

    public static readonly Fault GzDeflate = new("GZ_DEFLATE", Severity.Error,
        "the compressed data is invalid", "copy the file again, it is damaged");

    public static readonly Fault GzMultiMember = new("GZ_MULTI_MEMBER", Severity.Warning,
        "the file is made of several gzip members", "nothing needs doing; compress it anew to be rid of this");

    public static readonly Fault GzMemberFlood = new("GZ_MEMBER_FLOOD", Severity.Error,
        "the file has more gzip members than any genuine file", "compress it anew");

    public static readonly Fault GzTrailing = new("GZ_TRAILING", Severity.Warning,
        "bytes follow the last gzip member", "copy the file again if this is unexpected");

    public static readonly Fault GzTrailingLong = new("GZ_TRAILING", Severity.Error,
        "more than 1 MiB follows the last gzip member", "copy the file again, it is not what it was");

    public static readonly Fault GzLong = new("GZ_LONG", Severity.Error,
        "the data is longer than the NIfTI header says", "check the header's dimensions or copy the file again");

    public static readonly Fault GzTooBig = new("GZ_TOO_BIG", Severity.Error,
        "the file exceeds the size limit and was not read", "raise max_volume_bytes or max_file_bytes in pipelines.yaml if it is genuine");

    public static readonly Fault GzHeaderName = new("GZ_HEADER_NAME", Severity.Info,
        "the gzip header holds a file name, a comment or an extra field, which may name a person; it was not copied", "compress with gzip -n before sharing the file");

    public static readonly Fault NiiShort = new("NII_SHORT", Severity.Error,
        "the file is too short for a NIfTI header", "copy it again");

    public static readonly Fault NiiMagic = new("NII_MAGIC", Severity.Error,
        "the file is not a single-file NIfTI", "convert it to NIfTI-1 or NIfTI-2");

    public static readonly Fault NiiPair = new("NII_PAIR", Severity.Error,
        "a header of a .hdr/.img pair stands in a single file", "convert it to one .nii.gz file");

    public static readonly Fault NiiAnalyze = new("NII_ANALYZE", Severity.Error,
        "the file is Analyze 7.5, whose orientation is ambiguous", "convert it to NIfTI");

    public static readonly Fault NiiEndian = new("NII_ENDIAN", Severity.Error,
        "the header makes sense in neither byte order", "copy the file again");

    public static readonly Fault NiiBigEndian = new("NII_BIG_ENDIAN", Severity.Info,
        "the file is big-endian", "nothing needs doing");

    public static readonly Fault NiiNifti2 = new("NII_NIFTI2", Severity.Info,
        "the file is NIfTI-2", "nothing needs doing");

    public static readonly Fault NiiNdim = new("NII_NDIM", Severity.Error,
        "the number of dimensions is outside 1 to 7", "repair the header");

    public static readonly Fault NiiDimNonpos = new("NII_DIM_NONPOS", Severity.Error,
        "a dimension is not positive", "repair the header");

    public static readonly Fault NiiDimOverflow = new("NII_DIM_OVERFLOW", Severity.Error,
        "the dimensions are beyond the format's or the program's limits", "repair the header");

    public static readonly Fault Nii4d = new("NII_4D", Severity.Info,
        "trailing axes of length 1 were dropped", "nothing needs doing");

    public static readonly Fault NiiNot3d = new("NII_NOT_3D", Severity.Error,
        "the image has more than one volume", "extract the volume you mean into a 3-D file");

    public static readonly Fault Nii2d = new("NII_2D", Severity.Error,
        "the image is not a volume", "provide the 3-D image");

    public static readonly Fault NiiDatatype = new("NII_DATATYPE", Severity.Error,
        "the stored datatype cannot hold a CT or a label map", "convert it to an integer or floating-point type");

    public static readonly Fault NiiBitpix = new("NII_BITPIX", Severity.Warning,
        "bitpix contradicts the datatype; the datatype was believed", "rewrite the header");

    public static readonly Fault NiiVoxOffset = new("NII_VOX_OFFSET", Severity.Error,
        "vox_offset is not usable", "repair the header");

    public static readonly Fault NiiVoxOffsetUnusual = new("NII_VOX_OFFSET", Severity.Info,
        "vox_offset is unusual but usable", "nothing needs doing");

    public static readonly Fault NiiPixdim = new("NII_PIXDIM", Severity.Error,
        "the voxel spacing is not usable", "repair pixdim in the header");

    public static readonly Fault NiiPixdimNegative = new("NII_PIXDIM", Severity.Warning,
        "a voxel spacing is negative; its magnitude was used", "repair pixdim in the header");

    public static readonly Fault NiiPixdimRange = new("NII_PIXDIM_RANGE", Severity.Warning,
        "a voxel spacing is outside 0.05 to 20 mm", "check the spacing, volumes depend on it");

    public static readonly Fault NiiQfac = new("NII_PIXDIM", Severity.Info,
        "qfac is neither 1 nor -1; 1 was used", "nothing needs doing");

    public static readonly Fault NiiUnits = new("NII_UNITS", Severity.Warning,
        "the header's spatial unit is not millimetre; lengths were scaled", "check the spacing, volumes depend on it");

    public static readonly Fault NiiAffineNone = new("NII_AFFINE_NONE", Severity.Warning,
        "the header codes neither sform nor qform; the affine was made from pixdim", "check the orientation, world coordinates depend on it");

    public static readonly Fault NiiSformSingular = new("NII_SFORM_SINGULAR", Severity.Error,
        "no usable affine", "repair sform or qform in the header");

    public static readonly Fault NiiSformUnusable = new("NII_SFORM_SINGULAR", Severity.Warning,
        "the coded sform is singular or not finite; the next affine was used", "repair the sform in the header");

    public static readonly Fault NiiQformRange = new("NII_QFORM_RANGE", Severity.Warning,
        "the quaternion is longer than 1 and was normalised", "repair the qform in the header");

    public static readonly Fault NiiSqMismatch = new("NII_SQ_MISMATCH", Severity.Warning,
        "sform and qform disagree; the sform was used", "check the orientation");

    public static readonly Fault NiiObliqueShear = new("NII_OBLIQUE_SHEAR", Severity.Warning,
        "the affine's axes are not at right angles", "check the affine, extents assume right angles");

    public static readonly Fault NiiSpacingMismatch = new("NII_SPACING_MISMATCH", Severity.Warning,
        "pixdim and the affine disagree on the spacing; volumes use pixdim", "check the header");

    public static readonly Fault NiiScl = new("NII_SCL", Severity.Error,
        "scl_slope or scl_inter is not usable", "repair the header");

    public static readonly Fault NiiSclNone = new("NII_SCL", Severity.Info,
        "scl_slope is 0 or not a number; values are unscaled", "nothing needs doing");

    public static readonly Fault NiiExt = new("NII_EXT", Severity.Warning,
        "the header extension chain is damaged; it was skipped by vox_offset", "rewrite the file");

    public static readonly Fault NiiDataShort = new("NII_DATA_SHORT", Severity.Error,
        "the data is shorter than the header says", "copy the file again, it is incomplete");

    public static readonly Fault NiiExtraBytes = new("NII_EXTRA_BYTES", Severity.Warning,
        "zero bytes follow the voxels", "nothing needs doing; rewrite the file to be rid of this");

    public static readonly Fault PhiTextPresent = new("PHI_TEXT_PRESENT", Severity.Info,
        "the header holds free text, which may name a person; it was not copied", "remove it before sharing the file");

    public static readonly Fault CtNonfinite = new("CT_NONFINITE", Severity.Warning,
        "the CT has voxels in the mask that are not finite; they were left out", "check the CT");

    public static readonly Fault CtRange = new("CT_RANGE", Severity.Warning,
        "Hounsfield units are outside -4096 to 32767; they still count", "check slope and intercept of the CT");

    public static readonly Fault CtBlank = new("CT_BLANK", Severity.Warning,
        "the CT is nearly constant inside the mask", "check that it is the right CT");

    public static readonly Fault CtTooVaried = new("CT_TOO_VARIED", Severity.Error,
        "the CT has more distinct values than a CT can have; its columns are void", "check the CT's datatype and slope");

    public static readonly Fault MskNonintegral = new("MSK_NONINTEGRAL", Severity.Error,
        "the mask holds a value that is not a whole number", "provide the label map, not probabilities");

    public static readonly Fault MskScaled = new("MSK_SCALED", Severity.Warning,
        "the mask has a slope or intercept; labels are the scaled values", "store the mask unscaled");

    public static readonly Fault MskLabelUnknown = new("MSK_LABEL_UNKNOWN", Severity.Error,
        "the mask holds labels outside 1 to 28; they get no row", "check which label scheme the mask uses");

    public static readonly Fault MskLabelReserved = new("MSK_LABEL_RESERVED", Severity.Warning,
        "the mask holds a label that VerSe reserves (26 sacrum, 27 coccyx)", "nothing needs doing if it is meant");

    public static readonly Fault MskEmpty = new("MSK_EMPTY", Severity.Warning,
        "the mask holds no label", "check that it is the right file");

    public static readonly Fault MskNoise = new("MSK_NOISE", Severity.Error,
        "the mask has more label runs in one slice than a label map can have", "check that it is a label map");

    public static readonly Fault MskGap = new("MSK_GAP", Severity.Warning,
        "labels are not consecutive", "check the labels around the gap");

    public static readonly Fault MskFragment = new("MSK_FRAGMENT", Severity.Warning,
        "a vertebra has several components of more than 1 percent of its voxels", "look at the mask");

    public static readonly Fault MskTiny = new("MSK_TINY", Severity.Warning,
        "a volume is far outside the published range", "look at the mask");

    public static readonly Fault MskVolumeOutlier = new("MSK_VOLUME_OUTLIER", Severity.Warning,
        "a volume is an outlier among its level or its neighbours", "look at the mask");

    public static readonly Fault MskTouchesBorder = new("MSK_TOUCHES_BORDER", Severity.Info,
        "a vertebra touches the border of the volume and may be cut off", "leave it out of volume statistics if in doubt");

    public static readonly Fault PairShape = new("PAIR_SHAPE", Severity.Error,
        "CT and mask have different shapes; Hounsfield columns are null", "provide the CT the mask was made on");

    public static readonly Fault PairReoriented = new("PAIR_SHAPE", Severity.Info,
        "the CT is stored in another axis order than the mask and was reoriented", "nothing needs doing");

    public static readonly Fault PairAffine = new("PAIR_AFFINE", Severity.Error,
        "CT and mask lie in different places; Hounsfield columns are null", "provide the CT the mask was made on");

    public static readonly Fault PairAffineShift = new("PAIR_AFFINE", Severity.Warning,
        "CT and mask geometry differ slightly", "check the headers");

    public static readonly Fault CtdMissing = new("CTD_MISSING", Severity.Info,
        "there is no centroid file; annotated columns are null", "nothing needs doing if none exists");

    public static readonly Fault CtdEmpty = new("CTD_EMPTY", Severity.Error,
        "the centroid file has 0 bytes; annotated columns are null", "copy it again");

    public static readonly Fault CtdNotJson = new("CTD_NOT_JSON", Severity.Error,
        "the centroid file is not valid JSON; annotated columns are null", "copy it again");

    public static readonly Fault CtdEncoding = new("CTD_ENCODING", Severity.Error,
        "the centroid file is not UTF-8; annotated columns are null", "save it as UTF-8");

    public static readonly Fault CtdBom = new("CTD_ENCODING", Severity.Info,
        "the centroid file starts with a byte order mark", "nothing needs doing");

    public static readonly Fault CtdTooBig = new("CTD_TOO_BIG", Severity.Error,
        "the centroid file is larger or deeper than a centroid file can be; annotated columns are null", "check that it is the right file");

    public static readonly Fault CtdNan = new("CTD_NAN", Severity.Warning,
        "a centroid has a coordinate that is not a finite number; it was left out", "nothing needs doing if it was not annotated");

    public static readonly Fault CtdNoDirection = new("CTD_NO_DIRECTION", Severity.Error,
        "the centroid file names no direction; annotated columns are null", "add the direction, axes are never guessed");

    public static readonly Fault CtdDirectionPlace = new("CTD_NO_DIRECTION", Severity.Info,
        "the direction is not the first entry", "nothing needs doing");

    public static readonly Fault CtdAxes = new("CTD_AXES", Severity.Error,
        "the centroid file's direction is not one letter each of L/R, P/A, I/S; annotated columns are null", "repair the direction");

    public static readonly Fault CtdAxesCase = new("CTD_AXES", Severity.Info,
        "the direction is in lower case", "nothing needs doing");

    public static readonly Fault CtdDupLabel = new("CTD_DUP_LABEL", Severity.Warning,
        "a label is annotated more than once; it was left out", "remove the wrong entry");

    public static readonly Fault CtdDupKey = new("CTD_DUP_KEY", Severity.Error,
        "a key stands twice in one object; annotated columns are null", "repair the file");

    public static readonly Fault CtdType = new("CTD_TYPE", Severity.Error,
        "an entry is not a label with X, Y and Z; it was left out", "repair the entry");

    public static readonly Fault CtdLabelText = new("CTD_TYPE", Severity.Warning,
        "a label is written as text; it was read as a number", "write it as a number");

    public static readonly Fault CtdUnknownKey = new("CTD_TYPE", Severity.Info,
        "an entry has other keys than label, X, Y and Z; they were ignored", "nothing needs doing");

    public static readonly Fault CtdLabelUnknown = new("CTD_TYPE", Severity.Info,
        "the centroid file has labels outside 1 to 28; they were ignored", "nothing needs doing");

    public static readonly Fault CtdRange = new("CTD_RANGE", Severity.Warning,
        "an annotated point lies outside the volume", "check the direction and the point");

    public static readonly Fault CtdNotInMask = new("CTD_RANGE", Severity.Warning,
        "a label is annotated but not in the mask", "check mask and centroid file");

    public static readonly Fault CtdNotAnnotated = new("CTD_RANGE", Severity.Warning,
        "a label of the mask is not annotated", "check mask and centroid file");

    public static readonly Fault CtdOutsideLabel = new("CTD_OUTSIDE_LABEL", Severity.Warning,
        "an annotated point lies outside its own label", "check mask and centroid file");

    public static readonly Fault CtdFar = new("CTD_FAR", Severity.Warning,
        "an annotated point is more than 15 mm from the label's centroid", "check mask and centroid file");

    public static readonly Fault SidecarUnreadable = new("SIDECAR_UNREADABLE", Severity.Warning,
        "the CT's JSON sidecar cannot be read; its columns are null", "repair or remove it");

    public static readonly Fault TreeNoCt = new("TREE_NO_CT", Severity.Warning,
        "there is no CT; Hounsfield columns are null", "fetch the CT if you need them");

    public static readonly Fault TreeNoMask = new("TREE_NO_MASK", Severity.Error,
        "there is no mask; the scan has no vertebra rows", "fetch the mask");

    public static readonly Fault TreeMultiMask = new("TREE_MULTI_MASK", Severity.Error,
        "there is more than one candidate for a scan's file; none was picked", "leave one of them");

    public static readonly Fault TreeOrphan = new("TREE_ORPHAN", Severity.Warning,
        "a file has neither CT nor mask beside it", "fetch the scan or remove the file");

    public static readonly Fault TreeDupContent = new("TREE_DUP_SCAN", Severity.Info,
        "the same mask content is found in another scan", "count it once, see duplicate_of");

    public static readonly Fault TreeDupScan = new("TREE_DUP_SCAN", Severity.Error,
        "one scan id stands twice in a split with different files; none was picked", "leave one of them");

    public static readonly Fault TreeSplitLeak = new("TREE_SPLIT_LEAK", Severity.Warning,
        "one subject or mask is in two splits", "keep it out of one when you train");

    public static readonly Fault TreeFolderMissing = new("TREE_FOLDER_MISSING", Severity.Error,
        "a folder is missing or empty", "check the mount and the path");

    public static readonly Fault TreeFolderAbsent = new("TREE_FOLDER_MISSING", Severity.Warning,
        "one of the six VerSe folders is not there", "fetch it if you need it");

    public static readonly Fault TreeSymlink = new("TREE_SYMLINK", Severity.Warning,
        "a symbolic link was not followed", "set follow_links or copy the target");

    public static readonly Fault TreeLoop = new("TREE_LOOP", Severity.Warning,
        "a symbolic link leads back to a folder above it", "remove it");

    public static readonly Fault TreeOrphanLink = new("TREE_ORPHAN_LINK", Severity.Warning,
        "a symbolic link points nowhere", "remove it");

    public static readonly Fault TreeEscape = new("TREE_ESCAPE", Severity.Error,
        "a path leads outside the source or an id has forbidden characters", "rename the file");

    public static readonly Fault TreeNotRegular = new("TREE_NOT_REGULAR", Severity.Warning,
        "not a regular file; it was not opened", "remove it");

    public static readonly Fault TreeUnreadable = new("TREE_UNREADABLE", Severity.Error,
        "permission denied", "grant read access");

    public static readonly Fault TreeUnseen = new("TREE_UNREADABLE", Severity.Error,
        "a place in the tree cannot be looked at; it was left out", "check the disk or the share, then run again");

    public static readonly Fault TreeNameEncoding = new("TREE_NAME_ENCODING", Severity.Error,
        "a file name is not UTF-8 or differs from another only in form", "rename it");

    public static readonly Fault TreeNameCase = new("TREE_NAME_CASE", Severity.Info,
        "a file name ends in capitals", "nothing needs doing");

    public static readonly Fault TreePartial = new("TREE_PARTIAL", Severity.Info,
        "litter was ignored", "nothing needs doing");

    public static readonly Fault TreeZip = new("TREE_ZIP", Severity.Warning,
        "a zip archive was not read", "unpack it");

    public static readonly Fault TreeLimit = new("TREE_LIMIT", Severity.Error,
        "a place in the tree is larger or deeper than the limits; it was left out", "move it out of the source, or raise max_depth or max_entries");

    public static readonly Fault TreeEmptyFile = new("TREE_EMPTY_FILE", Severity.Info,
        "a file has 0 bytes", "copy it again");

    public static readonly Fault TreeFutureMtime = new("TREE_FUTURE_MTIME", Severity.Info,
        "a file's modification time is in the future", "check the clock");

    public static readonly Fault TreeFlatLayout = new("TREE_FLAT_LAYOUT", Severity.Warning,
        "files in the older flat MICCAI layout were not read", "fetch the subject-based release");

    public static readonly Fault TreeUnstable = new("TREE_UNSTABLE", Severity.Error,
        "a file kept changing while it was read", "run again when the copy is complete");

    public static readonly Fault SrcUnavailable = new("SRC_UNAVAILABLE", Severity.Error,
        "a file could not be read after several tries", "check the disk or the share, then run again");

    public static readonly Fault RunConservation = new("RUN_CONSERVATION", Severity.Error,
        "scans found and scans accounted for differ; nothing was published", "report this as a defect");

    public static readonly Fault RunBreaker = new("RUN_BREAKER", Severity.Error,
        "too much is missing or newly failed; nothing was published", "repair the source or pass --accept-shrink");

    public static readonly Fault IntUnexpected = new("INT_UNEXPECTED", Severity.Error,
        "an unexpected error; the scan has no rows", "report this as a defect");

    public static readonly Fault CacheCorrupt = new("CACHE_CORRUPT", Severity.Info,
        "a stored result was damaged and measured again", "nothing needs doing");

    public static readonly Fault DriftScans = new("DRIFT_SCANS", Severity.Info,
        "scans were added, removed or changed since the previous snapshot", "nothing needs doing if it is expected");

    public static readonly Fault DriftStatistic = new("DRIFT_STATISTIC", Severity.Info,
        "a label statistic moved since the previous snapshot", "nothing needs doing if it is expected");

    public static readonly Fault AudDiffers = new("AUD_DIFFERS", Severity.Warning,
        "a recomputed statistic differs from the published one", "see the audit table's note");

    public static readonly Fault AudReference = new("AUD_REFERENCE", Severity.Info,
        "the published figures contradict each other", "see the audit table's note");

    public static readonly Fault AudScanMissing = new("AUD_SCAN_MISSING", Severity.Warning,
        "a published scan is missing from this copy", "fetch it");

    public static readonly Fault AudScanUnexpected = new("AUD_SCAN_UNEXPECTED", Severity.Info,
        "a scan is not among the published ones", "nothing needs doing if it is yours");

    public static readonly Fault AudNotVerse = new("AUD_NOT_VERSE", Severity.Info,
        "no scan has a published name; the inventory was left out", "nothing needs doing for a dataset of your own");

    /// <summary>Groups in the order of docs/findings.md.</summary>
    public static IReadOnlyList<(string Group, IReadOnlyList<Fault> Faults)> Groups { get; } =
    [
        ("gzip",
        [
            GzEmpty,
            GzNotGzip,
            GzPlainNifti,
            GzHeader,
            GzTruncated,
            GzCrc,
            GzIsize,
            GzDeflate,
            GzMultiMember,
            GzMemberFlood,
            GzTrailing,
            GzTrailingLong,
            GzLong,
            GzTooBig,
            GzHeaderName,
        ]),
        ("NIfTI header and data",
        [
            NiiShort,
            NiiMagic,
            NiiPair,
            NiiAnalyze,
            NiiEndian,
            NiiBigEndian,
            NiiNifti2,
            NiiNdim,
            NiiDimNonpos,
            NiiDimOverflow,
            Nii4d,
            NiiNot3d,
            Nii2d,
            NiiDatatype,
            NiiBitpix,
            NiiVoxOffset,
            NiiVoxOffsetUnusual,
            NiiPixdim,
            NiiPixdimNegative,
            NiiPixdimRange,
            NiiQfac,
            NiiUnits,
            NiiAffineNone,
            NiiSformSingular,
            NiiSformUnusable,
            NiiQformRange,
            NiiSqMismatch,
            NiiObliqueShear,
            NiiSpacingMismatch,
            NiiScl,
            NiiSclNone,
            NiiExt,
            NiiDataShort,
            NiiExtraBytes,
            PhiTextPresent,
        ]),
        ("mask and CT",
        [
            CtNonfinite,
            CtRange,
            CtBlank,
            CtTooVaried,
            MskNonintegral,
            MskScaled,
            MskLabelUnknown,
            MskLabelReserved,
            MskEmpty,
            MskNoise,
            MskGap,
            MskFragment,
            MskTiny,
            MskVolumeOutlier,
            MskTouchesBorder,
            PairShape,
            PairReoriented,
            PairAffine,
            PairAffineShift,
        ]),
        ("centroid file",
        [
            CtdMissing,
            CtdEmpty,
            CtdNotJson,
            CtdEncoding,
            CtdBom,
            CtdTooBig,
            CtdNan,
            CtdNoDirection,
            CtdDirectionPlace,
            CtdAxes,
            CtdAxesCase,
            CtdDupLabel,
            CtdDupKey,
            CtdType,
            CtdLabelText,
            CtdUnknownKey,
            CtdLabelUnknown,
            CtdRange,
            CtdNotInMask,
            CtdNotAnnotated,
            CtdOutsideLabel,
            CtdFar,
            SidecarUnreadable,
        ]),
        ("tree",
        [
            TreeNoCt,
            TreeNoMask,
            TreeMultiMask,
            TreeOrphan,
            TreeDupContent,
            TreeDupScan,
            TreeSplitLeak,
            TreeFolderMissing,
            TreeFolderAbsent,
            TreeSymlink,
            TreeLoop,
            TreeOrphanLink,
            TreeEscape,
            TreeNotRegular,
            TreeUnreadable,
            TreeUnseen,
            TreeNameEncoding,
            TreeNameCase,
            TreePartial,
            TreeZip,
            TreeLimit,
            TreeEmptyFile,
            TreeFutureMtime,
            TreeFlatLayout,
            TreeUnstable,
            SrcUnavailable,
        ]),
        ("run",
        [
            RunConservation,
            RunBreaker,
            IntUnexpected,
            CacheCorrupt,
            DriftScans,
            DriftStatistic,
        ]),
        ("audit",
        [
            AudDiffers,
            AudReference,
            AudScanMissing,
            AudScanUnexpected,
            AudNotVerse,
        ]),
    ];

    public static IEnumerable<Fault> All => Groups.SelectMany(group => group.Faults);
}
