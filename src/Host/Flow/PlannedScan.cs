using System.Text.Json;
using System.Text.Json.Serialization;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Flow;

/// <summary>One scan to measure: a line of `plan --json-lines`, of `measure --scans`, and of a job that hosts share.</summary>
/// <param name="Key">`dataset/split/scan_id`.</param>
/// <param name="Bytes">Stored bytes of the files together.</param>
/// <param name="Work">`measure`, `hash` (and measure if it differs), `paint` or `take`; null where nobody looked.</param>
/// <param name="Warehouse">The id of the warehouse that was asked; null where there was none yet.</param>
public sealed record PlannedScan(string Key, IReadOnlyList<PlannedFile> Files, long Bytes, string? Work, string? Warehouse)
{
    internal static PlannedScan Of(ScanFiles scan, Pipeline pipeline, ScanWork? work = null, string? warehouse = null)
    {
        PlannedFile[] files = [.. EntryKeys.FilesOf(scan).Select(file => new PlannedFile(file.Relative, SizeOf(file, pipeline)))];
        return new PlannedScan(scan.Key.Text, files, files.Sum(file => file.Bytes ?? 0), work?.ToString().ToLowerInvariant(), warehouse);
    }

    /// <summary>A key alone, or the JSON of one line; null for a line that is neither.</summary>
    public static PlannedScan? Parse(string line)
    {
        if (!line.StartsWith('{')) return new PlannedScan(line.Trim(), [], 0, null, null);
        try
        {
            return Json.Read<PlannedScan>(line) is { Key.Length: > 0 } scan ? scan with { Files = scan.Files ?? [] } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the scan as it is here is the one that was planned; a bare key says nothing about files.</summary>
    public bool IsSeenAs(PlannedScan here) => Key == here.Key && (Files.Count == 0 || Files.SequenceEqual(here.Files));

    /// <summary>What the list gives to divide by: nothing where it is of keys.</summary>
    [JsonIgnore]
    public bool IsKeyAlone => Files.Count == 0;

    private static long? SizeOf(SourcePath file, Pipeline pipeline)
    {
        try
        {
            return SourceFile.Stat(file, pipeline.Reading.FollowLinks).Size;
        }
        catch (Exception error) when (error is Extract.BadFileException || StorageException.Covers(error))
        {
            return null;
        }
    }
}

/// <summary>A file of a planned scan, by its path below the source; without bytes where it could not be looked at.</summary>
public sealed record PlannedFile(string Path, long? Bytes);
