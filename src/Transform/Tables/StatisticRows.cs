
namespace VerseEtl.Transform.Tables;

/// <summary>One row of `label_statistics`: a label in a cell of dataset and split; each distinct scan counts once per cell.</summary>
public sealed record LabelStatisticRow
{
    public required string Dataset { get; init; }
    public required string Split { get; init; }
    public required int Label { get; init; }
    public required string Vertebra { get; init; }
    public required string Region { get; init; }
    public required int AnatomicalOrder { get; init; }
    public required int Cases { get; init; }
    public required int ScanCount { get; init; }
    public double? Percentage { get; init; }
    public double? VolumeCm3Min { get; init; }
    public double? VolumeCm3Median { get; init; }
    public double? VolumeCm3Max { get; init; }
    public double? VolumeCm3Mean { get; init; }
    public double? VolumeCm3Std { get; init; }
}

/// <summary>One row of `dataset_statistics`: a metric of the dataset card, recomputed.</summary>
public sealed record DatasetStatisticRow
{
    public required string Dataset { get; init; }
    public required string Split { get; init; }
    public required string Metric { get; init; }
    public double? Value { get; init; }
}

/// <summary>One row of `audit`: a published cell beside the recomputed one.</summary>
public sealed record AuditRow
{
    public required string Table { get; init; }
    public required string Dataset { get; init; }
    public required string Split { get; init; }
    public required string Item { get; init; }
    public required string Field { get; init; }
    public double? Published { get; init; }
    public double? Recomputed { get; init; }
    public double? Difference { get; init; }
    public double? Tolerance { get; init; }
    public required string Verdict { get; init; }
    public string? Note { get; init; }
}
