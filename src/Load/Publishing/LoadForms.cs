using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>The files that each run reads or writes, member by member; <see cref="LoadJson"/> writes the same bytes.</summary>
[SupportedOSPlatform("linux")]
internal static class LoadForms
{
    public static JsonForm<Commit> Commit { get; } = new(Write, ReadCommit, () => LoadJson.Default.Commit);

    public static JsonForm<Manifest> Manifest { get; } = new(Write, ReadManifest, () => LoadJson.Default.Manifest);

    public static JsonForm<RunRecord> Run { get; } = new(Write, ReadRun, () => LoadJson.Default.RunRecord);

    public static JsonForm<Proven> Proven { get; } = new(Write, ReadProven, () => LoadJson.Default.Proven);

    private static void Write(Utf8JsonWriter json, Commit commit)
    {
        json.WriteNumber("format"u8, commit.Format);
        json.WriteNumber("sequence"u8, commit.Sequence);
        json.WriteString("run_id"u8, commit.RunId);
        json.WriteString("run_key"u8, commit.RunKey);
        json.Number("parent"u8, commit.Parent);
        json.WriteString("parent_sha256"u8, commit.ParentSha256);
        json.WriteString("snapshot"u8, commit.Snapshot);
        json.WriteString("manifest_sha256"u8, commit.ManifestSha256);
        json.Number("rolled_back_to"u8, commit.RolledBackTo);
        json.WriteString("committed_utc"u8, commit.CommittedUtc);
        if (commit.Mends is null) return;
        json.WritePropertyName("mends"u8);
        JsonSerializer.Serialize(json, commit.Mends, LoadJson.Default.IReadOnlyListDamagedFile);
    }

    private static Commit ReadCommit(JsonElement json) => new()
    {
        Format = json.IntOrNull("format"u8) ?? 1,
        Sequence = json.Long("sequence"u8),
        RunId = json.Text("run_id"u8),
        RunKey = json.TextOrNull("run_key"u8),
        Parent = json.LongOrNull("parent"u8),
        ParentSha256 = json.TextOrNull("parent_sha256"u8),
        Snapshot = json.Text("snapshot"u8),
        ManifestSha256 = json.Text("manifest_sha256"u8),
        RolledBackTo = json.LongOrNull("rolled_back_to"u8),
        CommittedUtc = json.Time("committed_utc"u8),
        Mends = json.Member("mends"u8)?.Deserialize(LoadJson.Default.IReadOnlyListDamagedFile),
    };

    private static void Write(Utf8JsonWriter json, Manifest manifest)
    {
        json.WriteNumber("schema_version"u8, manifest.SchemaVersion);
        json.WriteString("code_version"u8, manifest.CodeVersion);
        json.WriteString("input_digest"u8, manifest.InputDigest);
        json.WriteString("options_digest"u8, manifest.OptionsDigest);
        json.WriteNumber("scans_found"u8, manifest.ScansFound);
        json.WriteNumber("scans_ok"u8, manifest.ScansOk);
        json.WriteNumber("scans_warning"u8, manifest.ScansWarning);
        json.WriteNumber("scans_failed"u8, manifest.ScansFailed);
        json.WriteNumber("scans_excluded"u8, manifest.ScansExcluded);
        json.WriteString("license"u8, manifest.License);
        json.WriteString("source"u8, manifest.Source);
        json.WriteStartArray("citations"u8);
        foreach (string citation in manifest.Citations) json.WriteStringValue(citation);
        json.WriteEndArray();
        json.WriteString("changes"u8, manifest.Changes);
        if (manifest.Clinical is null)
        {
            json.WriteNull("clinical"u8);
        }
        else
        {
            json.WritePropertyName("clinical"u8);
            JsonSerializer.Serialize(json, manifest.Clinical, LoadJson.Default.ClinicalDeclaration);
        }
        json.WriteStartArray("files"u8);
        foreach (ManifestFile file in manifest.Files)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, file.Path);
            json.WriteNumber("bytes"u8, file.Bytes);
            json.WriteString("sha256"u8, file.Sha256);
            json.Number("rows"u8, file.Rows);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static Manifest ReadManifest(JsonElement json)
    {
        List<string> citations = [];
        if (json.Member("citations"u8) is JsonElement named)
            foreach (JsonElement citation in named.EnumerateArray()) citations.Add(citation.GetString()!);
        List<ManifestFile> files = [];
        foreach (JsonElement file in json.Required("files"u8).EnumerateArray())
            files.Add(new ManifestFile(file.Text("path"u8), file.Long("bytes"u8), file.Text("sha256"u8), file.LongOrNull("rows"u8)));
        return new Manifest
        {
            SchemaVersion = json.Int("schema_version"u8),
            CodeVersion = json.Text("code_version"u8),
            InputDigest = json.Text("input_digest"u8),
            OptionsDigest = json.Text("options_digest"u8),
            ScansFound = json.Int("scans_found"u8),
            ScansOk = json.Int("scans_ok"u8),
            ScansWarning = json.Int("scans_warning"u8),
            ScansFailed = json.Int("scans_failed"u8),
            ScansExcluded = json.IntOrNull("scans_excluded"u8) ?? 0,
            License = json.TextOrNull("license"u8),
            Source = json.TextOrNull("source"u8),
            Citations = citations,
            Changes = json.TextOrNull("changes"u8),
            Clinical = json.Member("clinical"u8)?.Deserialize(LoadJson.Default.ClinicalDeclaration),
            Files = files,
        };
    }

