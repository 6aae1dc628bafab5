using System.Text;
using System.Text.Json;
using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>What lies beside the tables for people and tools: a Croissant 1.0 description and the licence notice.</summary>
internal static class SnapshotDescription
{
    public const string CroissantName = "croissant.json";
    public const string LicenceName = "LICENSE-DATA";

    public static byte[] Licence(SourceAttribution source)
    {
        StringBuilder text = new();
        text.Append("These tables were derived from:\n\n  ").Append(source.Title).Append("\n  ").Append(source.Source)
            .Append("\n\nLicence of the source data, which the tables inherit: ").Append(source.Licence).Append("\n  ").Append(source.LicenceUrl)
            .Append("\n\nWhoever uses the tables cites:\n");
        foreach (string citation in source.Citations) text.Append("\n  ").Append(citation).Append('\n');
        text.Append('\n').Append(SourceAttribution.Changes).Append('\n').Append(SourceAttribution.NoEndorsement).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Croissant JSON-LD 1.0: each table as a record set over its file. The same files give the same bytes.</summary>
    public static byte[] Croissant(IReadOnlyList<ManifestFile> files, Manifest manifest)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, TableMetadata.Plain with { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            ManifestFile[] tables = [.. files.Where(file => file.Rows is not null)];
            HashSet<string> several = [.. tables.CountBy(file => file.Table).Where(table => table.Value > 1).Select(table => table.Key)];
            WriteContext(json, several.Count > 0);
            json.WriteString("@type", "sc:Dataset");
            json.WriteString("name", "verse-etl-tables");
            json.WriteString("description", "Per-vertebra measurements of spine CT and vertebra masks, with scans, statistics, audit and findings. "
                + (manifest.Changes ?? ""));
            json.WriteString("conformsTo", "http://mlcommons.org/croissant/1.0");
            json.WriteString("version", Invariant($"{manifest.SchemaVersion}.0.0"));
            if (manifest.License is not null) json.WriteString("license", manifest.License);
            if (manifest.Source is not null) json.WriteString("isBasedOn", manifest.Source);
            if (manifest.Source is not null) json.WriteString("url", manifest.Source);
            if (manifest.Citations.Count > 0) json.WriteString("citeAs", string.Join("\n", manifest.Citations));
            json.WriteStartArray("distribution");
            foreach (ManifestFile file in tables) WriteFile(json, file, several.Contains(file.Table));
            foreach (string table in several.Order(StringComparer.Ordinal)) WriteFiles(json, table, tables.Where(file => file.Table == table));
            json.WriteEndArray();
            json.WriteStartArray("recordSet");
            foreach (TableSchema table in PublishedSchema.Of(manifest.Clinical).Where(table => tables.Any(file => file.Table == table.Name)))
                WriteRecords(json, table, several.Contains(table.Name));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void WriteContext(Utf8JsonWriter json, bool fileSets)
    {
        json.WriteStartObject("@context");
        json.WriteString("@language", "en");
        json.WriteString("@vocab", "https://schema.org/");
        foreach ((string term, string meaning) in new[]
        {
            ("citeAs", "cr:citeAs"), ("column", "cr:column"), ("conformsTo", "dct:conformsTo"), ("cr", "http://mlcommons.org/croissant/"),
            ("dct", "http://purl.org/dc/terms/"), ("extract", "cr:extract"), ("field", "cr:field"), ("fileObject", "cr:fileObject"),
            ("isArray", "cr:isArray"), ("key", "cr:key"), ("recordSet", "cr:recordSet"), ("repeated", "cr:repeated"),
            ("sc", "https://schema.org/"), ("source", "cr:source"),
        })
            json.WriteString(term, meaning);
        if (fileSets)
            foreach (string term in new[] { "containedIn", "fileSet", "includes" }) json.WriteString(term, "cr:" + term);
        json.WriteStartObject("dataType");
        json.WriteString("@id", "cr:dataType");
        json.WriteString("@type", "@vocab");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <param name="several">The table has other files as well.</param>
    private static void WriteFile(Utf8JsonWriter json, ManifestFile file, bool several)
    {
        json.WriteStartObject();
        json.WriteString("@type", "cr:FileObject");
        json.WriteString("@id", several ? file.Path : file.Table + "-file");
        json.WriteString("name", Path.GetFileName(file.Path));
        json.WriteString("contentUrl", file.Path);
        json.WriteString("contentSize", Invariant($"{file.Bytes} B"));
        json.WriteString("encodingFormat", "application/x-parquet");
        json.WriteString("sha256", file.Sha256);
        json.WriteEndObject();
    }

    private static void WriteFiles(Utf8JsonWriter json, string table, IEnumerable<ManifestFile> files)
    {
        json.WriteStartObject();
        json.WriteString("@type", "cr:FileSet");
        json.WriteString("@id", table + "-files");
        json.WriteString("name", table);
        json.WriteStartArray("containedIn");
        foreach (ManifestFile file in files) WriteReference(json, file.Path);
        json.WriteEndArray();
        json.WriteString("encodingFormat", "application/x-parquet");
        json.WriteString("includes", table + "/*.parquet");
        json.WriteEndObject();
    }

    /// <param name="several">The table has more than one file.</param>
    private static void WriteRecords(Utf8JsonWriter json, TableSchema table, bool several)
    {
        json.WriteStartObject();
        json.WriteString("@type", "cr:RecordSet");
        json.WriteString("@id", table.Name);
        json.WriteString("name", table.Name);
        json.WriteString("description", table.Meaning);
        json.WriteStartArray("key");
        foreach (string key in table.Key) WriteReference(json, $"{table.Name}/{key}");
        json.WriteEndArray();
        json.WriteStartArray("field");
        foreach (Column column in table.Columns)
        {
            json.WriteStartObject();
            json.WriteString("@type", "cr:Field");
            json.WriteString("@id", $"{table.Name}/{column.Name}");
            json.WriteString("name", column.Name);
            json.WriteString("description", column.Text.Unit is null ? column.Text.Definition : $"{column.Text.Definition} [{column.Text.Unit}]");
            json.WriteString("dataType", DataType(column.Type));
            if (column.Type is ColumnType.RealList or ColumnType.Whole32List) json.WriteBoolean("repeated", true);
            json.WriteStartObject("source");
            json.WritePropertyName(several ? "fileSet" : "fileObject");
            WriteReference(json, table.Name + (several ? "-files" : "-file"));
            json.WriteStartObject("extract");
            json.WriteString("column", column.Name);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter json, string id)
    {
        json.WriteStartObject();
        json.WriteString("@id", id);
        json.WriteEndObject();
    }

    private static string DataType(ColumnType type) => type switch
    {
        ColumnType.Text => "sc:Text",
        ColumnType.Truth => "sc:Boolean",
        ColumnType.Real or ColumnType.RealList => "sc:Float",
        _ => "sc:Integer",
    };
}
