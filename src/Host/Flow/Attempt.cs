using Serilog;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>Stops a run on purpose: with the exit code and, in words for people, why.</summary>
internal sealed class RunStoppedException(int exitCode, params IReadOnlyList<string> reasons) : Exception(string.Join("; ", reasons))
{
    public int ExitCode { get; } = exitCode;
    public IReadOnlyList<string> Reasons { get; } = reasons;
}

/// <summary>How far one run has come; makes its report wherever it ends.</summary>
internal sealed class Attempt(string runId, ILogger log)
{
    public string RunId { get; } = runId;
    public ILogger Log { get; } = log;

    /// <summary>Scans that the walk found.</summary>
    public int Found { get; set; }

    /// <summary>Null until the tables are put together.</summary>
    public PublishedTables? Tables { get; set; }

    public RunReport NotPublished(Pipeline pipeline, int exitCode, IReadOnlyList<string> reasons) =>
        Report(pipeline, exitCode, "not published") with { Reasons = [.. reasons.Select(Finding.OneLine)] };

    public RunReport Ended(Pipeline pipeline, PublishOutcome outcome, FailOn failOn)
    {
        (string ending, int code) = outcome.Ending switch
        {
            PublishEnding.Published => ("published", Judge(failOn)),
            PublishEnding.Unchanged => ("unchanged", Judge(failOn)),
            PublishEnding.AlreadyPublished => ("already published", ExitCode.Done),
            PublishEnding.Overtaken => ("overtaken", ExitCode.Overtaken),
            _ => throw new InvalidOperationException($"Unknown ending {outcome.Ending}."),
        };
        return Report(pipeline, code, ending) with { Sequence = outcome.Current?.Sequence, Snapshot = outcome.Current?.Directory };
    }

    private int Judge(FailOn failOn)
    {
        Severity line = failOn == FailOn.Warning ? Severity.Warning : Severity.Error;
        bool bad = Tables!.Findings.Any(finding => finding.Severity >= line) || Tables.Scans.Any(scan => scan.Status == ScanStatus.Failed);
        return bad && failOn != FailOn.Never ? ExitCode.PublishedWithErrors : ExitCode.Done;
    }

    private RunReport Report(Pipeline pipeline, int exitCode, string ending) => new()
    {
        Pipeline = pipeline.Name,
        RunId = RunId,
        ExitCode = exitCode,
        Ending = ending,
        ScansFound = Found,
        ScansOk = Count(ScanStatus.Ok),
        ScansWarning = Count(ScanStatus.Warning),
        ScansFailed = Count(ScanStatus.Failed),
        Rows = Tables is null ? new Dictionary<string, int>() : new Dictionary<string, int>
        {
            ["vertebrae"] = Tables.Vertebrae.Count,
            ["scans"] = Tables.Scans.Count,
            ["label_statistics"] = Tables.LabelStatistics.Count,
            ["dataset_statistics"] = Tables.DatasetStatistics.Count,
            ["findings"] = Tables.Findings.Count,
            ["audit"] = Tables.Audit.Count,
        },
        Findings = FindingCount.Of(Tables?.Findings ?? []),
        Warehouse = pipeline.Load.Path,
        Source = pipeline.Source.Path,
    };

    private int Count(string status) => Tables?.Scans.Count(scan => scan.Status == status) ?? 0;
}
