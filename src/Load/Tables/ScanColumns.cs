using VerseEtl.Transform.Tables;
using static VerseEtl.Load.Tables.IdentityColumns;
using C = VerseEtl.Load.Tables.Columns<VerseEtl.Transform.Tables.ScanRow>;

namespace VerseEtl.Load.Tables;

/// <summary>The columns of `scans`, in published order.</summary>
internal static class ScanColumns
{
    private const string Absent = "no such file";
    private const string NoMask = "no readable mask";
    private const string NoHeader = "no readable header of a mask";
    private const string NoMetadata = "no `_ct.json`, or it does not say it";
    private const string NoKnownScanner = NoMetadata + " in words known for scanners";

    public static readonly IReadOnlyList<Column<ScanRow>> All =
    [
        C.Text("scan_key", row => row.ScanKey, ScanKey),
        C.Text("dataset", row => row.Dataset, Dataset),
        C.Text("split", row => row.Split, Split),
        C.Text("subject_id", row => row.SubjectId, Subject),
        C.Text("scan_id", row => row.ScanId, Scan),
        C.Text("series_id", row => row.SeriesId, Series),
        C.OptionalText("direction", row => row.Direction, new("BIDS `dir-` value") { NullMeaning = "the name has none", Example = "ax" }),
        C.OptionalText("series", row => row.Series, new("BIDS `split-` value") { NullMeaning = "the name has none", Example = "verse155" }),
        C.Text("status", row => row.Status,
            new("`ok`; `warning`: measured, but something was noticed or missing; `failed`: no vertebra rows; "
                + "`excluded`: left out on purpose") { Example = "ok" }),
        C.OptionalText("ct_path", row => row.CtPath, FilePath("CT")),
        C.OptionalText("mask_path", row => row.MaskPath, FilePath("mask")),
        C.OptionalText("centroid_path", row => row.CentroidPath, FilePath("centroid file")),
        C.OptionalText("preview_path", row => row.PreviewPath, FilePath("preview image")),
        C.Optional("ct_bytes", row => row.CtBytes, Bytes("CT")),
        C.Optional("mask_bytes", row => row.MaskBytes, Bytes("mask")),
        C.OptionalText("ct_sha256", row => row.CtSha256, Hash("CT")),
        C.OptionalText("mask_sha256", row => row.MaskSha256, Hash("mask")),
        C.OptionalText("centroid_sha256", row => row.CentroidSha256, Hash("centroid file")),
        C.Optional("shape_i", row => row.ShapeI, Shape("i")),
        C.Optional("shape_j", row => row.ShapeJ, Shape("j")),
        C.Optional("shape_k", row => row.ShapeK, Shape("k")),
        C.Optional("spacing_i_mm", row => row.SpacingIMm, Spacing("along i (pixdim 1), a float32 in the header: compare rounded")),
        C.Optional("spacing_j_mm", row => row.SpacingJMm, Spacing("along j (pixdim 2), a float32 in the header: compare rounded")),
        C.Optional("spacing_k_mm", row => row.SpacingKMm, Spacing("along k (pixdim 3), a float32 in the header: compare rounded")),
        C.Optional("spacing_lr_mm", row => row.SpacingLrMm, Spacing("along the stored axis nearest to left-right")),
        C.Optional("spacing_ap_mm", row => row.SpacingApMm, Spacing("along the stored axis nearest to anterior-posterior")),
        C.Optional("spacing_si_mm", row => row.SpacingSiMm, Spacing("along the stored axis nearest to superior-inferior")),
        C.OptionalText("orientation", row => row.Orientation,
            new("direction in which i, j and k increase, as ITK and nibabel's aff2axcodes (5.4 and later) name them")
            {
                NullMeaning = NoHeader, Example = "PIR",
            }),
        C.Listed("affine", row => row.Affine,
            new("16 numbers, row-major: voxel index to world; last row 0 0 0 1")
                { Unit = "mm", Space = WorldSpace, NullMeaning = NoHeader, Example = "[0, 0, 1, -90, ...]" }),
        C.OptionalText("affine_source", row => row.AffineSource,
            new("`sform`, `qform` or `pixdim`: the first that the header codes") { NullMeaning = NoHeader, Example = "sform" }),
        C.OptionalText("mask_datatype", row => row.MaskDatatype, new("stored type of the mask") { NullMeaning = NoHeader, Example = "uint8" }),
        C.OptionalText("ct_datatype", row => row.CtDatatype, new("stored type of the CT") { NullMeaning = "no readable CT", Example = "int16" }),
        C.OptionalText("centroid_direction", row => row.CentroidDirection,
            new("axis codes that the centroid file states") { NullMeaning = "no readable centroid file", Example = "PIR" }),
        C.Optional("vertebra_count", row => row.VertebraCount, new("labels of the mask with a row in `vertebrae`") { NullMeaning = NoMask, Example = "17" }),
        C.Listed("labels", row => row.Labels, new("labels of the mask") { NullMeaning = NoMask, Example = "[8, 9, 10]" }),
        C.Listed("annotated_labels", row => row.AnnotatedLabels,
            new("labels with an annotated centroid") { NullMeaning = "no readable centroid file", Example = "[8, 9, 10]" }),
        C.OptionalText("manufacturer", row => row.Manufacturer,
            new("scanner's maker from `_ct.json`, as written there") { NullMeaning = NoKnownScanner, Example = "Philips" }),
        C.OptionalText("manufacturer_model", row => row.ManufacturerModel,
            new("scanner's model from `_ct.json`, as written there") { NullMeaning = NoKnownScanner, Example = "iCT 256" }),
        C.Optional("kvp", row => row.Kvp,
            new("tube voltage from `_ct.json`") { Unit = "kV", NullMeaning = NoMetadata + " as a number from 20 to 300", Example = "120" }),
        C.OptionalText("licence", row => row.Licence, new("licence claimed for this scan") { NullMeaning = "none is claimed", Example = "CC BY-SA 4.0" }),
        C.OptionalText("mask_content_sha256", row => row.MaskContentSha256,
            new("SHA-256 over shape and label runs (little-endian): equal for a re-encoded copy of the mask; "
                + "not a number is 0, a label beyond 32 bits their last value")
                { NullMeaning = NoMask, Example = "9f86d081..." }),
        C.OptionalText("duplicate_of", row => row.DuplicateOf,
            new("first scan_key, in ordinal order, with the same mask_content_sha256")
                { NullMeaning = "no earlier scan has the same mask content", Example = "verse19/training/sub-verse004" }),
        C.OptionalText("subregion_path", row => row.SubregionPath, FilePath("sub-region mask")),
        C.OptionalText("subregion_sha256", row => row.SubregionSha256, Hash("sub-region mask")),
        C.OptionalText("picture_path", row => row.PicturePath,
            new("picture of the scan (PNG), relative to the warehouse, named by its SHA-256")
                { NullMeaning = "no readable mask, no label, or `pictures: false`", Example = "pictures/9f86d081....png" }),
    ];

    private static ColumnText FilePath(string file) =>
        new($"path of the {file}, relative to the source root, as written there")
        { NullMeaning = Absent, Example = "dataset-verse19training/rawdata/sub-verse004/sub-verse004_ct.nii.gz" };

    private static ColumnText Bytes(string file) => new($"size of the {file} as stored") { Unit = "byte", NullMeaning = Absent, Example = "48013221" };

    private static ColumnText Hash(string file) => new($"SHA-256 of the {file} as stored, hexadecimal") { NullMeaning = Absent, Example = "9f86d081..." };

    private static ColumnText Shape(string axis) => new($"voxels along {axis}") { Unit = "voxel", Space = VoxelSpace, NullMeaning = NoHeader, Example = "512" };

    private static ColumnText Spacing(string where) => new($"size of a voxel {where}") { Unit = "mm", NullMeaning = NoHeader, Example = "0.5" };
}
