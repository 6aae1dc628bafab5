using System.Collections.Concurrent;
using Serilog;
using VerseEtl.Extract;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>Which scans one process of many measures, and where their results go.</summary>
public sealed record MeasureOptions
{
    /// <summary>These scans alone; null for all of the source.</summary>
    internal ScanPlan? Scans { get; init; }

    /// <summary>Subjects, without `sub-`; null for all.</summary>
    public IReadOnlyList<string>? Participants { get; init; }

    /// <summary>A part of them.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>Absolute path of a folder for the results; null for the warehouse's own cache.</summary>
    public string? Out { get; init; }

    /// <inheritdoc cref="RunOptions.Full"/>
    public bool Full { get; init; }

    /// <inheritdoc cref="RunOptions.Verify"/>
    public bool Verify { get; init; }
}

/// <summary>
/// Measures scans of one pipeline for a run that publishes later, here or elsewhere. What is about the whole source is not judged here: duplicates,
/// absent folders, partial files. Any number may be at work at once, also at the same scans.
/// </summary>
public sealed class MeasureRun(Pipeline pipeline, MeasureOptions options, TimeProvider time, ILogger log)
{
    /// <summary>Measures one scan; tests put a failing one in its place.</summary>
    public Func<ScanFiles, ReadingLimits, CancellationToken, ScanResult> Measure { get; init; } = new ScanMeasuring().Measure;

    /// <summary>Lists the source; a host that measures many parts of a run lists it once.</summary>
    internal Func<ScanRetry, CancellationToken, Task<TreeListing>> List { get; init; } =
        (retry, token) => SourceListing.Walk(pipeline.Source.At(time.GetUtcNow()), room: null, retry, token);

    /// <exception cref="OperationCanceledException">Stopped; what was measured is kept.</exception>
    public async Task<MeasureReport> Execute(IProgress<RunStep>? progress, CancellationToken token)
    {
        long started = time.GetTimestamp();
        MeasureReport report = new() { Pipeline = pipeline.Name, Shard = options.Shard.ToString(), Source = pipeline.Source.Path, Results = Results };
        try
        {
            report = await Measured(report, progress, token);
        }
        catch (RunStoppedException stop)
        {
            report = report with { ExitCode = stop.ExitCode, Reasons = stop.Reasons };
        }
        catch (StorageException storage)
        {
            report = report with { ExitCode = ExitCode.Of(storage), Reasons = [$"{storage.Code} {storage.Message}"] };
        }
        return report with { ElapsedSeconds = time.GetElapsedTime(started).TotalSeconds };
    }

    private string Results => options.Out ?? pipeline.Load.Path;

    private async Task<MeasureReport> Measured(MeasureReport report, IProgress<RunStep>? progress, CancellationToken token)
    {
        // before the first scan is read: results that cannot be stored should not be found out after an hour
        string? cache = options.Out is null ? Prepared() : null;
        SourceListing.MakeSample(pipeline, progress, token);
        progress?.Report(new RunStep.Phase("listing scans"));
        ScanRetry retry = new(time, (error, number) => log.Warning("Try {Try} failed: {Kind}", number, error.GetType().Name));
        TreeListing listing = await Listed(retry, token);
        IReadOnlyList<ScanFiles> scans = ChosenScans.Of(listing.Scans, pipeline, options);
        // a folder of one's own only for a source that is there
        cache ??= Prepared();
        progress?.Report(new RunStep.Listed(scans.Count));

        RunOptions part = new() { Full = options.Full, Verify = options.Verify, IsPart = true };
        using StoredResults stored = new(cache, pipeline, part, time, Measure);
        ScanSchedule schedule = new(stored.Measure, retry, time, log);
        ConcurrentDictionary<int, FailedEntry> failed = [];
        void Done(int at, ScanResult result)
        {
            stored.Record(scans[at], result);
            if (result.Scan.Status == ScanStatus.Failed) failed[at] = FailedEntry.Of(result);
        }
        await schedule.Measure(scans, pipeline.Workers, Done, progress, token);
        return report with
        {
            ScansFound = listing.Scans.Count,
            Scans = scans.Count,
            ScansFromCache = stored.Taken,
            BytesRead = stored.BytesRead,
            Failed = [.. failed.OrderBy(entry => entry.Key).Select(entry => entry.Value)],
        };
    }

    private string Prepared()
    {
        if (options.Out is null)
        {
            Warehouse warehouse = Warehouse.Open(pipeline.Load.Path, new WarehouseOptions { SourcePath = pipeline.Source.Folder });
            RequireWarehouse(warehouse.Id);
            return warehouse.CachePath;
        }
        string cache = Path.Join(options.Out, StoredResults.CacheFolder);
        return StorageGuard.Guard(() => Directory.CreateDirectory(cache).FullName);
    }

    private void RequireWarehouse(string? id)
    {
        if (options.Scans?.Warehouses.Any(planned => planned != id) != true) return;
        throw new RunStoppedException(ExitCode.Storage,
            $"{pipeline.Load.Path} is not the warehouse that the scans were planned for; is the shared file system mounted here?");
    }

    private async Task<TreeListing> Listed(ScanRetry retry, CancellationToken token)
    {
        try
        {
            TreeListing listing = await List(retry, token);
            // what one host does not see would be in no part, or in two
            if (options.Shard.Count > 1 && options.Scans is null && listing.Findings.FirstOrDefault(SourceListing.IsUnseen) is Finding unseen)
                throw new RunStoppedException(ExitCode.SourceUnavailable, $"{unseen.Code} {unseen.Message}");
            return listing;
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            throw new RunStoppedException(ExitCode.SourceUnavailable, $"the source cannot be listed: {error.Message}");
        }
    }
}

/// <summary>How one process of many ended.</summary>
public sealed record MeasureReport
{
    public required string Pipeline { get; init; }
    public int ExitCode { get; init; }

    /// <summary>Why nothing was measured; none otherwise.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>As in `3/8`.</summary>
    public required string Shard { get; init; }

    /// <summary>Scans of the source.</summary>
    public int ScansFound { get; init; }

    /// <summary>Scans of this process: each has a stored result now, or its failure is recorded.</summary>
    public int Scans { get; init; }

    /// <summary>Of these, whose result was stored already.</summary>
    public int ScansFromCache { get; init; }

    /// <summary>Stored bytes of the CTs and masks that were measured.</summary>
    public long BytesRead { get; init; }

    /// <inheritdoc cref="RunReport.Failed"/>
    public IReadOnlyList<FailedEntry> Failed { get; init; } = [];
    public required string Source { get; init; }

    /// <summary>The warehouse or folder that has the results.</summary>
    public required string Results { get; init; }
    public double ElapsedSeconds { get; init; }
}
