using VerseEtl.Transform.Tables;
using static VerseEtl.Load.Tables.IdentityColumns;
using C = VerseEtl.Load.Tables.Columns<VerseEtl.Transform.Tables.ClinicalRow>;

namespace VerseEtl.Load.Tables;

/// <summary>
/// The table whose columns a user declares. It is no part of the contract that <see cref="PublishedSchema.All"/> is: its schema belongs to a
/// snapshot, stands in the manifest and is made from there.
/// </summary>
public static class ClinicalSchema
{
    public const string Name = "clinical";

    private const string NoValue = "the cell is empty or not of its type, or the file has no row for the scan";

    /// <summary>Names that no declared column may have: key columns of the published tables, and what identifies a scan.</summary>
    public static IReadOnlySet<string> ReservedNames { get; } = PublishedSchema.All.SelectMany(table => table.Key)
        .Concat(["dataset", "split", "subject_id", "scan_id", "series_id", "vertebra", "region", "anatomical_order"]).ToHashSet(StringComparer.Ordinal);

    public static TableSchema<ClinicalRow> Of(ClinicalDeclaration declaration) => new(Name,
        "What files of the user's own say about the scans, as declared in pipelines.yaml: one row per scan that one of them has a row for.",
        ["scan_key"], tables => tables.Clinical?.Rows ?? [], (a, b) => string.CompareOrdinal(a.ScanKey, b.ScanKey),
        [C.Text("scan_key", row => row.ScanKey, ScanKey), .. declaration.Columns.Select(ColumnOf)])
    {
        Declaration = declaration,
        NewRow = () => new ClinicalRow { ScanKey = "", Values = new object?[declaration.Columns.Count] },
    };

    private static Column<ClinicalRow> ColumnOf(ClinicalColumn column, int at)
    {
        ColumnText text = new($"{column.Meaning} (column `{column.Header}` of {column.File})") { Unit = column.Unit, NullMeaning = NoValue };
        return column.Type switch
        {
            ClinicalTypes.Text => new TextColumn<ClinicalRow>(column.Name, true, text, row => (string?)row.Values[at], (row, value) => Put(row, at, value)),
            ClinicalTypes.Whole32 => Number<int>(column.Name, text, at),
            ClinicalTypes.Whole64 => Number<long>(column.Name, text, at),
            ClinicalTypes.Real => Number<double>(column.Name, text, at),
            ClinicalTypes.Truth => Number<bool>(column.Name, text, at),
            _ => throw new InvalidDataException($"{column.Name} has the unknown type {column.Type}."),
        };
    }

    private static NullableNumberColumn<ClinicalRow, T> Number<T>(string name, ColumnText text, int at) where T : struct =>
        new(name, text, row => (T?)row.Values[at], (row, value) => Put(row, at, value));

    // only rows that a reader made are filled
    private static void Put(ClinicalRow row, int at, object? value) => ((object?[])row.Values)[at] = value;
}
