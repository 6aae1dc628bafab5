using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using VerseEtl.Load.Cache;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Flow;

/// <summary>
/// What the newest snapshot of a source was reported as, so that a night on which nothing changed can tell it without reading a row. A hint: where it is
/// not there, or is of another snapshot, the tables are put together to see.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed record KnownReport
{
    private const string Ending = ".report";
    private const int DigestLength = 64;

    public required string InputDigest { get; init; }
    public required string OptionsDigest { get; init; }
    public required int ScansOk { get; init; }
    public required int ScansWarning { get; init; }
    public required int ScansFailed { get; init; }
    public required int ScansExcluded { get; init; }
    public required IReadOnlyList<FailedEntry> Failed { get; init; }
    public required IReadOnlyDictionary<string, int> Rows { get; init; }

    /// <summary>Without what changed since the snapshot before, which is nothing on such a night.</summary>
    public required IReadOnlyList<FindingCount> Findings { get; init; }

    public static KnownReport? Read(string cachePath, string source)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(ScanIndex.PathOf(cachePath, source, Ending));
            return bytes.Length > DigestLength && Encoding.ASCII.GetString(bytes.AsSpan(0, DigestLength)) == Sha256.Of(bytes.AsSpan(DigestLength))
                ? From(bytes.AsMemory(DigestLength))
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Keeps what a run reported.</summary>
    /// <exception cref="StorageException">It cannot be written; nothing depends on it.</exception>
    public static void Keep(string cachePath, RunReport report, string inputDigest, string optionsDigest)
    {
        KnownReport known = new()
        {
            InputDigest = inputDigest,
            OptionsDigest = optionsDigest,
            ScansOk = report.ScansOk,
            ScansWarning = report.ScansWarning,
            ScansFailed = report.ScansFailed,
            ScansExcluded = report.ScansExcluded,
            Failed = report.Failed,
            Rows = report.Rows,
            Findings = [.. report.Findings.Where(finding => finding.Code != Faults.DriftScans.Code && finding.Code != Faults.DriftStatistic.Code)],
        };
        byte[] body = known.Text();
        Durable.Replace(ScanIndex.PathOf(cachePath, report.Source, Ending), [.. Encoding.ASCII.GetBytes(Sha256.Of(body)), .. body]);
    }

    /// <summary>A report with what is known of its tables.</summary>
    public RunReport In(RunReport report) => report with
    {
        ScansOk = ScansOk,
        ScansWarning = ScansWarning,
        ScansFailed = ScansFailed,
        ScansExcluded = ScansExcluded,
        Failed = Failed,
        Rows = Rows,
        Findings = Findings,
    };

    private byte[] Text()
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartObject();
            json.WriteString("input_digest"u8, InputDigest);
            json.WriteString("options_digest"u8, OptionsDigest);
            json.WriteNumber("scans_ok"u8, ScansOk);
            json.WriteNumber("scans_warning"u8, ScansWarning);
            json.WriteNumber("scans_failed"u8, ScansFailed);
            json.WriteNumber("scans_excluded"u8, ScansExcluded);
            json.WriteStartArray("failed"u8);
            foreach (FailedEntry failed in Failed)
            {
                json.WriteStartObject();
                json.WriteString("scan_key"u8, failed.ScanKey);
                json.WriteString("code"u8, failed.Code);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartObject("rows"u8);
            foreach ((string table, int rows) in Rows) json.WriteNumber(table, rows);
            json.WriteEndObject();
            json.WriteStartArray("findings"u8);
            foreach (FindingCount finding in Findings)
            {
                json.WriteStartObject();
                json.WriteString("code"u8, finding.Code);
                json.WriteString("severity"u8, finding.Severity.ToString());
                json.WriteNumber("count"u8, finding.Count);
                json.WriteString("example"u8, finding.Example);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return text.ToArray();
    }

    /// <exception cref="JsonException">It is not what <see cref="Text"/> writes.</exception>
    private static KnownReport From(ReadOnlyMemory<byte> text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement json = document.RootElement;
        List<FailedEntry> failed = [];
        foreach (JsonElement entry in json.Required("failed"u8).EnumerateArray()) failed.Add(new FailedEntry(entry.Text("scan_key"u8), entry.Text("code"u8)));
        Dictionary<string, int> rows = [];
        foreach (JsonProperty table in json.Required("rows"u8).EnumerateObject()) rows[table.Name] = table.Value.Int();
        List<FindingCount> findings = [];
        foreach (JsonElement finding in json.Required("findings"u8).EnumerateArray())
        {
            if (!Enum.TryParse(finding.Text("severity"u8), out Severity severity) || !Enum.IsDefined(severity)) throw new JsonException("no severity");
            findings.Add(new FindingCount(finding.Text("code"u8), severity, finding.Int("count"u8), finding.Text("example"u8)));
        }
        return new KnownReport
        {
            InputDigest = json.Text("input_digest"u8),
            OptionsDigest = json.Text("options_digest"u8),
            ScansOk = json.Int("scans_ok"u8),
            ScansWarning = json.Int("scans_warning"u8),
            ScansFailed = json.Int("scans_failed"u8),
            ScansExcluded = json.Int("scans_excluded"u8),
            Failed = failed,
            Rows = rows,
            Findings = findings,
        };
    }
}
