
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

    /// <summary>Scans measured in this run; the others came from the cache.</summary>
    public int? ScansMeasured { get; init; }

    /// <summary>Code of the failure; null if there was none.</summary>
    public string? Code { get; init; }
    public string? Message { get; init; }
}

/// <summary>hold.json: scheduled runs skip until `release`.</summary>
public sealed record Hold(DateTimeOffset SinceUtc, long RolledBackTo, string Reason);
