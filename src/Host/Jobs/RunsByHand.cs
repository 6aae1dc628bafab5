using Serilog;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Jobs;

/// <summary>Runs and rollbacks that an account asks for on the page, in this process, and the end of any run. They end with the process.</summary>
/// <param name="shared">Null where this host does all the work.</param>
internal sealed class RunsByHand(PipelineSet pipelines, RunningPipelines running, TimeProvider time, ILogger log, SharedRuns? shared = null)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _tasks = [];

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        Task[] tasks;
        lock (_lock) tasks = [.. _tasks];
        await Task.WhenAll(tasks).WaitAsync(cancellationToken);
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Begins a run, also one of a pipeline that is held, and does not wait for it.</summary>
    /// <exception cref="StorageException">The warehouse's storage failed, where hosts share work.</exception>
    public Begun Run(string name, RunOptions options, string by)
    {
        if (Enter(name, by, out Pipeline? pipeline, out IDisposable? board) is not { } entry) return Begun.Refused(WhyNot(name, pipeline));
        Task task = Task.Run(async () =>
        {
            using (entry)
            using (board)
            {
                try
                {
                    await entry.Execute(pipeline!, options, time, log, _stop.Token);
                }
                catch (OperationCanceledException) when (_stop.IsCancellationRequested)
                {
                }
            }
        }, CancellationToken.None);
        lock (_lock) _tasks.Add(task);
        _ = task.ContinueWith(ended =>
        {
            lock (_lock) _tasks.Remove(ended);
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return new Begun(entry.RunId, null);
    }

    /// <summary>Ends the run that was seen under way.</summary>
    /// <param name="seen">As <see cref="RunProgress.Run"/> had it.</param>
    public Begun Cancel(string name, string seen, string by)
    {
        if (pipelines.Find(name) is not Pipeline pipeline) return Begun.Refused("there is no such pipeline");
        if (running.Find(name) is { } entry)
        {
            if (entry.RunId != seen) return Begun.Refused($"that run has ended; {entry} is under way now");
            entry.Cancel(by);
            return new Begun(entry.RunId, null);
        }
        return shared?.Cancel(pipeline, seen, by) ?? Begun.Refused("that run has ended, or it goes on in another process");
    }

    /// <summary>Publishes an older snapshot again; scheduled runs are held until the release.</summary>
    /// <exception cref="StorageException">The warehouse's storage failed.</exception>
    /// <exception cref="WarehouseDamagedException">The snapshot is damaged; nothing was published and nothing is held.</exception>
    public async Task<Begun> RollBack(string name, long sequence, string reason, string by)
    {
        using RunningPipelines.Entry? entry = Enter(name, by, out Pipeline? pipeline, out IDisposable? board);
        using (board)
        {
            if (entry is null) return Begun.Refused(WhyNot(name, pipeline));
            Rollback rollback = new(pipeline!.Load.Path, sequence, time) { Pipeline = name, RunId = entry.RunId, By = by, Reason = reason };
            RunRecord run = await rollback.Execute(_stop.Token);
            return run.Outcome == RunEnding.RolledBack ? new Begun(run.RunId, null) : Begun.Refused(run.Message!);
        }
    }

    /// <param name="board">Where hosts share work, the right to it; dispose after the run.</param>
    private RunningPipelines.Entry? Enter(string name, string by, out Pipeline? pipeline, out IDisposable? board)
    {
        (pipeline, board) = (pipelines.Find(name), null);
        if (pipeline is null || running.TryEnter(name, by) is not { } entry) return null;
        if (shared is null) return entry;
        try
        {
            board = shared.TryHoldIdle(pipeline);
        }
        catch
        {
            entry.Dispose();
            throw;
        }
        if (board is not null) return entry;
        entry.Dispose();
        return null;
    }

    private string WhyNot(string name, Pipeline? pipeline) =>
        pipeline is null ? "there is no such pipeline"
        : running.Find(name) is { } other ? $"{other} is still under way; it began {IsoTime.Second(other.Progress.Now().StartedUtc)}"
        : "a run is under way on the hosts that share the work";

    /// <summary>What became of a request.</summary>
    /// <param name="RunId">Of the run it is about; null if it was refused.</param>
    /// <param name="Refusal">Why nothing was done; null if it was.</param>
    public sealed record Begun(string? RunId, string? Refusal)
    {
        public static Begun Refused(string reason) => new(null, reason);
    }
}
