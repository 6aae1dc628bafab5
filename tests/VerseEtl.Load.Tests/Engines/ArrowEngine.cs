using ParquetSharp;
using VerseEtl.Load.Tables;
using Column = VerseEtl.Load.Tables.Column;

namespace VerseEtl.Load.Tests.Engines;

/// <summary>
/// Arrow C++, what pyarrow and pandas read with, through ParquetSharp. It has no filtered read of its own: row groups are skipped here by the
/// statistics that Arrow hands out, as its dataset reader does.
/// </summary>
internal sealed class ArrowEngine : IEngine
{
    public string Name => "Arrow C++";

    public EngineReading Read(string path, IReadOnlyList<Column> columns, IReadOnlyList<Predicate> predicates)
    {
        using ParquetFileReader reader = new(path);
        SchemaDescriptor schema = reader.FileMetaData.Schema;
        List<object?>[][] groups = [.. Enumerable.Range(0, reader.FileMetaData.NumRowGroups).Select(group => Group(reader, group, columns))];
        object?[][] values = [.. columns.Select((_, at) => groups.SelectMany(group => group[at]).ToArray())];
        long[] counts = new long[predicates.Count];
        for (int group = 0; group < groups.Length; group++)
        {
            using RowGroupReader chunks = reader.RowGroup(group);
            for (int at = 0; at < counts.Length; at++)
            {
                int column = Enumerable.Range(0, columns.Count).Single(number => columns[number] == predicates[at].Column);
                if (MayHold(chunks, column, predicates[at])) counts[at] += groups[group][column].Count(predicates[at].Holds);
            }
        }
        return new EngineReading(
            [.. Enumerable.Range(0, columns.Count).Select(at => schema.Column(at).Path.ToDotVector()[0])],
            [.. Enumerable.Range(0, columns.Count).Select(at => TypeName(schema.Column(at)))],
            [.. values.Select(column => column.Select(Predicate.Exact).ToArray())],
            [.. values.Select((column, at) => Sum(columns[at], column))],
            counts);
    }

    private static List<object?>[] Group(ParquetFileReader reader, int group, IReadOnlyList<Column> columns)
    {
        using RowGroupReader rows = reader.RowGroup(group);
        int count = checked((int)rows.MetaData.NumRows);
        List<object?>[] values = new List<object?>[columns.Count];
        for (int at = 0; at < values.Length; at++)
        {
            using LogicalColumnReader column = rows.Column(at).LogicalReader();
            values[at] = column.Apply(new Boxed(count));
        }
        return values;
    }

    private static bool MayHold(RowGroupReader group, int column, Predicate predicate)
    {
        using ColumnChunkMetaData metadata = group.MetaData.GetColumnChunkMetaData(column);
        using Statistics? statistics = metadata.Statistics;
        if (statistics is null) return true;
        if (predicate.Column.Type is not (ColumnType.RealList or ColumnType.Whole32List))
        {
            bool wantsNull = predicate.Condition == Condition.IsNull || predicate is { Condition: Condition.Same, Low: null };
            if (wantsNull && statistics.NullCount == 0) return false;
            if (!wantsNull && statistics.NullCount == group.MetaData.NumRows) return false;
        }
        return !statistics.HasMinMax || predicate.MayHold(Bound(statistics.MinUntyped), Bound(statistics.MaxUntyped));
    }

    private static object Bound(object bound)
    {
        if (bound is not ByteArray bytes) return bound;
        byte[] copy = new byte[bytes.Length];
        System.Runtime.InteropServices.Marshal.Copy(bytes.Pointer, copy, 0, copy.Length);
        return System.Text.Encoding.UTF8.GetString(copy);
    }

    private static double? Sum(Column column, object?[] values) => column.Type is ColumnType.Whole32 or ColumnType.Whole64 or ColumnType.Real
        ? values.Sum(value => Convert.ToDouble(value ?? 0, System.Globalization.CultureInfo.InvariantCulture))
        : null;

    /// <summary>By physical and logical type as the footer has them.</summary>
    public static string TypeName(ColumnDescriptor column)
    {
        string list = column.MaxRepetitionLevel > 0 ? "list of " : "";
        using LogicalType logical = column.LogicalType;
        return list + (column.PhysicalType, logical) switch
        {
            (PhysicalType.ByteArray, StringLogicalType) => "string",
            (PhysicalType.Int32, NoneLogicalType or IntLogicalType { BitWidth: 32, IsSigned: true }) => "int32",
            (PhysicalType.Int64, NoneLogicalType or IntLogicalType { BitWidth: 64, IsSigned: true }) => "int64",
            (PhysicalType.Double, NoneLogicalType) => "double",
            (PhysicalType.Boolean, NoneLogicalType) => "boolean",
            _ => $"{column.PhysicalType} {logical}",
        };
    }

    private sealed class Boxed(int count) : ILogicalColumnReaderVisitor<List<object?>>
    {
        public List<object?> OnLogicalColumnReader<TValue>(LogicalColumnReader<TValue> columnReader) => [.. columnReader.ReadAll(count).Cast<object?>()];
    }
}
