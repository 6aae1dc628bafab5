using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Serving.Notices;

/// <summary>How a pipeline was when somebody was last told: whether its runs publish, whether its audit agrees, and which scans fail.</summary>
/// <param name="FailedScans">A digest of the scans that fail and of why; null where none does.</param>
internal sealed record ReportedState(bool Failing, bool AuditDiffers, string? FailedScans = null)
{
    public static ReportedState Fine { get; } = new(false, false);

    /// <summary>The state after a run; what a run tells nothing about stays as it was.</summary>
    public ReportedState After(RunReport report) => report switch
    {
        { Ending.ShowsHealth: false } => this,
        { ExitCode: not (ExitCode.Done or ExitCode.PublishedWithErrors) } => this with { Failing = true },
        _ => new ReportedState(false, report.Findings.Any(finding => finding.Code == Faults.AudDiffers.Code), Digest(report.Failed)),
    };

    private static string? Digest(IReadOnlyList<FailedEntry> failed)
    {
        if (failed.Count == 0) return null;
        string all = string.Join('\n', failed.Select(entry => $"{entry.ScanKey} {entry.Code}").Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all))[..16]);
    }
}

/// <summary>
/// One message, and its JSON: what changed, by codes and counts. It holds no path and nothing from a scan's files; scans by their keys
/// only where somebody asked for that.
/// </summary>
internal sealed record Notice
{
    private const int MostNamed = 10;

    /// <summary>`failed`, `scans_failed`, `audit_differs` or `recovered`.</summary>
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
    public int ScansOk { get; init; }
    public int ScansWarning { get; init; }
    public required int ScansFailed { get; init; }

    /// <summary>Codes that the reasons begin with; the reasons themselves may name paths.</summary>
    public required IReadOnlyList<string> Codes { get; init; }
    public required IReadOnlyList<NoticeFinding> Findings { get; init; }

    /// <summary>Why scans failed, the most frequent first.</summary>
    public IReadOnlyList<NoticeFailure> Failed { get; init; } = [];

    /// <summary>What the snapshot changed against the one before, in words; none where nothing was published.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>Address of the run's page.</summary>
    public string? Link { get; init; }

    /// <summary>The same for people, below the line that says what has changed.</summary>
    [JsonIgnore]
    public IEnumerable<string> Lines =>
    [
        .. ScansFound > 0 ? [Invariant($"scans: {ScansFound} found, {ScansOk} ok, {ScansWarning} with warnings, {ScansFailed} failed")] : Array.Empty<string>(),
        .. Failed.Select(failure => Invariant($"failed: {failure.Code} x {failure.Count}, {failure.Meaning}{Told(failure.Scans)}")),
        .. Codes.Select(code => $"why: {code}, {Meaning(code)}"),
        .. Changes.Select(change => $"changes: {change}"),
        $"run {RunId}: {Ending}, exit {ExitCode}",
    ];

    /// <summary>As a way to tell has it: with the scans' keys or without.</summary>
    /// <param name="changes">Null where nothing was compared.</param>
    public Notice For(Notify notify, RunReport report, SnapshotChanges? changes) => this with
    {
        Failed =
        [
            .. from failed in report.Failed
               group failed.ScanKey by failed.Code into scans
               orderby scans.Count() descending, scans.Key
               select new NoticeFailure(scans.Key, scans.Count(), Meaning(scans.Key), notify.NameScans ? [.. scans.Take(MostNamed)] : []),
        ],
        // the first line counts, the others name scans
        Changes = changes is null ? [] : [.. changes.Summary.Take(notify.NameScans ? int.MaxValue : 1)],
    };

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
            ({ Failing: true }, { Failing: false, FailedScans: not null }) => ("scans_failed", $"runs again, but {Counted(report.Failed.Count)}"),
            ({ Failing: true }, { Failing: false }) => ("recovered", $"runs again: {report.Ending}"),
            (_, { Failing: false, FailedScans: string failed }) when failed != before.FailedScans => ("scans_failed", Counted(report.Failed.Count)),
            ({ AuditDiffers: true }, { AuditDiffers: false, Failing: false }) => ("recovered", "the published numbers agree again"),
            ({ FailedScans: not null }, { Failing: false, FailedScans: null }) => ("recovered", "no scan fails any more"),
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
            ScansOk = report.ScansOk,
            ScansWarning = report.ScansWarning,
            ScansFailed = report.ScansFailed,
            Codes = [.. report.Reasons.Select(reason => reason.Split(' ')[0]).Where(IsCode).Distinct()],
            Findings = [.. report.Findings.Select(finding => new NoticeFinding(finding.Code, finding.Severity, finding.Count))],
        };
    }

    private static string Counted(int scans) => Invariant($"{scans} {(scans == 1 ? "scan" : "scans")} failed");

    private static string Told(IReadOnlyList<string> scans) => scans.Count == 0 ? "" : ": " + string.Join(", ", scans);

    private static string Meaning(string code) => Faults.All.FirstOrDefault(fault => fault.Code == code)?.Meaning ?? "unknown";

    private static bool IsCode(string word) => word.Contains('_', StringComparison.Ordinal)
        && word.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter) || letter == '_');
}

/// <summary>Scans that failed for one reason.</summary>
/// <param name="Scans">Keys of some of them; none where they are only counted.</param>
internal sealed record NoticeFailure(string Code, int Count, string Meaning, IReadOnlyList<string> Scans);

internal sealed record NoticeFinding(string Code, Severity Severity, int Count);
