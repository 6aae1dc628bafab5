using Hangfire;
using Serilog;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Schedules;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Jobs;

/// <summary>
/// A run that several hosts share. The first step divides the scans that must be measured into chunks and queues them; the last is an
/// ordinary run, which finds them all in the cache and publishes. Any host may take any step, any number of times.
/// </summary>
internal sealed class SharedRuns(IBackgroundJobClient jobs, ScanMeasuring measuring, TimeProvider time, ILogger log)
{
    /// <summary>The run's scans are divided already.</summary>
    public static bool IsUnderWay(Pipeline pipeline, RunKey key)
    {
        try
        {
            return Warehouse.Exists(pipeline.Load.Path) && Warehouse.OpenForReading(pipeline.Load.Path).Work.Find(key.ToString()) is not null;
        }
        catch (StorageException)
        {
            return false;
        }
    }

    /// <summary>The right to work at a pipeline while no run of it is shared; null if one is, or another host has the right.</summary>
    /// <exception cref="StorageException">The warehouse's storage failed.</exception>
    public static IDisposable? TryHoldIdle(Pipeline pipeline)
    {
        WorkBoard board = Warehouse.Open(pipeline.Load.Path, new WarehouseOptions { SourcePath = pipeline.Source.Path }).Work;
        IDisposable? held = board.TryHold();
        if (held is null || board.RunKeys().Count == 0) return held;
        held.Dispose();
        return null;
    }

    /// <summary>Takes down a run's plan: hosts that are at a chunk end it, and nothing is published.</summary>
    /// <exception cref="StorageException">The warehouse's storage failed.</exception>
    public RunsByHand.Begun Cancel(Pipeline pipeline, string run, string by)
    {
        Warehouse warehouse = Warehouse.Open(pipeline.Load.Path);
        using IDisposable? held = warehouse.Work.TryHold();
        if (held is null) return RunsByHand.Begun.Refused("another host is at a step of it; cancel it there, or try again in a moment");
        if (!warehouse.Work.RunKeys().Contains(run)) return RunsByHand.Begun.Refused("that run has ended");
        DateTimeOffset now = time.GetUtcNow();
        RunRecord record = new()
        {
            RunId = RunId.New(time),
            RunKey = run,
            Pipeline = pipeline.Name,
            StartedUtc = warehouse.Work.Find(run)?.PlannedUtc ?? now,
            EndedUtc = now,
            Outcome = RunEnding.Cancelled,
            ExitCode = ExitCode.Interrupted,
            Message = $"cancelled by {by}",
        };
        // first, so that no host takes the run up again
        warehouse.Record(record);
        warehouse.Work.Remove(run);
        return new RunsByHand.Begun(record.RunId, null);
    }

    /// <summary>Does what is next for a run.</summary>
    /// <param name="alone">The ordinary run, here and now.</param>
    public async Task<TriggerOutcome> Step(Pipeline pipeline, RunKey key, Func<Task<TriggerOutcome>> alone, CancellationToken token)
    {
        Warehouse warehouse;
        try
        {
            warehouse = Warehouse.Open(pipeline.Load.Path, new WarehouseOptions { SourcePath = pipeline.Source.Path });
        }
        catch (Exception error) when (error is StorageException or WarehouseRefusedException)
        {
            // the ordinary run tells and records why
            return await alone();
        }
        WorkBoard board = warehouse.Work;
        string run = key.ToString();
        using IDisposable? held = board.TryHold();
        if (held is null) return Skip(pipeline, $"another host is at work on {run}");
        if (board.RunKeys().FirstOrDefault(other => other != run) is string running) return Skip(pipeline, $"{running} is still running");

        WorkPlan? plan = board.Find(run);
        bool handedOut = plan is not null && board.IsHandedOut(run);
        // chunks come back to be handed out again also because nobody can read the source any more: then the ordinary run says so
        if (!handedOut) plan = await Listed(pipeline, token) is TreeListing listing ? plan ?? Plan(pipeline, warehouse, run, listing, token) : null;
        if (plan is not null && board.Open(plan) is { Count: > 0 } open)
        {
            if (handedOut) return Skip(pipeline, $"{run} waits for {open.Count} of {plan.Chunks.Count} chunks");
            foreach (int chunk in open)
            {
                string name = new ChunkKey(key, chunk).ToString();
                jobs.Enqueue<MeasureJob>(job => job.Run(name, CancellationToken.None));
            }
            board.MarkHandedOut(run);
            log.Information("Run {RunKey} handed out: {Chunks} chunks, {Scans} scans", run, open.Count, open.Sum(chunk => plan.Chunks[chunk].Count));
            return new TriggerOutcome($"{run} handed out in {open.Count} chunks", false, ExitCode.Done);
        }
        TriggerOutcome outcome = await alone();
        board.Remove(run);
        return outcome;
    }

    /// <summary>Null where the source cannot be listed.</summary>
    private async Task<TreeListing?> Listed(Pipeline pipeline, CancellationToken token)
    {
        try
        {
            return await SourceListing.Walk(pipeline.Source.At(time.GetUtcNow()), new ScanRetry(time), token);
        }
        catch (Exception error) when (error is RunStoppedException || StorageException.Covers(error))
        {
            return null;
        }
    }

    /// <summary>The plan that stands; null if no scan must be measured.</summary>
    private WorkPlan? Plan(Pipeline pipeline, Warehouse warehouse, string run, TreeListing listing, CancellationToken token)
    {
        using StoredResults stored = new(warehouse.CachePath, pipeline, new RunOptions { RunKey = run }, time, measuring.Measure);
        List<(string Key, long Bytes)> unknown = [];
        foreach (ScanFiles scan in listing.Scans)
        {
            token.ThrowIfCancellationRequested();
            if (stored.Ahead(scan) is { Work: not ScanWork.Take, Bytes: long bytes }) unknown.Add((scan.Key.Text, bytes));
        }
        return unknown.Count == 0 ? null : warehouse.Work.Put(new WorkPlan(run, time.GetUtcNow(), Chunks.Divide(unknown)));
    }

    private TriggerOutcome Skip(Pipeline pipeline, string reason) => TriggerOutcome.Skip(pipeline.Name, reason, log);
}
