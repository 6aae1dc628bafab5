using VerseEtl.Transform.Tables;
using static VerseEtl.Load.Tables.IdentityColumns;
using D = VerseEtl.Load.Tables.Columns<VerseEtl.Transform.Tables.DatasetStatisticRow>;
using L = VerseEtl.Load.Tables.Columns<VerseEtl.Transform.Tables.LabelStatisticRow>;

namespace VerseEtl.Load.Tables;

/// <summary>The columns of `label_statistics` and `dataset_statistics`, in published order.</summary>
internal static class StatisticColumns
{
    private static readonly ColumnText CellDataset = new("the edition or identifier of the folder; `all` is verse19 and verse20 together") { Example = "all" };
    private static readonly ColumnText CellSplit = new("`training`, `validation`, `test` or `all`") { Example = "all" };

    public static readonly IReadOnlyList<Column<LabelStatisticRow>> Labels =
    [
        L.Text("dataset", row => row.Dataset, CellDataset),
        L.Text("split", row => row.Split, CellSplit),
        L.Number("label", row => row.Label, Label),
        L.Text("vertebra", row => row.Vertebra, Vertebra),
        L.Text("region", row => row.Region, Region),
        L.Number("anatomical_order", row => row.AnatomicalOrder, Order),
        L.Number("cases", row => row.Cases, new("scans whose mask holds the label") { Unit = "scan", Example = "220" }),
        L.Number("scan_count", row => row.ScanCount, new("scans with a readable mask: the denominator") { Unit = "scan", Example = "374" }),
        L.Optional("percentage", row => row.Percentage,
            new("100 x cases / scan_count") { Unit = "percent", NullMeaning = "scan_count is 0", Example = "58.82" }),
        L.Optional("volume_cm3_min", row => row.VolumeCm3Min, Volume("smallest volume")),
        L.Optional("volume_cm3_median", row => row.VolumeCm3Median, Volume("median volume")),
        L.Optional("volume_cm3_max", row => row.VolumeCm3Max, Volume("largest volume")),
        L.Optional("volume_cm3_mean", row => row.VolumeCm3Mean, Volume("mean volume")),
        L.Optional("volume_cm3_std", row => row.VolumeCm3Std,
            new("sample standard deviation of the volume (ddof 1)") { Unit = "cm3", NullMeaning = "fewer than 2 cases", Example = "9.1" }),
    ];

    public static readonly IReadOnlyList<Column<DatasetStatisticRow>> Datasets =
    [
        D.Text("dataset", row => row.Dataset, CellDataset),
        D.Text("split", row => row.Split, CellSplit),
        D.Text("metric", row => row.Metric,
            new("`patients`, `scans`, `vertebrae` (also by region), and `spacing_*`, `shape_*` with `_min`, `_median`, `_max`")
                { Example = "spacing_si_mm_median" }),
        D.Optional("value", row => row.Value,
            new("the metric's value; its unit is in the metric's name, else a count") { NullMeaning = "no scan to compute it from", Example = "0.9" }),
    ];

    private static ColumnText Volume(string what) =>
        new($"{what} over the cases, vertebrae at the border included") { Unit = "cm3", NullMeaning = "cases is 0", Example = "33.4" };
}
