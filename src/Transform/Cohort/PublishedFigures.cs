
namespace VerseEtl.Transform.Cohort;

/// <summary>The published label table and the cell of dataset and split it describes.</summary>
internal sealed record PublishedLabelTable(string Dataset, string Split, IReadOnlyList<PublishedLabel> Labels);

/// <summary>One row of the published label table; volumes are null where no case is published.</summary>
/// <param name="Percentage">Share of the scans, 0 to 100.</param>
internal sealed record PublishedLabel(int Label, string Vertebra, int Cases, double Percentage,
    double? VolumeCm3Min = null, double? VolumeCm3Median = null, double? VolumeCm3Max = null);

/// <summary>A published number about a dataset and split, named as in `dataset_statistics`.</summary>
/// <param name="Metric">A metric of `dataset_statistics`; `any_axis` in place of the axis is the least or greatest of i, j and k.</param>
/// <param name="NotComparable">Why an unequal number says nothing about the copy; null if it does.</param>
internal sealed record PublishedFigure(string Dataset, string Split, string Metric, double Value, string? NotComparable = null);

/// <summary>A published number about patients, scanners or fractures.</summary>
/// <param name="Metric">
/// `age_mean`, `_std`, `_min`, `_median`, `_max` (years); `sex_female`, `sex_male` (patients); `contrast` (scans); `fracture_grade_0` to `_3`
/// (vertebrae); `manufacturer_count`, `manufacturer_` and a name's first word in lower case (scans).
/// </param>
/// <param name="Tolerance">Half a unit of the last decimal published; 0.5 if left out, 0 for counts.</param>
/// <param name="NotComparable">Why an unequal number says nothing about the copy; null if it does.</param>
internal sealed record ClinicalFigure(string Dataset, string Split, string Metric, double Value, double? Tolerance = null, string? NotComparable = null);

/// <summary>A published folder with the ids of its scans, lower case.</summary>
/// <param name="SplitInferred">Scans whose split is not stated anywhere but was inferred.</param>
internal sealed record PublishedFolder(string Folder, string Dataset, string Split, IReadOnlyList<string> Scans, IReadOnlyList<string>? SplitInferred = null)
{
    public IEnumerable<string> ScanKeys => Scans.Select(KeyOf);

    public string KeyOf(string scanId) => $"{Dataset}/{Split}/{scanId}";
}

/// <summary>A place where the published figures contradict each other.</summary>
/// <param name="Id">`E1`, `E2`, ...</param>
/// <param name="Claim">What is published.</param>
/// <param name="Claimed">The published number, if it is one.</param>
/// <param name="Derived">The number that other published figures or sources give instead.</param>
/// <param name="Check">How it contradicts them.</param>
/// <param name="Cells">The audit's cells that it touches.</param>
internal sealed record Contradiction(string Id, string Claim, string Check,
    IReadOnlyList<ContradictedCell> Cells, double? Claimed = null, double? Derived = null);

/// <summary>A cell of the audit with the values (both ends included) that a contradiction explains; without them it only adds a remark.</summary>
internal sealed record ContradictedCell(string Table, string Dataset, string Split, string Item, string Field, double? From = null, double? To = null);
