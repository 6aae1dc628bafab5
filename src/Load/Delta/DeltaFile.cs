using System.Buffers.Binary;
using System.Text.Json;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;
using VerseEtl.Load.Tables;
using Encoding = System.Text.Encoding;
using Type = Parquet.Meta.Type;

namespace VerseEtl.Load.Delta;

/// <summary>One published Parquet file as a Delta log describes it, by its footer alone.</summary>
/// <param name="Name">Within the table's folder.</param>
/// <param name="Schema">Names, types, nulls and comments, as the log writes them; null where the file is gone.</param>
/// <param name="Statistics">Rows, least and greatest values and nulls as JSON; null where the file is gone.</param>
internal sealed record DeltaFile(string Name, long Bytes, string? Schema, string? Statistics)
{
    // what Spark cuts text to as well: a prefix is no greater than the text, but no bound above it
    private const int LongestText = 32;

    /// <summary>A file that retention took before its version was written: a name at which nothing lies, so that who reads the version fails.</summary>
    public static DeltaFile Gone(string name) => new(name, 1, null, null);

    /// <exception cref="InvalidDataException">The file has a type that no published table has.</exception>
    public static async Task<DeltaFile> Read(string name, Stream file)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(file, leaveStreamOpen: true);
        FileMetaData footer = reader.Metadata!;
        return new DeltaFile(name, file.Length, SchemaOf(reader), StatisticsOf(reader.Schema.Fields, footer));
    }

    private static string SchemaOf(ParquetReader reader)
    {
        using JsonDocument said = JsonDocument.Parse(reader.CustomMetadata.TryGetValue("columns", out string? columns) ? columns : "{}");
        return Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "struct");
            json.WriteStartArray("fields");
            foreach (Field field in reader.Schema.Fields)
            {
                json.WriteStartObject();
                json.WriteString("name", field.Name);
                if (field is ListField { Item: DataField item })
                {
                    json.WriteStartObject("type");
                    json.WriteString("type", "array");
                    json.WriteString("elementType", TypeName(item));
                    json.WriteBoolean("containsNull", item.IsNullable);
                    json.WriteEndObject();
                }
                else json.WriteString("type", TypeName((DataField)field));
                json.WriteBoolean("nullable", field.IsNullable);
                json.WriteStartObject("metadata");
                if (said.RootElement.TryGetProperty(field.Name, out JsonElement column)) WriteComment(json, column);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void WriteComment(Utf8JsonWriter json, JsonElement column)
    {
        string Said(string what) => column.TryGetProperty(what, out JsonElement text) ? text.GetString()! : "";
        string unit = Said("unit"), space = Said("space"), missing = Said("null");
        json.WriteString("comment", Said("definition") + (unit.Length > 0 ? $" [{unit}]" : "") + (space.Length > 0 ? $"; {space}" : "")
            + (missing.Length > 0 ? $"; null: {missing}" : ""));
        if (unit.Length > 0) json.WriteString("unit", unit);
    }

    private static string TypeName(DataField field) =>
        field.ClrType == typeof(int) ? "integer"
        : field.ClrType == typeof(long) ? "long"
        : field.ClrType == typeof(double) ? "double"
        : field.ClrType == typeof(bool) ? "boolean"
        : field.ClrType == TextChunk.ClrType ? "string"
        : throw new InvalidDataException($"{field.Name} has the type {field.ClrType.Name}, which no published table has.");

    private static string StatisticsOf(IReadOnlyList<Field> fields, FileMetaData footer)
    {
        HashSet<string> scalar = [.. fields.Where(field => field is not ListField).Select(field => field.Name)];
        (string Name, ColumnMetaData[] Chunks)[] columns =
        [
            .. footer.RowGroups.SelectMany(group => group.Columns).Select(column => column.MetaData!)
                .Where(chunk => scalar.Contains(chunk.PathInSchema[0])).GroupBy(chunk => chunk.PathInSchema[0])
                .Select(same => (same.Key, same.ToArray())),
        ];
        return Json(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("numRecords", footer.NumRows);
            json.WriteStartObject("minValues");
            foreach ((string name, ColumnMetaData[] chunks) in columns) WriteBound(json, name, chunks, least: true);
            json.WriteEndObject();
            json.WriteStartObject("maxValues");
            foreach ((string name, ColumnMetaData[] chunks) in columns) WriteBound(json, name, chunks, least: false);
            json.WriteEndObject();
            json.WriteStartObject("nullCount");
            foreach ((string name, ColumnMetaData[] chunks) in columns)
                if (chunks.All(chunk => chunk.Statistics?.NullCount is not null))
                    json.WriteNumber(name, chunks.Sum(chunk => chunk.Statistics!.NullCount!.Value));
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary>The bound of a whole column, if each row group that has values has one. Truth values have none in a Delta log.</summary>
    private static void WriteBound(Utf8JsonWriter json, string name, ColumnMetaData[] chunks, bool least)
    {
        ColumnMetaData[] valued = [.. chunks.Where(chunk => chunk.Statistics?.NullCount != chunk.NumValues)];
        byte[]?[] bounds = [.. valued.Select(chunk => least ? chunk.Statistics?.MinValue : chunk.Statistics?.MaxValue)];
        if (bounds.Length == 0 || bounds.Any(bound => bound is null)) return;
        switch (valued[0].Type)
        {
            case Type.INT32:
                json.WriteNumber(name, Extreme(bounds.Select(bound => BinaryPrimitives.ReadInt32LittleEndian(bound)), least));
                break;
            case Type.INT64:
                json.WriteNumber(name, Extreme(bounds.Select(bound => BinaryPrimitives.ReadInt64LittleEndian(bound)), least));
                break;
            case Type.DOUBLE:
                json.WriteNumber(name, Extreme(bounds.Select(bound => BinaryPrimitives.ReadDoubleLittleEndian(bound)), least));
                break;
            case Type.BYTE_ARRAY:
                string text = Encoding.UTF8.GetString(bounds.Order(Comparer<byte[]?>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
                    .ElementAt(least ? 0 : bounds.Length - 1)!);
                if (text.Length <= LongestText) json.WriteString(name, text);
                else if (least) json.WriteString(name, char.IsHighSurrogate(text[LongestText - 1]) ? text[..(LongestText - 1)] : text[..LongestText]);
                break;
        }
    }

    private static T Extreme<T>(IEnumerable<T> bounds, bool least) => (least ? bounds.Min() : bounds.Max())!;

    internal static string Json(Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, TableMetadata.Plain)) write(json);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
