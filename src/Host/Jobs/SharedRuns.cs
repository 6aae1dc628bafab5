using Hangfire;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Schedules;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Jobs;

/// <summary>
/// A run that several hosts share. The first step divides the scans that must be measured into parts and queues them; the last is an
/// ordinary run, which finds them all in the cache and publishes. Any host may take any step, any number of times.
/// </summary>
internal sealed class SharedRuns(DividedRuns runs, SourceViews views, HostAgreement hosts, ScanMeasuring measuring, JobSurroundings around)
{
    private static readonly TimeSpan AskedAgain = TimeSpan.FromSeconds(3);

    /// <summary>The run's scans are divided already.</summary>
    public bool IsUnderWay(RunKey key) => runs.IsUnderWay(key.ToString());

    /// <summary>The right to work at a pipeline while no run of it is shared; null if one is, or another host has the right.</summary>
    /// <exception cref="StorageException">The scheduler's storage failed.</exception>
    public IDisposable? TryHoldIdle(Pipeline pipeline) => Reached(() =>
    {
        IDisposable? held = runs.TryHold(pipeline.Name);
        if (held is null || runs.Of(pipeline.Name).Count == 0) return held;
        held.Dispose();
        return null;
    });

    /// <summary>Ends a run: hosts that are at a part of it end that, and nothing is published.</summary>
    /// <exception cref="StorageException">A storage failed.</exception>
    public RunsByHand.Begun Cancel(Pipeline pipeline, string run, string by) => Reached(() =>
    {
        Warehouse warehouse = Warehouse.Open(pipeline.Load.Path);
        using IDisposable? held = runs.TryHold(pipeline.Name);
        if (held is null) return RunsByHand.Begun.Refused("another host is at a step of it; cancel it there, or try again in a moment");
        if (!runs.IsUnderWay(run)) return RunsByHand.Begun.Refused("that run has ended");
        DateTimeOffset now = around.Time.GetUtcNow();
        RunRecord record = new()
        {
            RunId = RunId.New(around.Time),
            RunKey = run,
            Pipeline = pipeline.Name,
            StartedUtc = runs.Divided(run)?.SinceUtc ?? now,
            EndedUtc = now,
            Outcome = RunEnding.Cancelled,
            ExitCode = ExitCode.Interrupted,
            Message = $"cancelled by {by}",
        };
        // first, so that no host takes the run up again
        warehouse.Record(record);
        runs.End(run);
        return new RunsByHand.Begun(record.RunId, null);
    });

    /// <summary>Does what is next for a run.</summary>
    /// <param name="alone">The ordinary run, here and now.</param>
    public async Task<TriggerOutcome> Step(Pipeline pipeline, RunKey key, Func<Task<TriggerOutcome>> alone, CancellationToken token)
    {
        string run = key.ToString();
        using IDisposable? held = runs.TryHold(pipeline.Name);
        // or it died with the lock before it divided the run, which nobody but this job knows of then
        if (held is null) return AskAgain(pipeline, run, $"another host is at work on {run}");
        if (runs.Of(pipeline.Name).FirstOrDefault(other => other != run) is string running) return Skip(pipeline, $"{running} is still running");
        bool divided = runs.Divided(run) is not null;
        if (divided && runs.Open(run) is > 0 and long open) return Skip(pipeline, $"{run} waits for {open} parts");

        TreeListing? listing = await Listed(pipeline, run, divided, token);
        if (hosts.WhoSeesMore(pipeline.Name) is string seer)
            return AskAgain(pipeline, run, $"{seer} has seen more scans in {pipeline.Source.Path} than this host does, and is asked");
        if (!divided && listing is not null && Planned(pipeline, listing, token) is { Count: > 0 } planned)
        {
            IReadOnlyList<IReadOnlyList<PlannedScan>> chunks = Chunks.Divide(planned);
            runs.Begin(run, new DividedRun(around.Time.GetUtcNow(), planned.Count, chunks.Count, 0), [.. chunks.Select((chunk, at) =>
                (new ChunkKey(key, at).ToString(), new ScanPart(StoredResults.MeasuringVersion, chunk).ToString()))]);
            around.Log.Information("Run {RunKey} handed out: {Chunks} chunks, {Scans} scans", run, chunks.Count, planned.Count);
            return new TriggerOutcome($"{run} handed out in {chunks.Count} chunks", false, ExitCode.Done);
        }
        TriggerOutcome outcome = await alone();
        runs.End(run);
        return outcome;
    }

    /// <summary>Null where the source cannot be listed: the ordinary run says why.</summary>
    private async Task<TreeListing?> Listed(Pipeline pipeline, string run, bool divided, CancellationToken token)
    {
        try
        {
            ScanRetry retry = new(around.Time);
            return divided ? await views.Of(pipeline, run, retry, token) : await views.Now(pipeline, retry, token);
        }
        catch (Exception error) when (error is RunStoppedException || StorageException.Covers(error))
        {
            return null;
        }
    }

    /// <summary>The scans that must be measured; none where the warehouse cannot be opened, which the ordinary run tells.</summary>
    private List<PlannedScan> Planned(Pipeline pipeline, TreeListing listing, CancellationToken token)
    {
        try
        {
            Warehouse warehouse = Warehouse.Open(pipeline.Load.Path, new WarehouseOptions { SourcePath = pipeline.Source.Folder });
            using StoredResults stored = new(warehouse.CachePath, pipeline, new RunOptions(), around.Time, measuring.Measure);
            List<PlannedScan> planned = [];
            foreach (ScanFiles scan in listing.Scans)
            {
                token.ThrowIfCancellationRequested();
                if (stored.Ahead(scan).Work is not ScanWork.Take and ScanWork work) planned.Add(PlannedScan.Of(scan, pipeline, work, warehouse.Id));
            }
            return planned;
        }
        catch (StorageException)
        {
            return [];
        }
    }

    private static T Reached<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception error) when (error is Npgsql.NpgsqlException or BackgroundJobClientException)
        {
            throw new StorageException("STO_IO", "the scheduler's database cannot be reached");
        }
    }

    private TriggerOutcome AskAgain(Pipeline pipeline, string run, string reason)
    {
        around.Jobs.Schedule<PipelineJob>(job => job.Run(run, null!, CancellationToken.None), AskedAgain);
        return Skip(pipeline, reason);
    }

    private TriggerOutcome Skip(Pipeline pipeline, string reason) => TriggerOutcome.Skip(pipeline.Name, reason, around.Log);
}
