using Hangfire;
using Serilog;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Schedules;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Jobs;

/// <summary>
/// Sees to it that shared runs go on although a host died between two steps, or the queue lost something: every host looks every few
/// seconds at the plans, and asks for the next step of one that nobody drives.
/// </summary>
internal sealed class WorkWatch(PipelineSet pipelines, LocalMeasuring here, JobStorage storage, IBackgroundJobClient jobs, TimeProvider time, ILogger log)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5), AskedLately = TimeSpan.FromSeconds(30), Forgotten = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                foreach (Pipeline pipeline in pipelines.Pipelines.Where(pipeline => pipeline.Schedule is not null)) Look(pipeline);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>One look at a pipeline's plans; what cannot be done now is tried at the next.</summary>
    internal void Look(Pipeline pipeline)
    {
        try
        {
            if (!Warehouse.Exists(pipeline.Load.Path)) return;
            WorkBoard board = Warehouse.OpenForReading(pipeline.Load.Path).Work;
            IReadOnlyList<string> runs = board.RunKeys();
            here.Keep(pipeline.Name, runs);
            foreach (string run in runs) GoOn(pipeline, board, run);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // whatever either storage throws: this loop must outlive it
            log.Warning("Shared runs of {Pipeline} cannot be looked after now: {Kind}", pipeline.Name, error.GetType().Name);
        }
    }

    private void GoOn(Pipeline pipeline, WorkBoard board, string run)
    {
        if (board.Find(run) is not WorkPlan plan || RunKey.Parse(run) is not RunKey key) return;
        if (Ledger.Of(pipeline.Name, pipeline.Load.Path, time.GetUtcNow()).Settlement(key) is not null)
        {
            using IDisposable? held = board.TryHold();
            if (held is not null) board.Remove(run);
            return;
        }
        bool forgotten = board.Idle(run) > Forgotten && IsLost(run);
        if (board.Open(plan).Count > 0 && board.IsHandedOut(run) && !forgotten) return;
        if (board.SinceAsked(run) < AskedLately) return;
        using (IDisposable? held = board.TryHold())
            if (held is null) return;
        if (forgotten) board.Recall(run);
        board.MarkAsked(run);
        jobs.Enqueue<PipelineJob>(job => job.Run(run, null!, CancellationToken.None));
        log.Information("Run {RunKey} is taken up again", run);
    }

    /// <summary>No chunk waits, and no host is at one of this run.</summary>
    private bool IsLost(string run)
    {
        SharedHosts hosts = SharedHosts.Of(storage);
        return hosts.Waiting == 0 && !hosts.Hosts.SelectMany(host => host.Doing).Any(doing => doing.StartsWith(run + ":", StringComparison.Ordinal));
    }
}
