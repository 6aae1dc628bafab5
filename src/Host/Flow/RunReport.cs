using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>How a run ended, for people, machines and the exit code.</summary>
public sealed record RunReport
{
    public required string Pipeline { get; init; }
    public required string RunId { get; init; }
    public required int ExitCode { get; init; }

    public required RunEnding Ending { get; init; }

    /// <summary>Why nothing was published; none otherwise.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Lines for pipelines.yaml, below `source:`, that read the folders that were not read; none where all were.</summary>
    public IReadOnlyList<string> FolderSetting { get; init; } = [];

    /// <summary>Keys of scans without a stored result, where only stored results are taken.</summary>
    public IReadOnlyList<string> NotMeasured { get; init; } = [];
    public int ScansFound { get; init; }
    public int ScansOk { get; init; }
    public int ScansWarning { get; init; }
    public int ScansFailed { get; init; }

    /// <summary>Left out by `source.exclude`; counted among those found.</summary>
    public int ScansExcluded { get; init; }

    /// <summary>The first 1,000 scans that failed, each with the code of its gravest finding.</summary>
    public IReadOnlyList<FailedEntry> Failed { get; init; } = [];

    /// <summary>Scans whose stored result was taken.</summary>
    public int ScansFromCache { get; init; }

    /// <summary>Scans whose files had to be read to see whether their result is stored.</summary>
    public int ScansHashed { get; init; }

    /// <summary>Stored bytes of the CTs and masks that were measured.</summary>
    public long BytesRead { get; init; }

    /// <summary>Rows of each table, published or not.</summary>
    public IReadOnlyDictionary<string, int> Rows { get; init; } = new Dictionary<string, int>();

    /// <summary>The worst first, then the most frequent.</summary>
    public IReadOnlyList<FindingCount> Findings { get; init; } = [];

    /// <summary>Sequence of the snapshot that is current afterwards.</summary>
    public long? Sequence { get; init; }
    public string? Snapshot { get; init; }
    public required string Warehouse { get; init; }
    public required string Source { get; init; }

    /// <summary>The copy in an object store, where the pipeline keeps one and it went well.</summary>
    public CopyReport? Copy { get; init; }
    public double ElapsedSeconds { get; init; }

    /// <summary>With how the copy went: what is published stays so.</summary>
    internal RunReport With(DestinationCopy copy) => this with
    {
        ExitCode = Math.Max(ExitCode, copy.ExitCode),
        Reasons = copy.Trouble is string trouble ? [.. Reasons, Finding.OneLine(trouble)] : Reasons,
        Copy = copy.Outcome is { Foreign: null } done ? new CopyReport(done.Place, done.Objects, done.Bytes, done.Removed) : null,
    };
}

/// <summary>What a run put into an object store.</summary>
public sealed record CopyReport(string Place, int Objects, long Bytes, int Removed);

/// <summary>A scan that failed, and why.</summary>
public sealed record FailedEntry(string ScanKey, string Code)
{
    internal static FailedEntry Of(ScanResult failed) =>
        new(failed.Scan.ScanKey, failed.Findings.FirstOrDefault(finding => finding.Severity == Severity.Error)?.Code ?? "");
}

/// <summary>Findings of one code and severity, with the first one's message.</summary>
public sealed record FindingCount(string Code, Severity Severity, int Count, string Example)
{
    public static IReadOnlyList<FindingCount> Of(IEnumerable<Finding> findings) => Of(findings
        .AggregateBy(finding => (finding.Code, finding.Severity), _ => (Count: 0, Example: ""),
            (seen, finding) => seen.Count == 0 ? (1, finding.Message) : (seen.Count + 1, seen.Example))
        .Select(group => new FindingCount(group.Key.Code, group.Key.Severity, group.Value.Count, group.Value.Example)));

    internal static IReadOnlyList<FindingCount> Of(CohortTally tally) =>
        Of(tally.Groups.Select(group => new FindingCount(group.Code, group.Severity, group.Count, group.First[0].Message)));

    private static IReadOnlyList<FindingCount> Of(IEnumerable<FindingCount> counts) =>
    [
        .. counts
            .OrderByDescending(count => (int)count.Severity).ThenByDescending(count => count.Count).ThenBy(count => count.Code, StringComparer.Ordinal),
    ];
}
