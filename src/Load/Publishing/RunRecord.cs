using System.Text.Json.Serialization;

namespace VerseEtl.Load.Publishing;

/// <summary>runs/&lt;run_id&gt;.json: that a run began and how it ended, also one that published nothing.</summary>
public sealed record RunRecord
{
    public required string RunId { get; init; }
    public string? RunKey { get; init; }
    public string? Pipeline { get; init; }
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>Null while it goes on, and for ever if it was killed.</summary>
    public DateTimeOffset? EndedUtc { get; init; }

    public required RunEnding Outcome { get; init; }
    public int? ExitCode { get; init; }

    /// <summary>Sequence that the run published; null if none.</summary>
    public long? Sequence { get; init; }
    public int? ScansFound { get; init; }
    public int? ScansOk { get; init; }
    public int? ScansWarning { get; init; }
    public int? ScansFailed { get; init; }
    public int? ScansExcluded { get; init; }

    /// <summary>Scans measured in this run; the others came from the cache.</summary>
    public int? ScansMeasured { get; init; }

    /// <summary>Account that asked for it on the page; null for a schedule and the command line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }

    /// <summary>Sequence of the snapshot that was current when the run ended; null where it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CurrentSequence { get; init; }

    /// <summary>What a run noticed that published nothing; null where a snapshot has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunFindings? Findings { get; init; }

    /// <summary>Code of the failure; null if there was none.</summary>
    public string? Code { get; init; }
    public string? Message { get; init; }
}

/// <summary>runs/&lt;run_id&gt;.findings.parquet: rows of the table `findings` that were never published.</summary>
public sealed record RunFindings(int Rows, string Sha256);

/// <summary>hold.json: scheduled runs skip until `release`.</summary>
public sealed record Hold(DateTimeOffset SinceUtc, long RolledBackTo, string Reason);
