using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;
using Column = VerseEtl.Load.Tables.Column;

namespace VerseEtl.Load.Export;

/// <summary>
/// A table as an Arrow IPC file (Feather version 2), uncompressed, with the metadata of the Parquet file in its schema. The same rows give the same
/// bytes.
/// </summary>
public static class ArrowExport
{
    public const int RowsPerBatch = 65_536;

    /// <summary>Writes the table's rows in key order. The stream stays open.</summary>
    public static void Write(TableSchema table, PublishedTables tables, Stream output, SourceAttribution? attribution, int rowsPerBatch = RowsPerBatch)
    {
        Schema schema = new([.. table.Columns.Select(FieldOf)], TableMetadata.Of(table, attribution));
        using ArrowFileWriter writer = new(output, schema, leaveOpen: true);
        writer.WriteStart();
        foreach (IReadOnlyList<object?>[] rows in table.Values(tables).Chunk(rowsPerBatch))
        {
            using RecordBatch batch = new(schema, table.Columns.Select((column, at) => ArrayOf(column.Type, rows.Select(row => row[at]))), rows.Length);
            writer.WriteRecordBatch(batch);
        }
        writer.WriteEnd();
    }

    private static Field FieldOf(Column column) => new(column.Name, TypeOf(column.Type), column.Nullable);

    private static IArrowType TypeOf(ColumnType type) => type switch
    {
        ColumnType.Text => StringType.Default,
        ColumnType.Whole32 => Int32Type.Default,
        ColumnType.Whole64 => Int64Type.Default,
        ColumnType.Real => DoubleType.Default,
        ColumnType.Truth => BooleanType.Default,
        ColumnType.RealList => ListOf(DoubleType.Default),
        ColumnType.Whole32List => ListOf(Int32Type.Default),
        _ => throw new InvalidOperationException(),
    };

    private static ListType ListOf(IArrowType item) => new(new Field("item", item, nullable: false));

    private static IArrowArray ArrayOf(ColumnType type, IEnumerable<object?> values) => type switch
    {
        ColumnType.Text =>
            values.Aggregate(new StringArray.Builder(), (array, value) => value is null ? array.AppendNull() : array.Append((string)value)).Build(),
        ColumnType.Whole32 => values.Aggregate(new Int32Array.Builder(), (array, value) => array.Append((int?)value)).Build(),
        ColumnType.Whole64 => values.Aggregate(new Int64Array.Builder(), (array, value) => array.Append((long?)value)).Build(),
        ColumnType.Real => values.Aggregate(new DoubleArray.Builder(), (array, value) => array.Append((double?)value)).Build(),
        ColumnType.Truth =>
            values.Aggregate(new BooleanArray.Builder(), (array, value) => value is null ? array.AppendNull() : array.Append((bool)value)).Build(),
        ColumnType.RealList => Lists<double>(type, values, (items, item) => ((DoubleArray.Builder)items).Append(item)),
        ColumnType.Whole32List => Lists<int>(type, values, (items, item) => ((Int32Array.Builder)items).Append(item)),
        _ => throw new InvalidOperationException(),
    };

    private static ListArray Lists<T>(ColumnType type, IEnumerable<object?> values, Action<IArrowArrayBuilder, T> append)
    {
        ListArray.Builder lists = new(((ListType)TypeOf(type)).ValueField);
        foreach (object? value in values)
        {
            if (value is null) lists.AppendNull();
            else lists.Append();
            foreach (T item in (IReadOnlyList<T>?)value ?? []) append(lists.ValueBuilder, item);
        }
        return lists.Build();
    }
}
