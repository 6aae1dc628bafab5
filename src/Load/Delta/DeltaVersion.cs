using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VerseEtl.Load.Delta;

/// <summary>
/// One version of a Delta log: either ours, which says what the table is after one commit of the warehouse, or somebody else's. The same commit
/// and the same version before it give the same bytes, so that a version that is lost is written again as it was.
/// </summary>
internal sealed record DeltaVersion
{
    public const string AppId = "verse-etl";
    private const string Engine = "VerseEtl";

    // the warehouse takes files away itself when it no longer keeps them, and Spark refuses to travel beyond this
    private const string Retention = "interval 36500 days";

    /// <summary>Of the log; -1 before the first.</summary>
    public required long Version { get; init; }

    /// <summary>Sequence of the commit after which the table is so; null for a version of somebody else.</summary>
    public required long? Commit { get; init; }

    /// <summary>The table's id, the same in all versions.</summary>
    public string TableId { get; init; } = "";

    /// <summary>SHA-256 of the schema that holds from the version on.</summary>
    public string SchemaSha256 { get; init; } = "";

    /// <summary>The files that are the table, without schema and statistics; none for an empty table.</summary>
    public IReadOnlyList<DeltaFile> Files { get; init; } = [];

    /// <summary>From the version on, or an earlier one, readers may ask which rows a version took and put.</summary>
    public bool ChangeFeed { get; init; }

    /// <summary>It changes rows, the schema or the protocol: only one of somebody else's that does not can be passed over.</summary>
    public bool ChangesTable { get; init; }

    /// <summary>The oldest protocol that a writer must know.</summary>
    public int WriterVersion => ChangeFeed ? 4 : 2;

    /// <summary>The table's properties.</summary>
    public IEnumerable<(string Key, string Value)> Configuration
    {
        get
        {
            yield return ("delta.deletedFileRetentionDuration", Retention);
            yield return ("delta.logRetentionDuration", Retention);
            if (ChangeFeed) yield return ("delta.enableChangeDataFeed", "true");
        }
    }

    public static string Sha256Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The version in which the table is made, empty.</summary>
    public static DeltaVersion First(long version, string tableId, DeltaFile like, bool changeFeed) =>
        new() { Version = version, Commit = version, TableId = tableId, SchemaSha256 = Sha256Of(like.Schema ?? ""), ChangeFeed = changeFeed };

    /// <summary>The version after this one, in which files take the place of those before.</summary>
    /// <param name="files">None where the commit has no such table.</param>
    /// <param name="changeFeed">Whether it is wanted; once there it stays.</param>
    public DeltaVersion Next(long version, long commit, IReadOnlyList<DeltaFile> files, bool changeFeed) => this with
    {
        Version = version,
        Commit = commit,
        Files = files,
        ChangeFeed = ChangeFeed || (changeFeed && SchemaOf(files) is not null),
        SchemaSha256 = SchemaOf(files) is string schema ? Sha256Of(schema) : SchemaSha256,
    };

    /// <summary>All files of a table have one.</summary>
    private static string? SchemaOf(IReadOnlyList<DeltaFile> files) => files.Count > 0 ? files[0].Schema : null;

    /// <summary>The text of <see cref="First"/>.</summary>
    /// <param name="about">What a row of the table is.</param>
    public string WriteFirst(string name, string about, DeltaFile like, DateTimeOffset at) => string.Concat(
        Line("commitInfo", json => WriteInfo(json, at, "CREATE TABLE", operation =>
        {
            operation.WriteString("partitionBy", "[]");
        })),
        WriteTxn(at),
        WriteProtocol(),
        WriteMetadata(name, about, like.Schema!));

