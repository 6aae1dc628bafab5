using System.Security.Cryptography;
using System.Text.Json;
using DuckDB.NET.Data;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Load.Tests.Publishing;

namespace VerseEtl.Load.Tests.Schema;

/// <summary>croissant.json against the shape of Croissant 1.0; its own validator needs Python packages and is not run.</summary>
public sealed class CroissantTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_snapshots_description_has_the_shape_of_Croissant_and_says_licence_and_citations()
    {
        using JsonDocument document =
            JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(await Publish("a"), "croissant.json"), TestContext.Current.CancellationToken));
        JsonElement root = document.RootElement;
        Assert.Equal("sc:Dataset", Text(root, "@type"));
        Assert.Equal("http://mlcommons.org/croissant/1.0", Text(root, "conformsTo"));
        Assert.Equal("https://schema.org/", Text(root.GetProperty("@context"), "@vocab"));
        foreach (string name in new[] { "name", "description", "url", "version" }) Assert.NotEmpty(Text(root, name));
        Assert.Contains("BY-SA 4.0", Text(root, "license"), StringComparison.Ordinal);
        foreach (string citation in SourceAttribution.Verse.Citations) Assert.Contains(citation, Text(root, "citeAs"), StringComparison.Ordinal);
        Assert.Equal(3, SourceAttribution.Verse.Citations.Count);
    }

    [Fact]
    public async Task Every_file_is_there_with_its_hash_and_every_field_is_a_column_of_it()
    {
        string snapshot = await Publish("a");
        using JsonDocument document =
            JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(snapshot, "croissant.json"), TestContext.Current.CancellationToken));
        Dictionary<string, string> files = [];
        foreach (JsonElement file in document.RootElement.GetProperty("distribution").EnumerateArray())
        {
            Assert.Equal("cr:FileObject", Text(file, "@type"));
            string path = Path.Combine(snapshot, Text(file, "contentUrl"));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken))),
                Text(file, "sha256"));
            Assert.Equal($"{new FileInfo(path).Length} B", Text(file, "contentSize"));
            files.Add(Text(file, "@id"), path);
        }
        JsonElement[] records = [.. document.RootElement.GetProperty("recordSet").EnumerateArray()];
        Assert.Equal(PublishedSchema.All.Select(table => table.Name), records.Select(record => Text(record, "name")));
        using DuckDBConnection duck = new("DataSource=:memory:");
        duck.Open();
        foreach (JsonElement record in records)
        {
            Assert.Equal("cr:RecordSet", Text(record, "@type"));
            JsonElement[] fields = [.. record.GetProperty("field").EnumerateArray()];
            string path = files[Text(fields[0].GetProperty("source").GetProperty("fileObject"), "@id")];
            Assert.Equal(Columns(duck, path), fields.Select(field =>
                (Text(field.GetProperty("source").GetProperty("extract"), "column"), Text(field, "dataType"), field.TryGetProperty("repeated", out _))));
            Assert.All(fields, field => Assert.Equal("cr:Field", Text(field, "@type")));
            Assert.All(fields, field => Assert.NotEmpty(Text(field, "description")));
            HashSet<string> identifiers = [.. fields.Select(field => Text(field, "@id"))];
            Assert.Equal(fields.Length, identifiers.Count);
            Assert.All(record.GetProperty("key").EnumerateArray(), key => Assert.Contains(Text(key, "@id"), identifiers));
        }
    }

    [Fact]
    public async Task Every_term_outside_schema_org_is_explained_in_the_context()
    {
        using JsonDocument document =
            JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(await Publish("a"), "croissant.json"), TestContext.Current.CancellationToken));
        string[] schemaOrg = ["name", "description", "version", "license", "isBasedOn",
            "url", "distribution", "contentUrl", "contentSize", "encodingFormat", "sha256"];
        HashSet<string> known = [.. schemaOrg, .. document.RootElement.GetProperty("@context").EnumerateObject().Select(term => term.Name)];
        Assert.All(Terms(document.RootElement), term => Assert.True(term[0] == '@' || known.Contains(term), term));
    }

    [Fact]
    public async Task The_same_tables_are_described_by_the_same_bytes()
    {
        byte[] first = await File.ReadAllBytesAsync(Path.Combine(await Publish("a"), "croissant.json"), TestContext.Current.CancellationToken);
        Assert.Equal(first, await File.ReadAllBytesAsync(Path.Combine(await Publish("b"), "croissant.json"), TestContext.Current.CancellationToken));
    }

    private async Task<string> Publish(string warehouse)
    {
        PublishOutcome outcome = await Warehouse.Open(_temp[warehouse]).Publish(Requests.Of("run-" + warehouse), TestContext.Current.CancellationToken);
        return outcome.Current!.Directory;
    }

    private static IEnumerable<(string, string, bool)> Columns(DuckDBConnection duck, string path)
    {
        using DuckDBCommand command = duck.CreateCommand();
        command.CommandText = $"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{path}')";
        using DuckDBDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            string type = reader.GetString(1);
            string described = type.TrimEnd('[', ']') switch { "VARCHAR" => "sc:Text", "BOOLEAN" => "sc:Boolean", "DOUBLE" => "sc:Float", _ => "sc:Integer" };
            yield return (reader.GetString(0), described, type.EndsWith("[]", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> Terms(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Where(member => member.Name != "@context")
            .SelectMany(member => Terms(member.Value).Prepend(member.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Terms),
        _ => [],
    };

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
