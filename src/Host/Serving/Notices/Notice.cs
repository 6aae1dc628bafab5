using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Serving.Notices;

/// <summary>How a pipeline was when somebody was last told: whether its runs publish, and whether its audit agrees.</summary>
internal sealed record ReportedState(bool Failing, bool AuditDiffers)
{
    public static ReportedState Fine { get; } = new(false, false);

    /// <summary>The state after a run; what a run tells nothing about stays as it was.</summary>
    public ReportedState After(RunReport report) => report switch
    {
        { Ending.ShowsHealth: false } => this,
        { ExitCode: not (ExitCode.Done or ExitCode.PublishedWithErrors) } => this with { Failing = true },
        _ => new ReportedState(false, report.Findings.Any(finding => finding.Code == Faults.AudDiffers.Code)),
    };
}

/// <summary>The JSON of one message: what changed, by codes and counts. It holds no path and nothing from a scan's files.</summary>
internal sealed record Notice
{
    /// <summary>`failed`, `audit_differs` or `recovered`.</summary>
    public required string Event { get; init; }

    /// <summary>One line for people, under the name that chat programs read.</summary>
    public required string Text { get; init; }
    public required string Pipeline { get; init; }
    public required string RunId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required RunEnding Ending { get; init; }
    public required int ExitCode { get; init; }
    public long? Sequence { get; init; }
    public required int ScansFound { get; init; }
    public required int ScansFailed { get; init; }

    /// <summary>Codes that the reasons begin with; the reasons themselves may name paths.</summary>
    public required IReadOnlyList<string> Codes { get; init; }
    public required IReadOnlyList<NoticeFinding> Findings { get; init; }

    /// <summary>Null where nothing changed that people want to be told.</summary>
    public static Notice? Of(Pipeline pipeline, RunReport report, ReportedState before, DateTimeOffset now)
    {
        ReportedState after = before.After(report);
        (string Event, string Text)? said = (before, after) switch
        {
            ({ Failing: false }, { Failing: true }) => ("failed", $"failed, nothing was published: {Host.ExitCode.Meaning(report.ExitCode)}"),
            ({ AuditDiffers: false }, { AuditDiffers: true }) => ("audit_differs", "published numbers differ from what this copy gives"),
            ({ Failing: true }, { Failing: false, AuditDiffers: true }) =>
                ("audit_differs", "runs again, but published numbers differ from what this copy gives"),
            ({ Failing: true }, { Failing: false }) => ("recovered", $"runs again: {report.Ending}"),
            ({ AuditDiffers: true }, { AuditDiffers: false, Failing: false }) => ("recovered", "the published numbers agree again"),
            _ => null,
        };
        return said is not (string what, string text) ? null : new Notice
        {
            Event = what,
            Text = $"VerseEtl, pipeline {pipeline.Name}: {text}",
            Pipeline = pipeline.Name,
            RunId = report.RunId,
            At = now,
            Ending = report.Ending,
            ExitCode = report.ExitCode,
            Sequence = report.Sequence,
            ScansFound = report.ScansFound,
            ScansFailed = report.ScansFailed,
            Codes = [.. report.Reasons.Select(reason => reason.Split(' ')[0]).Where(IsCode).Distinct()],
            Findings = [.. report.Findings.Select(finding => new NoticeFinding(finding.Code, finding.Severity, finding.Count))],
        };
    }

    private static bool IsCode(string word) => word.Contains('_', StringComparison.Ordinal)
        && word.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter) || letter == '_');
}

internal sealed record NoticeFinding(string Code, Severity Severity, int Count);