    /// <summary>The text of a version that <see cref="Next"/> made.</summary>
    public string Write(string name, string about, DeltaVersion before, DateTimeOffset at)
    {
        StringBuilder lines = new();
        lines.Append(Line("commitInfo", json => WriteInfo(json, at, "WRITE", operation =>
        {
            operation.WriteString("mode", "Overwrite");
            operation.WriteString("partitionBy", "[]");
        })));
        lines.Append(WriteTxn(at));
        if (ChangeFeed != before.ChangeFeed) lines.Append(WriteProtocol());
        if (SchemaOf(Files) is string schema && (SchemaSha256 != before.SchemaSha256 || ChangeFeed != before.ChangeFeed))
            lines.Append(WriteMetadata(name, about, schema));
        foreach (DeltaFile old in before.Files)
            lines.Append(Line("remove", json =>
            {
                json.WriteString("path", old.Name);
                json.WriteNumber("deletionTimestamp", at.ToUnixTimeMilliseconds());
                json.WriteBoolean("dataChange", true);
                json.WriteBoolean("extendedFileMetadata", true);
                json.WriteStartObject("partitionValues");
                json.WriteEndObject();
                json.WriteNumber("size", old.Bytes);
            }));
        foreach (DeltaFile file in Files)
            lines.Append(Line("add", json =>
            {
                json.WriteString("path", file.Name);
                json.WriteStartObject("partitionValues");
                json.WriteEndObject();
                json.WriteNumber("size", file.Bytes);
                json.WriteNumber("modificationTime", at.ToUnixTimeMilliseconds());
                json.WriteBoolean("dataChange", true);
                if (file.Statistics is not null) json.WriteString("stats", file.Statistics);
            }));
        return lines.ToString();
    }

    /// <summary>A version in the place of one of somebody else's that is lost and changed nothing.</summary>
    public string WriteNothing(DateTimeOffset at) => Line("commitInfo", json => WriteInfo(json, at, "FSCK", _ => { }));

    /// <summary>What a version's file says.</summary>
    /// <returns>Null if it is torn.</returns>
    public static DeltaVersion? Read(long version, string text)
    {
        DeltaVersion read = new() { Version = version, Commit = null };
        bool any = false;
        try
        {
            foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using JsonDocument json = JsonDocument.Parse(line);
                JsonProperty action = json.RootElement.EnumerateObject().Single();
                read = read.With(action.Name, action.Value);
                any = true;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
        return any ? read : null;
    }

    private DeltaVersion With(string action, JsonElement said) => action switch
    {
        "commitInfo" when Text(said, "engineInfo") == Engine =>
            this with { TableId = Text(said, "tableId"), SchemaSha256 = Text(said, "schemaSha256"), ChangeFeed = said.TryGetProperty("changeFeed", out _) },
        "commitInfo" => this,
        "txn" when Text(said, "appId") == AppId => this with { Commit = said.GetProperty("version").GetInt64() },
        "add" => this with { ChangesTable = true, Files = [.. Files, new DeltaFile(Text(said, "path"), said.GetProperty("size").GetInt64(), null, null)] },
        _ => this with { ChangesTable = true },
    };

    private static string Text(JsonElement said, string name) => said.TryGetProperty(name, out JsonElement text) ? text.GetString() ?? "" : "";

    private void WriteInfo(Utf8JsonWriter json, DateTimeOffset at, string operation, Action<Utf8JsonWriter> parameters)
    {
        json.WriteNumber("timestamp", at.ToUnixTimeMilliseconds());
        json.WriteString("operation", operation);
        json.WriteStartObject("operationParameters");
        parameters(json);
        json.WriteEndObject();
        if (Version > 0) json.WriteNumber("readVersion", Version - 1);
        json.WriteBoolean("isBlindAppend", false);
        json.WriteString("engineInfo", Engine);
        json.WriteString("tableId", TableId);
        json.WriteString("schemaSha256", SchemaSha256);
        if (ChangeFeed) json.WriteBoolean("changeFeed", true);
    }

    private string WriteTxn(DateTimeOffset at) => Line("txn", json =>
    {
        json.WriteString("appId", AppId);
        json.WriteNumber("version", Commit!.Value);
        json.WriteNumber("lastUpdated", at.ToUnixTimeMilliseconds());
    });

    private string WriteProtocol() => Line("protocol", json =>
    {
        json.WriteNumber("minReaderVersion", 1);
        json.WriteNumber("minWriterVersion", WriterVersion);
    });

    private string WriteMetadata(string name, string about, string schema) => Line("metaData", json =>
    {
        json.WriteString("id", TableId);
        json.WriteString("name", name);
        json.WriteString("description", about);
        json.WriteStartObject("format");
        json.WriteString("provider", "parquet");
        json.WriteStartObject("options");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("schemaString", schema);
        json.WriteStartArray("partitionColumns");
        json.WriteEndArray();
        json.WriteStartObject("configuration");
        foreach ((string key, string value) in Configuration) json.WriteString(key, value);
        json.WriteEndObject();
    });

    private static string Line(string action, Action<Utf8JsonWriter> write) => DeltaFile.Json(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject(action);
        write(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }) + "\n";
}
