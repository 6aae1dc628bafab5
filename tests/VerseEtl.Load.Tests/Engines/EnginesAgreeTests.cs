using System.Globalization;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;
using VerseEtl.Load.Tables;
using Column = VerseEtl.Load.Tables.Column;

namespace VerseEtl.Load.Tests.Engines;

/// <summary>Each published table in each engine: the same columns, rows, types, nulls and sums, and every column filtered on, in four row groups.</summary>
public sealed class EnginesAgreeTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private int _checks;

    public static MatrixTheoryData<string, string> TablesAndEngines => new(PublishedSchema.All.Select(table => table.Name), ["DuckDB", "Arrow C++", "Polars"]);

    public void Dispose() => _temp.Dispose();

    [Theory(Explicit = true)]
    [MemberData(nameof(TablesAndEngines))]
    public void An_engine_reads_a_table_whole_and_through_filters_as_it_was_written(string name, string engineName)
    {
        InventedTable table = InventedTable.Named(name);
        string path = _temp[name + ".parquet"];
        File.WriteAllBytes(path, table.Bytes);
        IReadOnlyList<Column> columns = table.Schema.Columns;
        Predicate[] predicates = [.. columns.SelectMany((column, at) => Predicate.For(column, [.. table.Rows.Select(row => row[at])]))];
        EngineReading reading = Engine(engineName).Read(path, columns, predicates);

        Check(columns.Select(column => column.Name), reading.Names, "names");
        for (int at = 0; at < columns.Count; at++)
        {
            object?[] values = [.. table.Rows.Select(row => row[at])];
            Check(columns[at].TypeName, reading.Types[at], $"type of {columns[at].Name}");
            Check(values.Select(Predicate.Exact), reading.Values[at], $"rows of {columns[at].Name}");
            Check(values.Count(value => value is null), reading.Values[at].Count(value => value is null), $"nulls of {columns[at].Name}");
            if (columns[at].Type is not (ColumnType.Real or ColumnType.Whole32 or ColumnType.Whole64)) continue;
            double[] numbers = [.. values.OfType<object>().Select(value => Convert.ToDouble(value, CultureInfo.InvariantCulture))];
            double tolerance = 1e-13 * numbers.Sum(Math.Abs);
            Check(true, Math.Abs(numbers.Sum() - reading.Sums[at]!.Value) <= tolerance, $"sum of {columns[at].Name}");
        }
        for (int at = 0; at < predicates.Length; at++)
        {
            int column = Enumerable.Range(0, columns.Count).Single(number => columns[number] == predicates[at].Column);
            long expected = table.Rows.Count(row => predicates[at].Holds(row[column]));
            Check(expected, reading.Counts[at], $"{predicates[at].Column.Name} {predicates[at].Condition} {Predicate.Exact(predicates[at].Low)}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{engineName}, {name}: {_checks} checks");
        Assert.Equal(_checks, Documented()[name]);
    }

    [Fact]
    public void The_documented_counts_add_up() =>
        Assert.Equal(PublishedSchema.All.Sum(table => Documented()[table.Name]), Documented()["together"]);

    [Theory]
    [MemberData(nameof(Tables.TableFile.Names), MemberType = typeof(Tables.TableFile))]
    public void The_rows_try_every_column_with_nulls_several_values_and_one_that_occurs_once(string name)
    {
        InventedTable table = InventedTable.Named(name);
        for (int at = 0; at < table.Schema.Columns.Count; at++)
        {
            Column column = table.Schema.Columns[at];
            object?[] values = [.. table.Rows.Select(row => row[at])];
            Assert.Equal(column.Nullable, values.Any(value => value is null));
            Assert.True(values.Select(Predicate.Exact).Distinct().Count() > 1, column.Name);
            if (column.Type is ColumnType.Truth or ColumnType.RealList or ColumnType.Whole32List || column.Name == "severity") continue;
            Assert.Contains(Predicate.For(column, values), predicate => predicate.Condition == Condition.Equal && values.Count(predicate.Holds) == 1);
        }
    }

    [Theory]
    [InlineData("DuckDB")]
    [InlineData("Arrow C++")]
    [InlineData("Polars")]
    public async Task A_footer_whose_statistics_lie_loses_rows_in_a_filtered_read_so_the_checks_above_would_see_one(string engineName)
    {
        Column label = PublishedSchema.Vertebrae.Columns.Single(column => column.Name == "label");
        DataField field = new("label", typeof(int), isNullable: false);
        string path = _temp["lies.parquet"];
        await using (FileStream stream = File.Create(path))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(field),
            stream, cancellationToken: TestContext.Current.CancellationToken))
        {
            foreach (int first in new[] { 10, 20 })
            {
                using ParquetRowGroupWriter group = writer.CreateRowGroup();
                await group.WriteAsync<int>(field, Enumerable.Range(first, 5).ToArray().AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
            }
            Statistics statistics = FooterCorrections.FooterOf(writer).RowGroups[1].Columns[0].MetaData!.Statistics!;
            statistics.MinValue = statistics.MaxValue = statistics.Min = statistics.Max = [0, 0, 0, 0];
        }
        EngineReading reading = Engine(engineName)
            .Read(path, [label], [new(label, Condition.Equal, 11), new(label, Condition.Equal, 21), new(label, Condition.AtLeast, 10)]);
        Assert.Equal([1, 0, 5], reading.Counts);
    }

    /// <summary>Checks per table as docs/interop.md states them, the same for every engine.</summary>
    private static Dictionary<string, int> Documented()
    {
        IEnumerable<string[]> lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "interop.md"))
            .SkipWhile(line => !line.StartsWith("| table |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));
        return lines.ToDictionary(cells => cells[0].Trim('`'), cells => int.Parse(cells.Skip(1).Distinct().Single(), CultureInfo.InvariantCulture));
    }

    private static IEngine Engine(string name) => name switch
    {
        "DuckDB" => new DuckDbEngine(),
        "Arrow C++" => new ArrowEngine(),
        _ => new PolarsEngine(),
    };

    private void Check<T>(T expected, T actual, string what)
    {
        _checks++;
        Assert.True(Equals(expected, actual), $"{what}: expected {expected}, found {actual}");
    }

    private void Check(IEnumerable<string?> expected, IEnumerable<string?> actual, string what)
    {
        _checks++;
        Assert.True(expected.SequenceEqual(actual), $"{what}: expected {string.Join("; ", expected)}, found {string.Join("; ", actual)}");
    }
}
