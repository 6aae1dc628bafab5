using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tables;

/// <summary>
/// The eight published tables. A changed name, type, order or definition is a new <see cref="Version"/> with a changelog entry;
/// columns may be added at the end.
/// </summary>
public static class PublishedSchema
{
    public const string Name = "verse-etl";
    public const int Version = 2;

    public static TableSchema<VertebraRow> Vertebrae { get; } = new("vertebrae", "One row per scan and label present in its mask.",
        ["scan_key", "label"], tables => tables.Vertebrae,
        (a, b) => Compare(string.CompareOrdinal(a.ScanKey, b.ScanKey), a.AnatomicalOrder.CompareTo(b.AnatomicalOrder)), VertebraColumns.All);

    public static TableSchema<ScanRow> Scans { get; } = new("scans",
        "One row per scan found. Geometry describes the mask, by its header where its voxels cannot be read; "
            + "a scan without a readable mask has status `failed`.",
        ["scan_key"], tables => tables.Scans, (a, b) => string.CompareOrdinal(a.ScanKey, b.ScanKey), ScanColumns.All);

    public static TableSchema<PairRow> Pairs { get; } = new("pairs",
        "One row per vertebra and the next one below it that the mask holds; measures are null where a level is missing between.",
        ["scan_key", "upper_label"], tables => tables.Pairs,
        (a, b) => Compare(string.CompareOrdinal(a.ScanKey, b.ScanKey), a.UpperOrder.CompareTo(b.UpperOrder)), SpineColumns.Pairs);

    public static TableSchema<SpineRow> Spines { get; } = new("spines",
        "One row per scan with a readable mask: which levels it shows and how they lie. Angles are those of somebody lying down.",
        ["scan_key"], tables => tables.Spines, (a, b) => string.CompareOrdinal(a.ScanKey, b.ScanKey), SpineColumns.Spines);

    public static TableSchema<LabelStatisticRow> LabelStatistics { get; } = new("label_statistics",
        "The published label table, recomputed: one row per dataset, split and label 1 to 28. Each distinct scan counts once per cell; never sum across cells.",
        ["dataset", "split", "label"], tables => tables.LabelStatistics,
        (a, b) => Compare(string.CompareOrdinal(a.Dataset, b.Dataset), string.CompareOrdinal(a.Split, b.Split), a.AnatomicalOrder.CompareTo(b.AnatomicalOrder)),
        StatisticColumns.Labels);

    public static TableSchema<DatasetStatisticRow> DatasetStatistics { get; } = new("dataset_statistics",
        "The dataset card's other tables, recomputed: one row per dataset, split and metric.",
        ["dataset", "split", "metric"], tables => tables.DatasetStatistics,
        (a, b) => Compare(string.CompareOrdinal(a.Dataset, b.Dataset), string.CompareOrdinal(a.Split, b.Split), string.CompareOrdinal(a.Metric, b.Metric)),
        StatisticColumns.Datasets);

    public static TableSchema<Finding> Findings { get; } = new("findings",
        "Everything the pipeline noticed, data problems and audit differences alike.",
        ["code", "scan_key", "path", "label", "field", "severity", "message"], tables => tables.Findings, Finding.CompareByKey, FindingColumns.All);

    public static TableSchema<AuditRow> Audit { get; } = new("audit", "Published numbers beside recomputed ones.",
        ["table", "dataset", "split", "item", "field"], tables => tables.Audit,
        (a, b) => Compare(string.CompareOrdinal(a.Table, b.Table), string.CompareOrdinal(a.Dataset, b.Dataset), string.CompareOrdinal(a.Split, b.Split),
            string.CompareOrdinal(a.Item, b.Item), string.CompareOrdinal(a.Field, b.Field)), AuditColumns.All);

    public static IReadOnlyList<TableSchema> All { get; } = [Vertebrae, Scans, Pairs, Spines, LabelStatistics, DatasetStatistics, Findings, Audit];

    /// <summary>The tables of a snapshot: those of the contract, and the one with declared columns if there is one.</summary>
    public static IReadOnlyList<TableSchema> Of(ClinicalDeclaration? clinical) => clinical is null ? All : [.. All, ClinicalSchema.Of(clinical)];

    private static int Compare(params ReadOnlySpan<int> orders)
    {
        foreach (int order in orders)
            if (order != 0)
                return order;
        return 0;
    }
}
