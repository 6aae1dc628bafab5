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
    public const int RowsPerBatch = 16_384;

    /// <summary>Writes the table's rows in key order. The stream stays open.</summary>
    public static void Write(TableSchema table, PublishedTables tables, Stream output, SourceAttribution? attribution, int rowsPerBatch = RowsPerBatch) =>
        Write(table, table.Values(tables), output, attribution, rowsPerBatch);

    /// <summary>Rows as they come, of which no more than those of a batch are held.</summary>
    internal static void Write(TableSchema table, IEnumerable<IReadOnlyList<object?>> rows, Stream output, SourceAttribution? attribution,
        int rowsPerBatch = RowsPerBatch)
    {
        Schema schema = new([.. table.Columns.Select(FieldOf)], TableMetadata.Of(table, attribution));
        using ArrowFileWriter writer = new(output, schema, leaveOpen: true);
        writer.WriteStart();
        ArrowColumn[] columns = [];
        int count = 0;
        foreach (IReadOnlyList<object?> row in rows)
        {
            if (count == 0) columns = [.. table.Columns.Select(column => ColumnOf(column.Type))];
            for (int at = 0; at < columns.Length; at++) columns[at].Append(row[at]);
            if (++count == rowsPerBatch) WriteBatch();
        }
        if (count > 0) WriteBatch();
        writer.WriteEnd();

        void WriteBatch()
        {
            using RecordBatch batch = new(schema, columns.Select(column => column.Build()), count);
            writer.WriteRecordBatch(batch);
            count = 0;
        }
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

    private static ArrowColumn ColumnOf(ColumnType type)
    {
        switch (type)
        {
            case ColumnType.Text:
                StringArray.Builder texts = new();
                return new(value => _ = value is null ? texts.AppendNull() : texts.Append((string)value), () => texts.Build());
            case ColumnType.Whole32:
                Int32Array.Builder small = new();
                return new(value => small.Append((int?)value), () => small.Build());
            case ColumnType.Whole64:
                Int64Array.Builder large = new();
                return new(value => large.Append((long?)value), () => large.Build());
            case ColumnType.Real:
                DoubleArray.Builder numbers = new();
                return new(value => numbers.Append((double?)value), () => numbers.Build());
            case ColumnType.Truth:
                BooleanArray.Builder truths = new();
                return new(value => _ = value is null ? truths.AppendNull() : truths.Append((bool)value), () => truths.Build());
            case ColumnType.RealList:
                return Lists<double>(type, (items, item) => ((DoubleArray.Builder)items).Append(item));
            case ColumnType.Whole32List:
                return Lists<int>(type, (items, item) => ((Int32Array.Builder)items).Append(item));
            default:
                throw new InvalidOperationException();
        }
    }

    private static ArrowColumn Lists<T>(ColumnType type, Action<IArrowArrayBuilder, T> append)
    {
        ListArray.Builder lists = new(((ListType)TypeOf(type)).ValueField);
        return new(value =>
        {
            if (value is null) lists.AppendNull();
            else lists.Append();
            foreach (T item in (IReadOnlyList<T>?)value ?? []) append(lists.ValueBuilder, item);
        }, () => lists.Build());
    }

    /// <summary>The values of a column of one batch while they come.</summary>
    private sealed record ArrowColumn(Action<object?> Append, Func<IArrowArray> Build);
}
