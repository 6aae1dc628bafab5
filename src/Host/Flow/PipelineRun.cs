using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Serilog;
using VerseEtl.Extract;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>
/// One run of one pipeline: list the scans, measure each, put the tables together, ask the gate, publish. Every way it can end is a
/// report with an exit code; only a cancellation leaves as an exception.
/// </summary>
public sealed class PipelineRun(Pipeline pipeline, RunOptions options, TimeProvider time, ILogger log)
{
    public static string CodeVersion { get; } =
        typeof(PipelineRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Measures one scan; tests put a failing one in its place.</summary>
    public Func<ScanFiles, ReadingLimits, CancellationToken, ScanResult> Measure { get; init; } = Stages.Measure;

    /// <exception cref="OperationCanceledException">Stopped before the commit; nothing was published.</exception>
    public async Task<RunReport> Execute(IProgress<RunStep>? progress, CancellationToken token)
    {
        string runId = NewRunId();
        ILogger runLog = log.ForContext("RunId", runId).ForContext("Pipeline", pipeline.Name);
        long started = time.GetTimestamp();
        RunReport report = await Guarded(new Attempt(runId, runLog), progress, token) with { ElapsedSeconds = time.GetElapsedTime(started).TotalSeconds };
        runLog.Write(report.ExitCode is ExitCode.Done or ExitCode.PublishedWithErrors ? Serilog.Events.LogEventLevel.Information : Serilog.Events.LogEventLevel.Warning,
            "Run {Ending} with code {ExitCode}: {Scans} scans, {Failed} failed, snapshot {Sequence}, {ElapsedMs} ms; {Reasons}",
            report.Ending, report.ExitCode, report.ScansFound, report.ScansFailed, report.Sequence, (long)(report.ElapsedSeconds * 1000), report.Reasons);
        return report;
    }

    private async Task<RunReport> Guarded(Attempt attempt, IProgress<RunStep>? progress, CancellationToken token)
    {
        try
        {
            return await Run(attempt, progress, token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            attempt.Log.Warning("Run stopped; nothing was published");
            throw;
        }
        catch (RunStoppedException stop)
        {
            return attempt.NotPublished(pipeline, stop.ExitCode, stop.Reasons);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            attempt.Log.Error(error, "Run met an unexpected error");
            return attempt.NotPublished(pipeline, ExitCode.Internal, [$"an unexpected {error.GetType().Name}; the log has the rest, please report it"]) with { Ending = "failed" };
        }
    }

    private async Task<RunReport> Run(Attempt attempt, IProgress<RunStep>? progress, CancellationToken token)
    {
        Snapshot? previous = Storage(() => Stages.Current(pipeline.Load));
        progress?.Report(new RunStep.Phase("listing scans"));
        TreeListing listing = await List(attempt, token);
        progress?.Report(new RunStep.Listed(listing.Scans.Count));
        attempt.Found = listing.Scans.Count;

        ScanRetry retry = new(time, (error, number) => attempt.Log.Warning("Try {Try} failed: {Kind}", number, error.GetType().Name));
        ScanSchedule schedule = new((scan, cancelled) => Measure(scan, pipeline.Reading, cancelled), retry, time, attempt.Log);
        IReadOnlyList<ScanResult> results = await schedule.Measure(listing.Scans, pipeline.Workers, progress, token);

        progress?.Report(new RunStep.Phase("making tables"));
        PublishedTables tables = Tables(results, listing);
        attempt.Tables = tables;
        RequireConservation(listing, tables);
        await AskGate(results, listing, tables, previous, token);

        progress?.Report(new RunStep.Phase("publishing"));
        PublishRequest request = new()
        {
            Tables = tables,
            RunId = attempt.RunId,
            RunKey = options.RunKey,
            InputDigest = Digests.OfInputs(results, listing.Findings),
            OptionsDigest = Digests.OfOptions(pipeline, CodeVersion),
            ScansFound = listing.Scans.Count,
        };
        PublishOutcome outcome = await Storage(() => Stages.Publish(pipeline.Load, request, token));
        return attempt.Ended(pipeline, outcome, options.FailOn);
    }

    private async Task<TreeListing> List(Attempt attempt, CancellationToken token)
    {
        try
        {
            ScanRetry retry = new(time, (error, number) => attempt.Log.Warning("Listing, try {Try} failed: {Kind}", number, error.GetType().Name));
            TreeListing listing = await retry.Execute(cancelled => Stages.Walk(pipeline.Source, cancelled), token);
            string[] missing = [.. listing.Findings.Where(IsMissingFolder).Select(finding => finding.Message)];
            if (missing.Length > 0 && !options.AcceptShrink) throw new RunStoppedException(ExitCode.SourceUnavailable, missing);
            return listing;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunStoppedException(ExitCode.SourceUnavailable, $"the source cannot be listed: {error.Message}");
        }
    }

    private static bool IsMissingFolder(Finding finding) => finding.Code == Faults.TreeFolderMissing.Code && finding.Severity == Severity.Error;

    private PublishedTables Tables(IReadOnlyList<ScanResult> results, TreeListing listing)
    {
        ScanResult[] ordered = [.. results.OrderBy(result => result.Scan.ScanKey, StringComparer.Ordinal)];
        IReadOnlyList<ScanRow> scans = DuplicateScans.Link([.. ordered.Select(result => result.Scan)]);
        VertebraRow[] vertebrae = [.. ordered.SelectMany(result => result.Vertebrae.OrderBy(row => row.AnatomicalOrder))];
        Finding[] findings = [.. ordered.SelectMany(result => result.Findings), .. listing.Findings];
        PublishedTables tables = Stages.Cohort(pipeline, scans, vertebrae, findings);
        return tables with { Findings = OnePerKey(tables.Findings) };
    }

    /// <summary>In key order; of findings with the same key the most severe one stays.</summary>
    internal static IReadOnlyList<Finding> OnePerKey(IReadOnlyList<Finding> findings)
    {
        List<Finding> kept = [];
        foreach (Finding finding in findings.OrderBy(finding => finding, Comparer<Finding>.Create(Finding.CompareByKey)).ThenByDescending(finding => finding.Severity))
            if (kept.Count == 0 || Finding.CompareByKey(kept[^1], finding) != 0) kept.Add(finding);
        return kept;
    }

    private static void RequireConservation(TreeListing listing, PublishedTables tables)
    {
        IEnumerable<string> found = listing.Scans.Select(scan => scan.Key.Text).Order(StringComparer.Ordinal);
        bool each = tables.Scans.All(scan => scan.Status is ScanStatus.Ok or ScanStatus.Warning or ScanStatus.Failed);
        if (each && found.SequenceEqual(tables.Scans.Select(scan => scan.ScanKey), StringComparer.Ordinal)) return;
        Finding finding = Finding.Of(Faults.RunConservation, observed: Invariant($"{tables.Scans.Count} rows"), expected: Invariant($"{listing.Scans.Count} scans, each once"));
        throw new RunStoppedException(ExitCode.Internal, $"{finding.Code} {finding.Message}");
    }

    private async Task AskGate(IReadOnlyList<ScanResult> results, TreeListing listing, PublishedTables tables, Snapshot? previous, CancellationToken token)
    {
        Dictionary<string, string>? before = previous is null ? null
            : (await Storage(() => Stages.ScansOf(previous, token))).ToDictionary(scan => scan.ScanKey, scan => scan.Status, StringComparer.Ordinal);
        IReadOnlyList<string> objections = PublishGate.Objections(tables.Scans, results.Count(FailedScan.IsUnavailable), before, pipeline.Thresholds);
        if (objections.Count == 0 || (options.AcceptShrink && listing.Scans.Count > 0)) return;
        throw new RunStoppedException(ExitCode.Breaker, [.. objections.Select(objection => $"{Faults.RunBreaker.Code} {objection}"), Faults.RunBreaker.Action]);
    }

    private static T Storage<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunStoppedException(ExitCode.Storage, $"the warehouse cannot be used: {error.Message}");
        }
    }

    private static async Task<T> Storage<T>(Func<Task<T>> use)
    {
        try
        {
            return await use();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunStoppedException(ExitCode.Storage, $"the warehouse cannot be used: {error.Message}");
        }
    }

    private string NewRunId() => string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMdd'T'HHmmss}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