    private static void Write(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteString("run_id"u8, run.RunId);
        json.WriteString("run_key"u8, run.RunKey);
        json.WriteString("pipeline"u8, run.Pipeline);
        json.WriteString("started_utc"u8, run.StartedUtc);
        if (run.EndedUtc is DateTimeOffset ended) json.WriteString("ended_utc"u8, ended);
        else json.WriteNull("ended_utc"u8);
        json.WriteString("outcome"u8, run.Outcome.Word);
        json.Number("exit_code"u8, run.ExitCode);
        json.Number("sequence"u8, run.Sequence);
        json.Number("scans_found"u8, run.ScansFound);
        json.Number("scans_ok"u8, run.ScansOk);
        json.Number("scans_warning"u8, run.ScansWarning);
        json.Number("scans_failed"u8, run.ScansFailed);
        json.Number("scans_excluded"u8, run.ScansExcluded);
        json.Number("scans_measured"u8, run.ScansMeasured);
        if (run.By is not null) json.WriteString("by"u8, run.By);
        if (run.CurrentSequence is long current) json.WriteNumber("current_sequence"u8, current);
        if (run.Findings is not null)
        {
            json.WriteStartObject("findings"u8);
            json.WriteNumber("rows"u8, run.Findings.Rows);
            json.WriteString("sha256"u8, run.Findings.Sha256);
            json.WriteEndObject();
        }
        json.WriteString("code"u8, run.Code);
        json.WriteString("message"u8, run.Message);
    }

    private static RunRecord ReadRun(JsonElement json) => new()
    {
        RunId = json.Text("run_id"u8),
        RunKey = json.TextOrNull("run_key"u8),
        Pipeline = json.TextOrNull("pipeline"u8),
        StartedUtc = json.Time("started_utc"u8),
        EndedUtc = json.Member("ended_utc"u8)?.Time(),
        Outcome = RunEnding.Of(json.Text("outcome"u8)),
        ExitCode = json.IntOrNull("exit_code"u8),
        Sequence = json.LongOrNull("sequence"u8),
        ScansFound = json.IntOrNull("scans_found"u8),
        ScansOk = json.IntOrNull("scans_ok"u8),
        ScansWarning = json.IntOrNull("scans_warning"u8),
        ScansFailed = json.IntOrNull("scans_failed"u8),
        ScansExcluded = json.IntOrNull("scans_excluded"u8),
        ScansMeasured = json.IntOrNull("scans_measured"u8),
        By = json.TextOrNull("by"u8),
        CurrentSequence = json.LongOrNull("current_sequence"u8),
        Findings = json.Member("findings"u8) is JsonElement findings ? new RunFindings(findings.Int("rows"u8), findings.Text("sha256"u8)) : null,
        Code = json.TextOrNull("code"u8),
        Message = json.TextOrNull("message"u8),
    };

    private static void Write(Utf8JsonWriter json, Proven proven)
    {
        json.WriteNumber("newest"u8, proven.Newest);
        json.WriteStartObject("verified_utc"u8);
        foreach ((long sequence, DateTimeOffset at) in proven.VerifiedUtc) json.WriteString(Invariant($"{sequence}"), at);
        json.WriteEndObject();
    }

    private static Proven ReadProven(JsonElement json)
    {
        Dictionary<long, DateTimeOffset> verified = [];
        foreach (JsonProperty snapshot in json.Required("verified_utc"u8).EnumerateObject())
        {
            if (!long.TryParse(snapshot.Name, CultureInfo.InvariantCulture, out long sequence)) throw new JsonException("no sequence");
            verified[sequence] = snapshot.Value.Time();
        }
        return new Proven(json.Long("newest"u8), verified);
    }
}
