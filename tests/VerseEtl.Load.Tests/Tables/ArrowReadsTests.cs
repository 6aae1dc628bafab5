using System.Collections;
using ParquetSharp;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;
using Column = VerseEtl.Load.Tables.Column;

namespace VerseEtl.Load.Tests.Tables;

/// <summary>Arrow C++ (what pyarrow and pandas read with) through ParquetSharp.</summary>
public sealed class ArrowReadsTests : IDisposable
{
    private static readonly PublishedTables Tables = SampleTables.Of(11);
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [MemberData(nameof(TableFile.Names), MemberType = typeof(TableFile))]
    public void Arrow_sees_the_same_rows_and_nulls(string name)
    {
        TableSchema table = TableFile.Named(name);
        string path = TableFile.Write(_temp, table, Tables, rowsPerGroup: 3);
        using ParquetFileReader reader = new(path);
        Assert.True(reader.FileMetaData.NumRowGroups > 1 || table.CountRows(Tables) <= 3);
        List<object?>[] columns = [.. table.Columns.Select(_ => new List<object?>())];
        for (int group = 0; group < reader.FileMetaData.NumRowGroups; group++)
        {
            using RowGroupReader rows = reader.RowGroup(group);
            int count = (int)rows.MetaData.NumRows;
            for (int at = 0; at < columns.Length; at++)
            {
                using LogicalColumnReader column = rows.Column(at).LogicalReader();
                columns[at].AddRange(Read(column, table.Columns[at], count));
            }
        }

        IReadOnlyList<object?>[] expected = [.. table.Values(Tables)];
        for (int at = 0; at < columns.Length; at++)
            Assert.Equal(expected.Select(row => Plain(row[at])), columns[at].Select(Plain));
    }

    [Theory]
    [MemberData(nameof(TableFile.Names), MemberType = typeof(TableFile))]
    public void Statistics_that_Arrow_prunes_by_enclose_every_value_of_their_row_group(string name)
    {
        TableSchema table = TableFile.Named(name);
        const int RowsPerGroup = 2;
        string path = TableFile.Write(_temp, table, Tables, RowsPerGroup);
        IReadOnlyList<object?>[] rows = [.. table.Values(Tables)];
        using ParquetFileReader reader = new(path);
        int withBounds = 0;
        for (int group = 0; group < reader.FileMetaData.NumRowGroups; group++)
        {
            using RowGroupReader chunk = reader.RowGroup(group);
            for (int at = 0; at < table.Columns.Count; at++)
            {
                if (table.Columns[at].Type is ColumnType.RealList or ColumnType.Whole32List) continue;
                using ColumnChunkMetaData metadata = chunk.MetaData.GetColumnChunkMetaData(at);
                using Statistics? statistics = metadata.Statistics;
                object[] values = [.. rows.Skip(group * RowsPerGroup).Take(RowsPerGroup).Select(row => row[at]).OfType<object>()];
                // of zeros alone the minimum is left out, and Arrow then keeps all rows
                if (values.All(value => value is 0.0))
                {
                    Assert.False(statistics?.HasMinMax ?? false);
                    continue;
                }
                Assert.NotNull(statistics);
                Assert.True(statistics.HasMinMax, table.Columns[at].Name);
                withBounds++;
                (object min, object max) = (Value(statistics.MinUntyped), Value(statistics.MaxUntyped));
                Assert.All(values, value =>
                    Assert.True(Compare(min, value) <= 0 && Compare(value, max) <= 0, $"{table.Columns[at].Name}: {value} outside {min} to {max}"));
            }
        }
        Assert.True(withBounds > 0);
    }

    private static IEnumerable<object?> Read(LogicalColumnReader reader, Column column, int count) => (column.Type, column.Nullable) switch
    {
        (ColumnType.Text, _) => Values<string?>(reader, count),
        (ColumnType.Truth, false) => Values<bool>(reader, count),
        (ColumnType.Whole32, false) => Values<int>(reader, count),
        (ColumnType.Whole64, false) => Values<long>(reader, count),
        (ColumnType.Real, false) => Values<double>(reader, count),
        (ColumnType.Whole32, true) => Values<int?>(reader, count),
        (ColumnType.Whole64, true) => Values<long?>(reader, count),
        (ColumnType.Real, true) => Values<double?>(reader, count),
        (ColumnType.RealList, _) => Values<double[]?>(reader, count),
        (ColumnType.Whole32List, _) => Values<int[]?>(reader, count),
        _ => throw new InvalidOperationException($"{column.Name} has an unexpected type."),
    };

    private static IEnumerable<object?> Values<T>(LogicalColumnReader reader, int count) => ((LogicalColumnReader<T>)reader).ReadAll(count).Cast<object?>();

    private static object? Plain(object? value) => value is IEnumerable list and not string ? string.Join(",", list.Cast<object>()) : value;

    private static object Value(object raw) => raw is ByteArray bytes ? LogicalRead.ToString(bytes) : raw;

    private static int Compare(object a, object b) => a is string text ? string.CompareOrdinal(text, (string)b) : Comparer.DefaultInvariant.Compare(a, b);

    private static class LogicalRead
    {
        public static string ToString(ByteArray bytes)
        {
            byte[] copy = new byte[bytes.Length];
            System.Runtime.InteropServices.Marshal.Copy(bytes.Pointer, copy, 0, copy.Length);
            return System.Text.Encoding.UTF8.GetString(copy);
        }
    }
}
