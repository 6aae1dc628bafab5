using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.Json.Serialization;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Load.Publishing;

/// <summary>Something that happened in a run under way.</summary>
internal sealed record RunNote
{
    /// <summary>A new phase, in words for people.</summary>
    public string? Phase { get; init; }

    /// <summary>Scans there are to measure.</summary>
    public int? Scans { get; init; }

    /// <summary>A scan that is done.</summary>
    public string? ScanKey { get; init; }

    /// <summary>Its status.</summary>
    public string? Status { get; init; }

    /// <summary>Null for none.</summary>
    public IReadOnlyList<Finding>? Findings { get; init; }
}

/// <summary>
/// runs/&lt;run_id&gt;.journal: what a run under way has noticed, a line of JSON each time, for processes that look on. Its writer holds
/// runs/&lt;run_id&gt;.lock and removes both at the end: a journal without it is what a killed run leaves behind. It holds hints only: a journal that
/// cannot be written costs who looks on, never the run. Safe to use from several threads.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class RunJournal : IDisposable
{
    public const string Extension = ".journal";

    // a file of its own: the runtime takes a lock on what it opens
    private const string LockExtension = ".lock";

    private static readonly byte[] EndOfLine = [(byte)'\n'];

    private readonly string _path;
    private readonly IDisposable? _held;
    private readonly Lock _writing = new();
    private FileStream? _file;

    private RunJournal(string path, IDisposable? held, FileStream? file) => (_path, _held, _file) = (path, held, file);

    public static RunJournal Begin(string path)
    {
        try
        {
            IDisposable? held = null;
            // one who looks on may have it for a moment, to see whether it is held
            for (int tries = 0; held is null && tries < 50; tries++, Thread.Sleep(tries)) held = Durable.TryLock(LockOf(path));
            return new RunJournal(path, held, new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));
        }
        catch (Exception error) when (error is StorageException || StorageException.Covers(error))
        {
            return new RunJournal(path, null, null);
        }
    }

    public void Write(RunNote note)
    {
        byte[] line = [.. JournalLine.Of(note), .. EndOfLine];
        lock (_writing)
        {
            try
            {
                _file?.Write(line);
            }
            catch (Exception error) when (StorageException.Covers(error))
            {
                // half a line would spoil the next one
                _file?.Dispose();
                _file = null;
            }
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            _file?.Dispose();
            _file = null;
            try
            {
                Durable.Unlink(_path);
                Durable.Unlink(LockOf(_path));
            }
            catch (StorageException)
            {
                // unlocked it is seen as what a killed run left
            }
            _held?.Dispose();
        }
    }

    /// <summary>Its run is at work; also where that cannot be told.</summary>
    public static bool IsHeld(string path)
    {
        if (!File.Exists(LockOf(path))) return false;
        try
        {
            using IDisposable? free = Durable.TryLock(LockOf(path));
            return free is null && File.Exists(LockOf(path));
        }
        catch (StorageException)
        {
            return true;
        }
    }

    private static string LockOf(string path) => Path.ChangeExtension(path, LockExtension);
}

/// <summary>A note as <see cref="JournalJson"/> writes it, member by member: making that ready takes a short run longer than all its notes.</summary>
internal static class JournalLine
{
    public static byte[] Of(RunNote note)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            Text(json, "phase"u8, note.Phase);
            if (note.Scans is int scans) json.WriteNumber("scans"u8, scans);
            Text(json, "scan_key"u8, note.ScanKey);
            Text(json, "status"u8, note.Status);
            if (note.Findings is not null)
            {
                json.WriteStartArray("findings"u8);
                foreach (Finding finding in note.Findings) Write(json, finding);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return line.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        Text(json, "code"u8, finding.Code);
        Text(json, "severity"u8, finding.Severity.ToString());
        Text(json, "scan_key"u8, finding.ScanKey);
        Text(json, "dataset"u8, finding.Dataset);
        Text(json, "split"u8, finding.Split);
        Text(json, "scan_id"u8, finding.ScanId);
        if (finding.Label is int label) json.WriteNumber("label"u8, label);
        Text(json, "path"u8, finding.Path);
        Text(json, "field"u8, finding.Field);
        Text(json, "observed"u8, finding.Observed);
        Text(json, "expected"u8, finding.Expected);
        Text(json, "message"u8, finding.Message);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}

/// <summary>Reads a journal while it is written, also beyond the moment at which its run removes it.</summary>
internal sealed class JournalReader(string path) : IDisposable
{
    private readonly StreamReader _lines = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
    private string _begun = "";

    /// <summary>What was written since the last call; lines that cannot be read are left out.</summary>
    public IEnumerable<RunNote> Next()
    {
        string[] lines = (_begun + _lines.ReadToEnd()).Split('\n');
        _begun = lines[^1];
        foreach (string line in lines[..^1])
            if (Parse(line) is RunNote note) yield return note;
    }

    public void Dispose() => _lines.Dispose();

    private static RunNote? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, JournalJson.Default.RunNote);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunNote))]
internal sealed partial class JournalJson : JsonSerializerContext;
