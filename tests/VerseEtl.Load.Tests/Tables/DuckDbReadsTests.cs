using System.Collections;
using System.Globalization;
using DuckDB.NET.Data;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Tables;

/// <summary>DuckDB prunes row groups by their statistics: every column is filtered on, in files of many row groups.</summary>
public sealed class DuckDbReadsTests : IDisposable
{
    private static readonly PublishedTables Tables = SampleTables.Of(11);
    private readonly TempFolder _temp = new();
    private readonly DuckDBConnection _duck = new("DataSource=:memory:");

    public DuckDbReadsTests() => _duck.Open();

    public void Dispose()
    {
        _duck.Dispose();
        _temp.Dispose();
    }

    [Theory]
    [MemberData(nameof(TableFile.Names), MemberType = typeof(TableFile))]
    public void DuckDB_sees_the_same_names_types_rows_and_nulls(string name)
    {
        TableSchema table = TableFile.Named(name);
        string path = TableFile.Write(_temp, table, Tables, rowsPerGroup: 3);
        using DuckDBCommand command = _duck.CreateCommand();
        command.CommandText = $"SELECT * FROM '{path}'";
        using DuckDBDataReader reader = command.ExecuteReader();
        Assert.Equal(table.Columns.Select(column => column.Name), Enumerable.Range(0, reader.FieldCount).Select(reader.GetName));
        foreach (IReadOnlyList<object?> row in table.Values(Tables))
        {
            Assert.True(reader.Read());
            for (int column = 0; column < row.Count; column++)
            {
                object? found = reader.IsDBNull(column) ? null : reader.GetValue(column);
                if (row[column] is IEnumerable expected and not string) Assert.Equal(expected.Cast<object>(), ((IEnumerable)found!).Cast<object>());
                else Assert.Equal(row[column], found);
            }
        }
        Assert.False(reader.Read());
    }

    [Theory]
    [MemberData(nameof(TableFile.Names), MemberType = typeof(TableFile))]
    public void A_filter_on_any_column_finds_in_many_row_groups_what_is_there(string name)
    {
        TableSchema table = TableFile.Named(name);
        string path = TableFile.Write(_temp, table, Tables, rowsPerGroup: 2);
        IReadOnlyList<object?>[] rows = [.. table.Values(Tables)];
        for (int at = 0; at < table.Columns.Count; at++)
        {
            Column column = table.Columns[at];
            object?[] values = [.. rows.Select(row => row[at])];
            Assert.Equal(values.Count(value => value is null), Count(path, $"\"{column.Name}\" IS NULL"));
            Assert.Equal(values.Count(value => value is not null), Count(path, $"\"{column.Name}\" IS NOT NULL"));
            if (column.Type is ColumnType.RealList or ColumnType.Whole32List) continue;
            object[] distinct = [.. values.OfType<object>().Distinct().Order(Comparer<object>.Create(Compare))];
            foreach (object value in distinct.Take(2).Concat(distinct.Skip(distinct.Length / 2).Take(1)).Concat(distinct.TakeLast(1)).Distinct())
            {
                string literal = Literal(value);
                Assert.Equal(values.Count(value.Equals), Count(path, $"\"{column.Name}\" = {literal}"));
                if (value is bool) continue;
                Assert.Equal(values.Count(other => other is not null && Compare(other, value) >= 0), Count(path, $"\"{column.Name}\" >= {literal}"));
                Assert.Equal(values.Count(other => other is not null && Compare(other, value) < 0), Count(path, $"\"{column.Name}\" < {literal}"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(TableFile.Names), MemberType = typeof(TableFile))]
    public void Sums_of_numeric_columns_agree(string name)
    {
        TableSchema table = TableFile.Named(name);
        string path = TableFile.Write(_temp, table, Tables, rowsPerGroup: 3);
        IReadOnlyList<object?>[] rows = [.. table.Values(Tables)];
        for (int at = 0; at < table.Columns.Count; at++)
        {
            if (table.Columns[at].Type is not (ColumnType.Real or ColumnType.Whole32 or ColumnType.Whole64)) continue;
            double sum = rows.Sum(row => Convert.ToDouble(row[at] ?? 0, CultureInfo.InvariantCulture));
            Assert.Equal(sum, Convert.ToDouble(Scalar($"SELECT coalesce(sum(\"{table.Columns[at].Name}\"), 0)::DOUBLE FROM '{path}'"),
                CultureInfo.InvariantCulture), 1e-9 * Math.Abs(sum) + 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(TableFile.Names), MemberType = typeof(TableFile))]
    public void A_table_without_rows_is_read_with_its_columns(string name)
    {
        TableSchema table = TableFile.Named(name);
        string path = TableFile.Write(_temp, table, SampleTables.Empty);
        Assert.Equal(0L, Scalar($"SELECT count(*) FROM '{path}'"));
        Assert.Equal((long)table.Columns.Count, Scalar($"SELECT count(*) FROM (DESCRIBE SELECT * FROM '{path}')"));
    }

    [Fact]
    public void The_footer_says_schema_licence_and_what_each_column_means()
    {
        string path = TableFile.Write(_temp, PublishedSchema.Vertebrae, Tables);
        string Metadata(string key) => (string)Scalar($"SELECT decode(value) FROM parquet_kv_metadata('{path}') WHERE decode(key) = '{key}'");
        Assert.Equal("2", Metadata("schema_version"));
        Assert.Equal("CC BY-SA 4.0", Metadata("license"));
        Assert.Contains("102166", Metadata("citations"), StringComparison.Ordinal);
        Assert.Contains("e190138", Metadata("citations"), StringComparison.Ordinal);
        Assert.Contains("2103.06360", Metadata("citations"), StringComparison.Ordinal);
        Assert.Equal("mm3", Scalar($"SELECT json_extract_string('{Metadata("columns").Replace("'", "''", StringComparison.Ordinal)}', '$.volume_mm3.unit')"));
        Assert.Equal(0L, Scalar($"SELECT count(*) FROM parquet_metadata('{path}') WHERE compression <> 'ZSTD'"));
    }

    [Fact]
    public void Text_beyond_the_basic_plane_is_found_although_its_order_differs_between_encodings()
    {
        // in UTF-16 the first sorts before the second, in UTF-8 after it
        string[] notes = ["\ud83d\ude00", "\uffee", "z"];
        PublishedTables tables = SampleTables.Empty with
        {
            Audit = [.. notes.Select((note, at) =>
                new AuditRow { Table = "t", Dataset = "d", Split = "s", Item = $"{at}", Field = "f", Verdict = "v", Note = note })],
        };
        string path = TableFile.Write(_temp, PublishedSchema.Audit, tables);
        foreach (string note in notes) Assert.Equal(1, Count(path, $"note = '{note}'"));
        Assert.Equal(2, Count(path, "note >= '\uffee'"));
    }

    private int Count(string path, string predicate) => (int)(long)Scalar($"SELECT count(*) FROM '{path}' WHERE {predicate}");

    private object Scalar(string sql)
    {
        using DuckDBCommand command = _duck.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!;
    }

    private static int Compare(object a, object b) => a is string text ? string.CompareOrdinal(text, (string)b) : Comparer.DefaultInvariant.Compare(a, b);

    private static string Literal(object value) => value switch
    {
        string text => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'",
        double number => $"'{number.ToString("R", CultureInfo.InvariantCulture)}'::DOUBLE",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
