using Hangfire;
using Hangfire.Storage;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Schedules;

namespace VerseEtl.Host.Jobs;

/// <summary>
/// Sees to it that shared runs go on although a host died between two steps, or the queue lost or gave up something: every host looks every few
/// seconds at the divided runs, and asks for the next step of one for which the queue has nothing.
/// </summary>
internal sealed class WorkWatch(PipelineSet pipelines, DividedRuns runs, HostAgreement hosts, JobStorage storage, JobSurroundings around) : BackgroundService
{
    private const int MostJobs = 500;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5), Forgotten = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, long> _idle = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, around.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                if (hosts.TakesPart) Look();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>One look at the divided runs; what cannot be done now is tried at the next.</summary>
    internal void Look()
    {
        try
        {
            IReadOnlyList<string> all = runs.All();
            foreach (string gone in _idle.Keys.Except(all).ToArray()) _idle.Remove(gone);
            foreach (string run in all) GoOn(run);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // whatever either storage throws: this loop must outlive it
            around.Log.Warning("Shared runs cannot be looked after now: {Kind}", error.GetType().Name);
        }
    }

    private void GoOn(string run)
    {
        if (RunKey.Parse(run) is not RunKey key || pipelines.Find(key.Pipeline) is not Pipeline { Schedule: not null } pipeline
            || Ledger.Of(pipeline.Name, pipeline.Load.Path, around.Time.GetUtcNow()).Settlement(key) is not null)
        {
            runs.End(run);
            return;
        }
        if (IsInQueue(run)) _idle.Remove(run);
        else if (!_idle.TryGetValue(run, out long since)) _idle[run] = around.Time.GetTimestamp();
        else if (around.Time.GetElapsedTime(since) > Forgotten)
        {
            _idle.Remove(run);
            // what is open follows from the cache
            if (runs.Open(run) > 0) runs.Recall(run);
            around.Jobs.Enqueue<PipelineJob>(job => job.Run(run, null!, CancellationToken.None));
            around.Log.Information("Run {RunKey} is taken up again", run);
        }
    }

    /// <summary>Something waits, or is put off, or a host is at something of this run.</summary>
    private bool IsInQueue(string run)
    {
        IMonitoringApi queue = storage.GetMonitoringApi();
        if (queue.EnqueuedCount(MeasureJob.Queue) > 0 || queue.EnqueuedCount("default") > 0) return true;
        return queue.ProcessingJobs(0, MostJobs).Select(job => job.Value?.Job).Concat(queue.ScheduledJobs(0, MostJobs).Select(job => job.Value?.Job))
            .Any(job => job?.Args is [string about, ..] && (about == run || about.StartsWith(run + ":", StringComparison.Ordinal)));
    }
}
