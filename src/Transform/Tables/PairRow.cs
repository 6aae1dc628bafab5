namespace VerseEtl.Transform.Tables;

/// <summary>One row of `pairs`: a vertebra and the next one below it that the mask holds. Measures are null where a level is missing between.</summary>
public sealed record PairRow
{
    public required string ScanKey { get; init; }
    public required string Dataset { get; init; }
    public required string Split { get; init; }
    public required string SubjectId { get; init; }
    public required string ScanId { get; init; }
    public required string SeriesId { get; init; }
    public required int UpperLabel { get; init; }
    public required string UpperVertebra { get; init; }
    public required int LowerLabel { get; init; }
    public required string LowerVertebra { get; init; }
    public required int UpperOrder { get; init; }
    public required int LevelsBetween { get; init; }
    public double? CentroidDistanceMm { get; init; }
    public double? AnnotatedDistanceMm { get; init; }
    public double? VolumeRatio { get; init; }
    public double? HeightRatio { get; init; }
    public double? GapMm { get; init; }
    public double? EndplateAngleDeg { get; init; }
}
