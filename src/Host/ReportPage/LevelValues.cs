using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;
using C = VerseEtl.Load.Tables.Columns<VerseEtl.Host.ReportPage.LevelValues>;

namespace VerseEtl.Host.ReportPage;

/// <summary>What a report shows of a vertebra beside others of its level: a few columns of `vertebrae`.</summary>
public sealed record LevelValues
{
    public required string ScanKey { get; init; }
    public required string Dataset { get; init; }
    public required int Label { get; init; }
    public required bool TouchesBorder { get; init; }
    public required double VolumeCm3 { get; init; }
    public double? HeightPosteriorMm { get; init; }
    public double? HeightMiddleMm { get; init; }
    public double? HeightAnteriorMm { get; init; }
    public double? TrabecularHuMedian { get; init; }
    public double? BodyHuMedian { get; init; }
    public double? MaskHuMedian { get; init; }
    public double? OutlierZ { get; init; }
    public string? OutlierColumn { get; init; }

    internal static TableSchema<LevelValues> Table { get; } = TableSchema<LevelValues>.Narrow(PublishedSchema.Vertebrae,
        C.Text("scan_key", row => row.ScanKey, None), C.Text("dataset", row => row.Dataset, None), C.Number("label", row => row.Label, None),
        C.Number("touches_border", row => row.TouchesBorder, None), C.Number("volume_cm3", row => row.VolumeCm3, None),
        C.Optional("height_posterior_mm", row => row.HeightPosteriorMm, None), C.Optional("height_middle_mm", row => row.HeightMiddleMm, None),
        C.Optional("height_anterior_mm", row => row.HeightAnteriorMm, None), C.Optional("trabecular_hu_median", row => row.TrabecularHuMedian, None),
        C.Optional("body_hu_median", row => row.BodyHuMedian, None), C.Optional("mask_hu_median", row => row.MaskHuMedian, None),
        C.Optional("outlier_z", row => row.OutlierZ, None), C.OptionalText("outlier_column", row => row.OutlierColumn, None));

    /// <summary>Those of its columns that a gallery needs.</summary>
    internal static TableSchema<LevelValues> Outliers { get; } = TableSchema<LevelValues>.Narrow(PublishedSchema.Vertebrae,
        [.. Table.TypedColumns.Where(column => column.Name is "scan_key" or "label" or "outlier_z" or "outlier_column")]);

    // what the columns mean stands with the published ones
    private static ColumnText None => new("");

    public static LevelValues Of(VertebraRow row) => new()
    {
        ScanKey = row.ScanKey,
        Dataset = row.Dataset,
        Label = row.Label,
        TouchesBorder = row.TouchesBorder,
        VolumeCm3 = row.VolumeCm3,
        HeightPosteriorMm = row.HeightPosteriorMm,
        HeightMiddleMm = row.HeightMiddleMm,
        HeightAnteriorMm = row.HeightAnteriorMm,
        TrabecularHuMedian = row.TrabecularHuMedian,
        BodyHuMedian = row.BodyHuMedian,
        MaskHuMedian = row.MaskHuMedian,
        OutlierZ = row.OutlierZ,
        OutlierColumn = row.OutlierColumn,
    };
}
