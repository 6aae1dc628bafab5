namespace VerseEtl.Transform.Tables;

/// <summary>One row of `spines`: what a scan with a readable mask shows of a spine, as a whole.</summary>
public sealed record SpineRow
{
    public required string ScanKey { get; init; }
    public required string Dataset { get; init; }
    public required string Split { get; init; }
    public required string SubjectId { get; init; }
    public required string ScanId { get; init; }
    public required string SeriesId { get; init; }
    public required int VertebraCount { get; init; }
    public string? FirstVertebra { get; init; }
    public string? LastVertebra { get; init; }
    public required string LevelsPresent { get; init; }
    public required string LevelsMissing { get; init; }
    public required string Variants { get; init; }
    public string? CurveThrough { get; init; }
    public double? CurveLengthMm { get; init; }
    public double? ChordLengthMm { get; init; }
    public double? CoronalDeviationMm { get; init; }
    public double? SagittalDeviationMm { get; init; }
    public double? CoronalAngleDeg { get; init; }
    public double? LordosisTangentDeg { get; init; }
    public double? KyphosisTangentDeg { get; init; }
    public double? LordosisEndplateDeg { get; init; }
    public double? KyphosisEndplateDeg { get; init; }
}
