using System.Collections.Concurrent;
using Serilog;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Schedules;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Jobs;

/// <summary>Looks where pipelines stand. What never changes is read once: a snapshot's tables, and a ledger to which nothing was added.</summary>
internal sealed class PipelineStatuses(PipelineSet pipelines, RunningPipelines running, TimeProvider time, ILogger log,
    DividedRuns? divided = null) : IDisposable
{
    // a file added within the clock's grain of the last look would leave the folder's time as it was
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    // enough for a year of nights
    private const int MostRuns = 400;

    private readonly ConcurrentDictionary<string, (DateTime Changed, IReadOnlyList<RunRecord> Runs)> _ledgers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Snapshot, string Reference, SnapshotSummary? Summary)> _summaries = new(StringComparer.Ordinal);

    private readonly SemaphoreSlim _reading = new(1);

    public void Dispose() => _reading.Dispose();

    public async Task<IReadOnlyList<PipelineStatus>> All(CancellationToken token)
    {
        List<PipelineStatus> all = [];
        foreach (Pipeline pipeline in pipelines.Pipelines) all.Add(await Of(pipeline, token));
        return all;
    }

    /// <summary>The same without what must be read from tables.</summary>
    public IReadOnlyList<PipelineStatus> Outside() => [.. pipelines.Pipelines.Select(pipeline => Look(pipeline).Status)];

    private async Task<PipelineStatus> Of(Pipeline pipeline, CancellationToken token)
    {
        (PipelineStatus status, Warehouse? warehouse) = Look(pipeline);
        if (warehouse is null || status.Current is not Snapshot current) return status;
        return await Summary(pipeline, warehouse, current, token) is SnapshotSummary summary
            ? status with { Summary = summary }
            : status with { Trouble = "its tables cannot be read" };
    }

    private (PipelineStatus Status, Warehouse? Warehouse) Look(Pipeline pipeline)
    {
        DateTimeOffset? next = pipeline.Schedule is Schedule schedule ? ScheduledInstants.Next(schedule, time.GetUtcNow()) : null;
        PipelineStatus status = new(pipeline, running.Progress(pipeline.Name), next, [], null, null, null, null);
        if (!Warehouse.Exists(pipeline.Load.Path)) return (status, null);
        try
        {
            Warehouse warehouse = Warehouse.OpenForReading(pipeline.Load.Path);
            ILookup<bool, RunRecord> runs = Runs(pipeline, warehouse).ToLookup(run => run.StartedUtc.IsAhead(time.GetUtcNow()));
            status = status with { Runs = [.. runs[false]], Ahead = [.. runs[true]], Shared = Shared(pipeline) };
            status = status with { Hold = warehouse.Hold };
            Snapshot? current = warehouse.Current;
            return (status with { Current = current, VerifiedUtc = current is null ? null : warehouse.VerifiedUtc(current.Sequence) }, warehouse);
        }
        catch (WarehouseDamagedException damaged)
        {
            return (status with { Trouble = damaged.Message }, null);
        }
        catch (StorageException storage)
        {
            return (status with { Trouble = storage.Code }, null);
        }
    }

    private IReadOnlyList<RunRecord> Runs(Pipeline pipeline, Warehouse warehouse)
    {
        DateTime changed = warehouse.LedgerChangedUtc;
        if (_ledgers.TryGetValue(warehouse.Root, out (DateTime Changed, IReadOnlyList<RunRecord> Runs) known) && known.Changed == changed) return known.Runs;
        IReadOnlyList<RunRecord> runs = [.. warehouse.Runs(MostRuns).Where(run => run.Pipeline == pipeline.Name)];
        if (time.GetUtcNow().UtcDateTime - changed > Settled) _ledgers[warehouse.Root] = (changed, runs);
        return runs;
    }

    private RunProgress? Shared(Pipeline pipeline)
    {
        try
        {
            return divided?.Of(pipeline.Name) is [string run, ..] && divided.Divided(run) is DividedRun at ? at.Progress(run, time.GetUtcNow()) : null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // whatever a storage library throws: the pipelines are shown all the same
            return null;
        }
    }

    /// <returns>Null where the tables cannot be read.</returns>
    private async Task<SnapshotSummary?> Summary(Pipeline pipeline, Warehouse warehouse, Snapshot snapshot, CancellationToken token)
    {
        if (IsKnown(out SnapshotSummary? summary)) return summary;
        await _reading.WaitAsync(token);
        try
        {
            if (IsKnown(out summary)) return summary;
            summary = await SnapshotSummary.Read(warehouse, snapshot, pipeline.Reference, token);
        }
        catch (Exception error) when (error is not (OperationCanceledException or OutOfMemoryException))
        {
            // whatever a damaged Parquet file makes its reader throw
            log.Warning("Pipeline {Pipeline}: snapshot {Sequence} cannot be read ({Kind}); `snapshots verify` tells what is damaged",
                pipeline.Name, snapshot.Sequence, error.GetType().Name);
        }
        finally
        {
            _reading.Release();
        }
        _summaries[warehouse.Root] = (snapshot.Directory, pipeline.Reference, summary);
        return summary;

        bool IsKnown(out SnapshotSummary? found)
        {
            bool known = _summaries.TryGetValue(warehouse.Root, out (string Snapshot, string Reference, SnapshotSummary? Summary) kept)
                && kept.Snapshot == snapshot.Directory && kept.Reference == pipeline.Reference;
            found = known ? kept.Summary : null;
            return known;
        }
    }
}
