namespace VerseEtl.Transform.Tables;

/// <summary>
/// One row of `scans`. Geometry describes the mask, by its header where its voxels cannot be read; a scan without a readable mask has status `failed`.
/// </summary>
public sealed record ScanRow
{
    public required string ScanKey { get; init; }
    public required string Dataset { get; init; }
    public required string Split { get; init; }
    public required string SubjectId { get; init; }
    public required string ScanId { get; init; }
    public required string SeriesId { get; init; }
    public string? Direction { get; init; }
    public string? Series { get; init; }
    public required string Status { get; init; }
    public string? CtPath { get; init; }
    public string? MaskPath { get; init; }
    public string? CentroidPath { get; init; }
    public string? PreviewPath { get; init; }
    public long? CtBytes { get; init; }
    public long? MaskBytes { get; init; }
    public string? CtSha256 { get; init; }
    public string? MaskSha256 { get; init; }
    public string? CentroidSha256 { get; init; }
    public int? ShapeI { get; init; }
    public int? ShapeJ { get; init; }
    public int? ShapeK { get; init; }
    public double? SpacingIMm { get; init; }
    public double? SpacingJMm { get; init; }
    public double? SpacingKMm { get; init; }
    public double? SpacingLrMm { get; init; }
    public double? SpacingApMm { get; init; }
    public double? SpacingSiMm { get; init; }
    public string? Orientation { get; init; }
    public IReadOnlyList<double>? Affine { get; init; }
    public string? AffineSource { get; init; }
    public string? MaskDatatype { get; init; }
    public string? CtDatatype { get; init; }
    public string? CentroidDirection { get; init; }
    public int? VertebraCount { get; init; }
    public IReadOnlyList<int>? Labels { get; init; }
    public IReadOnlyList<int>? AnnotatedLabels { get; init; }
    public string? Manufacturer { get; init; }
    public string? ManufacturerModel { get; init; }

    /// <summary>kV.</summary>
    public double? Kvp { get; init; }
    public string? Licence { get; init; }
    public string? MaskContentSha256 { get; init; }
    public string? DuplicateOf { get; init; }
    public string? SubregionPath { get; init; }
    public string? SubregionSha256 { get; init; }

    /// <summary>Relative to the warehouse.</summary>
    public string? PicturePath { get; init; }
}

/// <summary>The values of `scans.status`.</summary>
public static class ScanStatus
{
    public const string Ok = "ok";
    public const string Warning = "warning";
    public const string Failed = "failed";

    /// <summary>Left out on purpose.</summary>
    public const string Excluded = "excluded";

    /// <summary>The mask was read.</summary>
    public static bool IsMeasured(string status) => status is Ok or Warning;

    /// <summary>Of a scan whose mask could be read.</summary>
    internal static string Of(IEnumerable<Findings.Finding> findings) => findings.Any(finding => finding.Severity >= Findings.Severity.Warning) ? Warning : Ok;
}
