using Hangfire;
using Serilog;
using VerseEtl.Extract.Tree;
using VerseEtl.Extract;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Serving;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Sharing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Sharing;

/// <summary>
/// A run that several hosts share. The first step divides the scans that must be measured into chunks and queues them; the last is an
/// ordinary run, which finds them all in the cache and publishes. Any host may take any step, any number of times.
/// </summary>
internal sealed class SharedRuns(IBackgroundJobClient jobs, TimeProvider time, ILogger log)
{
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

        if ((board.Find(run) ?? await Plan(pipeline, warehouse, run, token)) is WorkPlan plan && board.Open(plan) is { Count: > 0 } open)
        {
            if (board.IsHandedOut(run)) return Skip(pipeline, $"{run} waits for {open.Count} of {plan.Chunks.Count} chunks");
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

    /// <summary>The plan that stands; null if no scan must be measured, or if the ordinary run is to tell why there is none.</summary>
    private async Task<WorkPlan?> Plan(Pipeline pipeline, Warehouse warehouse, string run, CancellationToken token)
    {
        TreeListing listing;
        try
        {
            ScanRetry retry = new(time);
            listing = await retry.Execute(cancelled => SourceListing.Walk(pipeline.Source, cancelled), token);
        }
        catch (Exception error) when (error is RunStoppedException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
        using StoredResults stored = new(warehouse.CachePath, pipeline, new RunOptions { RunKey = run }, time, ScanMeasuring.Measure);
        List<(string Key, long Bytes)> unknown = [];
        foreach (ScanFiles scan in listing.Scans)
        {
            token.ThrowIfCancellationRequested();
            if (stored.BytesToRead(scan, token) is long bytes) unknown.Add((scan.Key.Text, bytes));
        }
        return unknown.Count == 0 ? null : warehouse.Work.Put(new WorkPlan(run, time.GetUtcNow(), Chunks.Divide(unknown)));
    }

    private TriggerOutcome Skip(Pipeline pipeline, string reason)
    {
        log.Information("Pipeline {Pipeline} skipped: {Reason}", pipeline.Name, reason);
        return new TriggerOutcome($"skipped: {reason}", true, ExitCode.Done);
    }
}
