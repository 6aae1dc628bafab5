using VerseEtl.Host.Configuration;
using VerseEtl.Host.Schedules;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Jobs;

/// <summary>Where one pipeline stands at one moment: what its warehouse and this process know about it.</summary>
/// <param name="Running">Null unless it runs in this process.</param>
/// <param name="Next">Null without a schedule.</param>
/// <param name="Runs">The ledger, by start time.</param>
/// <param name="Trouble">Why the warehouse cannot be read, as a code or in words; null if it can or is not there yet.</param>
public sealed record PipelineStatus(Pipeline Pipeline, RunProgress? Running, DateTimeOffset? Next,
    IReadOnlyList<RunRecord> Runs, Hold? Hold, Snapshot? Current, SnapshotSummary? Summary, string? Trouble)
{
    public RunRecord? LastRun => Runs.Count > 0 ? Runs[^1] : null;

    public RunRecord? LastSuccess => Runs.LastOrDefault(run => run.Outcome.RefreshedTables);

    /// <summary>When every file of the current snapshot was last read and found whole; null for never.</summary>
    public DateTimeOffset? VerifiedUtc { get; init; }

    /// <summary>Runs of a time to come, by start time: a clock was wrong. They are not among <see cref="Runs"/> and count for nothing.</summary>
    public IReadOnlyList<RunRecord> Ahead { get; init; } = [];

    /// <summary>The run that hosts share, by the chunks that are done; null if none is.</summary>
    public RunProgress? Shared { get; init; }

    public RunProgress? UnderWay => Running ?? Shared;

    /// <summary>The last run that tells whether the pipeline can do its work; null if none does.</summary>
    public RunRecord? LastTelling => Runs.LastOrDefault(run => run.Outcome.ShowsHealth);

    /// <summary>What stands beside the pipeline's name; `idle` only where nothing asks for attention.</summary>
    public PipelineState StateAt(DateTimeOffset now) => this switch
    {
        { UnderWay: not null } => new("running", StateLook.Good),
        { Trouble: not null } => new("unreadable", StateLook.Bad),
        { Hold: not null } => new("held", StateLook.Some),
        { LastTelling.ExitCode: not (ExitCode.Done or ExitCode.PublishedWithErrors) } => new("last run failed", StateLook.Bad),
        _ when OverdueSince(now) is not null => new("overdue", StateLook.Bad),
        { Current.Manifest.ScansFailed: > 0 and int failed } => new(Invariant($"{failed} {(failed == 1 ? "scan" : "scans")} failed"), StateLook.Some),
        { Runs.Count: 0, Current: null } => new("no run yet", StateLook.Quiet),
        _ => new("idle", StateLook.Quiet),
    };

    /// <summary>
    /// Since when the tables lack a refresh that was due: two instants in a row without a success, and no run under way. Null where all is as it
    /// should be, also for a pipeline that never ran, is held or has no schedule.
    /// </summary>
    public DateTimeOffset? OverdueSince(DateTimeOffset now)
    {
        if (Pipeline.Schedule is not Schedule schedule || Running is not null || Hold is not null || Runs.Count == 0) return null;
        DateTimeOffset since = LastSuccess?.EndedUtc ?? Runs[0].StartedUtc;
        return ScheduledInstants.Last(schedule, now) is DateTimeOffset last
            && ScheduledInstants.Last(schedule, last.AddTicks(-1)) is DateTimeOffset before && since < before ? since : null;
    }
}

/// <summary>How much a state asks for attention.</summary>
public enum StateLook { Quiet, Good, Some, Bad }

/// <summary>A pipeline's state in a few words.</summary>
public sealed record PipelineState(string Words, StateLook Look);
