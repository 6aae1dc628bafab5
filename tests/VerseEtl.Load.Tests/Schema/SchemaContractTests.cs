using System.Text.Json;
using ParquetSharp;
using VerseEtl.Load.Tables;
using VerseEtl.Load.Tests.Engines;

namespace VerseEtl.Load.Tests.Schema;

/// <summary>
/// schema-v2.txt is what readers were promised. A changed or removed line is a new schema version, with its own file and a changelog entry;
/// lines may be added at the end of a table.
/// </summary>
public sealed class SchemaContractTests
{
    private static readonly string[] Contract =
        [.. File.ReadAllLines(Path.Combine(Repository.Root, "tests", "VerseEtl.Load.Tests", "Schema", $"schema-v{PublishedSchema.Version}.txt")).Skip(1)];

    [Fact]
    public void The_schema_is_the_one_that_readers_were_promised() =>
        Assert.Equal(Contract, PublishedSchema.All.SelectMany(table =>
            table.Columns.Select(column => Line(table.Name, column.Name, column.TypeName, column.Nullable))));

    [Fact]
    public void The_files_have_it_too_as_Arrow_reads_their_footers()
    {
        List<string> found = [];
        foreach (TableSchema table in PublishedSchema.All)
        {
            using MemoryStream stream = new(InventedTable.Named(table.Name).Bytes);
            using ParquetFileReader reader = new(stream);
            SchemaDescriptor schema = reader.FileMetaData.Schema;
            for (int at = 0; at < schema.NumColumns; at++)
            {
                ColumnDescriptor leaf = schema.Column(at);
                // the only level of a required column is 0; lists are optional themselves and have required items
                found.Add(Line(table.Name, leaf.Path.ToDotVector()[0], ArrowEngine.TypeName(leaf), leaf.MaxDefinitionLevel > 0));
                Assert.Equal(leaf.MaxRepetitionLevel == 1 ? 2 : leaf.MaxDefinitionLevel, leaf.MaxDefinitionLevel);
            }
        }
        Assert.Equal(Contract, found);
    }

    [Fact]
    public void Each_footer_says_of_every_column_what_the_documentation_says()
    {
        string[] documentation = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "tables.md"));
        foreach (TableSchema table in PublishedSchema.All)
        {
            using MemoryStream stream = new(InventedTable.Named(table.Name).Bytes);
            using ParquetFileReader reader = new(stream);
            using JsonDocument columns = JsonDocument.Parse(reader.FileMetaData.KeyValueMetadata["columns"]);
            IEnumerable<string> rows = documentation.SkipWhile(line => line != "## " + table.Name)
                .Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal));
            Assert.Equal(rows, columns.RootElement.EnumerateObject().Select(DocumentationLine));
        }
    }

    private static string DocumentationLine(JsonProperty column)
    {
        string Said(string what) => column.Value.TryGetProperty(what, out JsonElement text)
            ? text.GetString()!.Replace("|", "\\|", StringComparison.Ordinal)
            : "";
        string missing = Said("null") is { Length: > 0 } meaning ? meaning : "never null";
        return $"| `{column.Name}` | {Said("type")} | {Said("unit")} | {Said("space")} | {Said("definition")} | {missing} | `{Said("example")}` |";
    }

    private static string Line(string table, string column, string type, bool nullable) =>
        $"{table}\t{column}\t{type}\t{(nullable ? "nullable" : "never null")}";
}
