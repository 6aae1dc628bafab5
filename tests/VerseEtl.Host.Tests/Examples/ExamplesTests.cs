using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using VerseEtl.Load.Tables;

namespace VerseEtl.Host.Tests.Examples;

/// <summary>The examples on published sample tables; answers are computed again from the rows. What cannot be run here is held against the schema.</summary>
public sealed partial class ExamplesTests(TwoSnapshots snapshots) : IClassFixture<TwoSnapshots>
{
    private static readonly string Folder = Path.Join(Repository.Root, "examples");

    public static TheoryData<string> PythonFiles => [.. Directory.GetFiles(Folder, "*.py").Select(path => Path.GetFileName(path)!)];

    [Fact]
    public void Volumes_per_level_are_medians_of_distinct_scans_beside_the_published_ones()
    {
        HashSet<string> distinct = [.. snapshots.Scans.Where(scan => scan.DuplicateOf is null).Select(scan => scan.ScanKey)];
        Assert.NotEqual(snapshots.Scans.Count, distinct.Count);
        var expected = snapshots.Vertebrae.Where(row => distinct.Contains(row.ScanKey))
            .GroupBy(row => (row.AnatomicalOrder, row.Vertebra)).OrderBy(level => level.Key.AnatomicalOrder)
            .Select(level => (level.Key.Vertebra, (long)level.Count(), Math.Round(Median(level.Select(row => row.VolumeCm3)), 2)));
        List<object?[]> rows = Duck("volumes_per_level.sql");
        Assert.Equal(expected, rows.Select(row => ((string)row[0]!, (long)row[1]!, (double)row[2]!)));
        Assert.Equal(14.24, rows.Single(row => (string)row[0]! == "C1")[3]);
    }

    [Fact]
    public void Density_of_L1_is_averaged_by_the_scanners_maker()
    {
        var expected = from row in snapshots.Vertebrae
                       join scan in snapshots.Scans on row.ScanKey equals scan.ScanKey
                       where row.Vertebra == "L1" && row.TrabecularHuMean is not null && row.BodyBallFraction == 1
                           && row.TrabecularVolumeMm3 > 0.15 * row.VolumeMm3 && !row.TouchesBorder && scan.DuplicateOf is null
                       group row.TrabecularHuMean!.Value by scan.Manufacturer ?? "(not said)" into maker
                       orderby maker.Count() descending, maker.Key
                       select (maker.Key, (long)maker.Count(), Math.Round(maker.Average(), 1));
        List<object?[]> rows = Duck("hu_at_l1_by_manufacturer.sql");
        Assert.Equal(expected, rows.Select(row => ((string)row[0]!, (long)row[1]!, (double)row[2]!)));
        Assert.True(rows.Count > 1);
    }

    [Fact]
    public void Between_the_snapshots_went_the_vertebrae_of_the_scan_that_was_taken_away()
    {
        List<object?[]> rows = Duck("between_snapshots.sql");
        Assert.NotEmpty(rows);
        Assert.Equal(snapshots.Older.Where(row => row.SubjectId == "verse910").Select(row => (row.ScanKey, row.Label, "went")),
            rows.Select(row => ((string)row[0]!, (int)row[1]!, (string)row[4]!)));
    }

    [Fact]
    public void Suspicious_scans_are_those_without_CT_with_an_island_and_with_an_annotation_that_is_no_number()
    {
        string[] lines = NodePackage.Polars.Run(Path.Join(Folder, "suspicious_scans.mjs"), [snapshots.Warehouse])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [
                "verse19/training/sub-verse903: TREE_NO_CT", "verse19/validation/sub-verse911: LBL_EXTENT",
                "verse20/training/sub-verse951_dir-sag: CTD_NAN, CTD_RANGE",
            ],
            lines);
    }

    [Theory]
    [MemberData(nameof(PythonFiles))]
    public void A_Python_example_asks_for_columns_that_are_there_and_says_that_it_was_not_run(string file)
    {
        string text = File.ReadAllText(Path.Join(Folder, file));
        Assert.Contains("Not run by the tests", text, StringComparison.Ordinal);
        MatchCollection lists = ColumnList().Matches(text);
        Assert.NotEmpty(lists);
        foreach (Match list in lists)
        {
            HashSet<string> columns = [.. PublishedSchema.All.Single(table =>
                table.Name.Equals(list.Groups["table"].Value, StringComparison.OrdinalIgnoreCase)).Columns.Select(column => column.Name)];
            Assert.All(Quoted().Matches(list.Groups["columns"].Value), column => Assert.Contains(column.Groups[1].Value, columns));
        }
    }

    [Fact]
    public void The_list_of_examples_names_every_file()
    {
        string readme = File.ReadAllText(Path.Join(Folder, "README.md"));
        Assert.All(Directory.GetFiles(Folder).Select(Path.GetFileName).Where(name => name != "README.md"), name =>
            Assert.Contains($"]({name})", readme, StringComparison.Ordinal));
    }

    private List<object?[]> Duck(string example)
    {
        using DuckDBConnection duck = new("DataSource=:memory:");
        duck.Open();
        using DuckDBCommand command = duck.CreateCommand();
        command.CommandText = File.ReadAllText(Path.Join(Folder, example))
            .Replace("'warehouse/", $"'{snapshots.Warehouse}/", StringComparison.Ordinal)
            .Replace("'src/", $"'{Repository.Root}/src/", StringComparison.Ordinal);
        using DuckDBDataReader reader = command.ExecuteReader();
        List<object?[]> rows = [];
        while (reader.Read()) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(at => reader.IsDBNull(at) ? null : reader.GetValue(at))]);
        return rows;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    [GeneratedRegex("^(?<table>VERTEBRAE|SCANS|FINDINGS) = \\[(?<columns>[^\\]]*)\\]", RegexOptions.Multiline)]
    private static partial Regex ColumnList();

    [GeneratedRegex("\"([a-z0-9_]+)\"")]
    private static partial Regex Quoted();
}
