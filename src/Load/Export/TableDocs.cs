using System.Text;
using System.Text.Json;
using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Export;

/// <summary>The schema for people (docs/tables.md) and for machines (JSON); both say what stands in every file's footer.</summary>
internal static class TableDocs
{
    private const string SinceVersion1 = """
        ## What breaks in queries since version 1

        Snapshots of version 1 stay readable by all commands, with the columns of version 2; their files stay as they are.

        * `scans.kvp` is a number, it was text: `kvp = '120'` becomes `kvp = 120`. What is no voltage is null.
        * `scans.manufacturer` and `scans.manufacturer_model` are null, with a finding, unless made of words known for scanners: free text may name a person.

        """;

    private const string Clinical = """

        ## clinical

        Only where [`source.clinical`](configuration.md#sourceclinical) declares files: one row per scan that one of them has a row for. Key: `scan_key`.
        Its other columns are those declared, with the declared types (`string`, `int32`, `int64`, `double`, `boolean`), all of which may be null: the cell
        is empty or not of its type, or the file has no row for the scan. Names, types and meanings are the user's and no part of the contract above; each
        snapshot has them under `clinical` in its manifest, with the files and their hashes, and in the footer, `columns` and `files`, and `croissant.json`.

        """;

    public static string Markdown()
    {
        StringBuilder text = new();
        text.Append("# The published tables\n\nGenerated from the schema: `verse-etl schema`. Schema version ").Append(PublishedSchema.Version).Append(".\n\n")
            .Append("Names, types and definitions are a contract. A changed name, type, order or definition is a new schema version with a changelog entry;\n")
            .Append("columns may be added at the end of a table without one. "
                + "`tests/VerseEtl.Load.Tests/Schema` holds each version's names, types and nulls as\n")
            .Append("text, and a test refuses any other schema. The same words stand in each file's footer, as JSON under the key `columns`.\n\n")
            .Append("Null means not measured: never NaN, never a magic number. "
                + "Keys are never null, except in `findings`, where a null says that the part does\n")
            .Append("not apply.\n\n")
            .Append("Rows are ordered by their key, its columns in the order given, text by UTF-16 code units; labels from head to tail "
                + "(`anatomical_order`, where T13\n")
            .Append("stands between T12 and L1), not by their number; severities from the worst on; a null comes before any value.\n\n").Append(SinceVersion1);
        foreach (TableSchema table in PublishedSchema.All)
        {
            text.Append("\n## ").Append(table.Name).Append("\n\n").Append(table.Meaning).Append(" Key: ").AppendJoin(", ", table.Key.Select(key => $"`{key}`"))
                .Append(".\n\n| column | type | unit | space | definition | null means | example |\n|---|---|---|---|---|---|---|\n");
            foreach (Column column in table.Columns)
                text.Append("| ").AppendJoin(" | ", new[]
                {
                    $"`{column.Name}`", column.TypeName, column.Text.Unit, column.Text.Space, column.Text.Definition,
                    column.Nullable ? column.Text.NullMeaning : "never null", column.Text.Example is null ? "" : $"`{column.Text.Example}`",
                }.Select(cell => (cell ?? "").Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
        }
        return text.Append(Clinical).ToString();
    }

    public static string Json()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, TableMetadata.Plain with { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("schema", PublishedSchema.Name);
            json.WriteNumber("version", PublishedSchema.Version);
            json.WriteStartArray("tables");
            foreach (TableSchema table in PublishedSchema.All) WriteTable(json, table);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static void WriteTable(Utf8JsonWriter json, TableSchema table)
    {
        json.WriteStartObject();
        json.WriteString("name", table.Name);
        json.WriteString("meaning", table.Meaning);
        json.WriteStartArray("key");
        foreach (string key in table.Key) json.WriteStringValue(key);
        json.WriteEndArray();
        json.WriteStartArray("columns");
        foreach (Column column in table.Columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WriteString("type", column.TypeName);
            json.WriteBoolean("nullable", column.Nullable);
            json.WriteString("unit", column.Text.Unit);
            json.WriteString("space", column.Text.Space);
            json.WriteString("definition", column.Text.Definition);
            json.WriteString("null_means", column.Text.NullMeaning);
            json.WriteString("example", column.Text.Example);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
