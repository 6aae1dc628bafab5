using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Tests.Engines;

/// <summary>
/// A table of invented rows in four row groups whose columns hold what engines disagree about: a row group without values, one of zeros of both
/// signs alone, whole numbers beyond 2^53, empty, long and non-Latin text, texts whose order differs between UTF-8 and UTF-16, and values that occur once.
/// </summary>
internal sealed class InventedTable
{
    public const int RowsPerGroup = 15;
    public const int Groups = 4;

    private static readonly string[] Words =
        ["", " ", "a", "A", "Z", "it's", "say \"hi\"", "two\nlines", "\u00e9", "\u4e2d", "-1", "null", "NaN", "%", new string('x', 300)];

    private InventedTable(TableSchema schema, object?[][] rows, byte[] bytes) => (Schema, Rows, Bytes) = (schema, rows, bytes);

    public TableSchema Schema { get; }

    /// <summary>Values row by row, in file order.</summary>
    public IReadOnlyList<object?[]> Rows { get; }

    public byte[] Bytes { get; }

    public static InventedTable Named(string name) => name switch
    {
        "vertebrae" => Of(PublishedSchema.Vertebrae),
        "scans" => Of(PublishedSchema.Scans),
        "pairs" => Of(PublishedSchema.Pairs),
        "spines" => Of(PublishedSchema.Spines),
        "label_statistics" => Of(PublishedSchema.LabelStatistics),
        "dataset_statistics" => Of(PublishedSchema.DatasetStatistics),
        "findings" => Of(PublishedSchema.Findings),
        "audit" => Of(PublishedSchema.Audit),
        _ => throw new ArgumentException($"No table {name}.", nameof(name)),
    };

    private static InventedTable Of<TRow>(TableSchema<TRow> schema) where TRow : class
    {
        TRow[] rows = new TRow[RowsPerGroup * Groups];
        for (int at = 0; at < rows.Length; at++) rows[at] = (TRow)RuntimeHelpers.GetUninitializedObject(typeof(TRow));
        for (int column = 0; column < schema.Columns.Count; column++)
        {
            PropertyInfo property = Property(typeof(TRow), schema.Columns[column].Name);
            Random random = new(1000 + column);
            for (int at = 0; at < rows.Length; at++) property.SetValue(rows[at], Value(schema.Columns[column], property.PropertyType, column, at, random));
        }
        using MemoryStream stream = new();
        new TableWriter(SourceAttribution.Verse, RowsPerGroup).WriteAsync(schema, rows.AsMemory(), stream, CancellationToken.None).GetAwaiter().GetResult();
        return new InventedTable(schema, [.. rows.Select(row => schema.TypedColumns.Select(column => column.Value(row)).ToArray())], stream.ToArray());
    }

    private static object? Value(Column column, Type type, int number, int at, Random random)
    {
        int roll = random.Next(100);
        if (column.Nullable && (at / RowsPerGroup == number % Groups || roll < 25)) return null;
        bool zeros = at / RowsPerGroup == (number + 1) % Groups;
        if (type.IsEnum) return Enum.GetValues(type).GetValue(at % 7 == 0 ? 2 : at % 2);
        return column.Type switch
        {
            ColumnType.Text => roll < 50 ? Words[random.Next(Words.Length)] : roll < 56 ? "\ud83d\ude00" : roll < 62 ? "\uffee" : $"{column.Name} {at}",
            ColumnType.Truth => random.Next(2) == 0 && !zeros,
            ColumnType.Whole32 => roll < 40 ? random.Next(5) : roll < 45 ? int.MinValue : roll < 50 ? int.MaxValue : random.Next(-1_000_000, 1_000_000),
            ColumnType.Whole64 => roll < 40 ? random.Next(5) : (1L << 54) + 2 * at + 1,
            ColumnType.Real when zeros => roll < 60 ? 0.0 : -0.0,
            ColumnType.Real => roll < 10 ? 0.0 : roll < 20 ? -0.0 : roll < 25 ? double.Epsilon : roll < 30 ? 0.1 : random.NextDouble() * 1000 - 400,
            ColumnType.RealList => Enumerable.Range(0, random.Next(4)).Select(_ => random.NextDouble() - 0.5).ToArray(),
            ColumnType.Whole32List => Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(29)).ToArray(),
            _ => throw new InvalidOperationException(),
        };
    }

    private static PropertyInfo Property(Type row, string column)
    {
        StringBuilder name = new();
        foreach (string part in column.Split('_')) name.Append(char.ToUpperInvariant(part[0])).Append(part.AsSpan(1));
        return row.GetProperty(name.ToString()) ?? throw new MissingMemberException(row.Name, name.ToString());
    }
}
