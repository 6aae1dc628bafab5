using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tables;

/// <summary>Key-value metadata of a table's file. Holds no sequence and no time: the same rows give the same bytes.</summary>
internal static class TableMetadata
{
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Dictionary<string, string> Of(TableSchema table, SourceAttribution? attribution)
    {
        Dictionary<string, string> metadata = new()
        {
            ["schema"] = PublishedSchema.Name,
            ["schema_version"] = PublishedSchema.Version.ToString(CultureInfo.InvariantCulture),
            ["table"] = table.Name,
            ["key"] = string.Join(", ", table.Key),
            ["columns"] = ColumnsJson(table),
        };
        if (table.Columns.Any(column => PandasType(column) is not null)) metadata["pandas"] = PandasJson(table);
        if (table.Declaration is ClinicalDeclaration declaration)
        {
            // whoever made the scans has no part in it
            metadata["files"] = FilesJson(declaration);
            return metadata;
        }
        if (attribution is null) return metadata;
        metadata["license"] = attribution.Licence;
        metadata["license_url"] = attribution.LicenceUrl;
        metadata["source"] = attribution.Source;
        metadata["attribution"] = attribution.Title;
        metadata["citations"] = string.Join("\n", attribution.Citations);
        metadata["changes"] = SourceAttribution.Changes + " " + SourceAttribution.NoEndorsement;
        return metadata;
    }

    private static string FilesJson(ClinicalDeclaration declaration)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Plain))
        {
            json.WriteStartObject();
            foreach (ClinicalSource source in declaration.Files) json.WriteString(source.File, source.Sha256);
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>
    /// What makes pandas read nullable integers and truth values as such, whether a null occurs or not; the other types need no word.
    /// https://pandas.pydata.org/docs/development/developer.html
    /// </summary>
    private static string PandasJson(TableSchema table)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Plain))
        {
            json.WriteStartObject();
            json.WriteStartArray("index_columns");
            json.WriteEndArray();
            json.WriteStartArray("columns");
            foreach (Column column in table.Columns)
            {
                if (PandasType(column) is not (string pandas, string numpy)) continue;
                json.WriteStartObject();
                json.WriteString("name", column.Name);
                json.WriteString("field_name", column.Name);
                json.WriteString("pandas_type", pandas);
                json.WriteString("numpy_type", numpy);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static (string Pandas, string Numpy)? PandasType(Column column) => !column.Nullable ? null : column.Type switch
    {
        ColumnType.Whole32 => ("int32", "Int32"),
        ColumnType.Whole64 => ("int64", "Int64"),
        ColumnType.Truth => ("bool", "boolean"),
        _ => null,
    };

    private static string ColumnsJson(TableSchema table)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Plain))
        {
            json.WriteStartObject();
            foreach (Column column in table.Columns)
            {
                json.WriteStartObject(column.Name);
                json.WriteString("type", column.TypeName);
                if (column.Text.Unit is not null) json.WriteString("unit", column.Text.Unit);
                if (column.Text.Space is not null) json.WriteString("space", column.Text.Space);
                json.WriteString("definition", column.Text.Definition);
                if (column.Text.NullMeaning is not null) json.WriteString("null", column.Text.NullMeaning);
                if (column.Text.Example is not null) json.WriteString("example", column.Text.Example);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }
}
