using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
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
                ? JsonSerializer.Deserialize(bytes.AsSpan(DigestLength), KnownJson.Default.KnownReport)
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
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
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(known, KnownJson.Default.KnownReport);
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
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(KnownReport))]
internal sealed partial class KnownJson : JsonSerializerContext;
