using VerseEtl.Host.Display;
using VerseEtl.Host.Jobs;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>All that is known of one run.</summary>
public sealed record RunView
{
    public required string Pipeline { get; init; }
    public required string RunId { get; init; }

    /// <summary>Of the pipeline's schedule; null without one.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>Its entry in the ledger; null before it has one.</summary>
    public RunRecord? Record { get; init; }

    /// <summary>How far it is; null unless it goes on in this process.</summary>
    public RunProgress? UnderWay { get; init; }

    /// <summary>What it said; null where another process ran it, or this one has forgotten.</summary>
    public RunTrace? Trace { get; init; }

    /// <summary>What it noticed of severity error; null where nothing was kept.</summary>
    public FirstFindings? Errors { get; init; }

    /// <summary>What else it noticed.</summary>
    public FirstFindings? Others { get; init; }

    /// <summary>Against the snapshot before; null where it published none, or there is none before.</summary>
    public SnapshotChanges? Changes { get; init; }

    /// <summary>The changes would take long and are only looked for if somebody asks.</summary>
    public bool ChangesOnRequest { get; init; }

    /// <summary>Something of it cannot be read; null if all can.</summary>
    public string? Trouble { get; init; }

    /// <summary>A snapshot is published, so that scans have reports.</summary>
    public bool HasReports { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>In one line, how it ended or how far it is.</summary>
    public string Headline => this switch
    {
        { UnderWay: { } run } => run.Failed > 0 ? Invariant($"under way; {run.Failed} of {run.Done} scans failed so far") : "under way",
        { Record: null } => "not in the ledger yet",
        { Record.EndedUtc: null } => "it goes on in another process, or it was killed",
        { Record: { } record } => record.ScansFailed > 0
            ? Invariant($"{Ended(record)}; {record.ScansFailed} of {record.ScansFound} scans failed")
            : Ended(record),
    };

    private static string Ended(RunRecord record) =>
        record.Sequence is long sequence ? Invariant($"{record.Outcome}, snapshot {sequence}") : record.Outcome.Word;
}

/// <summary>The first of many findings, the gravest first.</summary>
/// <param name="Counts">Of all, by severity.</param>
public sealed record FirstFindings(IReadOnlyList<Finding> First, IReadOnlyList<(Severity Severity, int Count)> Counts)
{
    public const int Most = 300;

    public int Count => Counts.Sum(each => each.Count);

    internal static FirstFindings Of(WorstFirst all, params Severity[] severities) => new(
        [.. all.Rows().Where(finding => severities.Contains(finding.Severity)).Take(Most)],
        [.. severities.Select(severity => (severity, all.Count(severity))).Where(each => each.Item2 > 0)]);
}
