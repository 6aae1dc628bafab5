using Serilog;

namespace VerseEtl.Host.Jobs;

/// <summary>Looks every second whether pipelines.yaml was edited; polling also works on shares and bind mounts, where notifications do not.</summary>
internal sealed class PipelineWatch(PipelineSet pipelines, RecurringRuns runs, TimeProvider time, ILogger log, HostAgreement? hosts = null) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1), BetweenCatchUps = TimeSpan.FromMinutes(5);

    private bool _failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // a host alone misses nothing while it runs; one of several may be told by another's wrong clock that a night is done
        long caughtUp = TakesPart && Attempt(runs.Apply) && Attempt(runs.CatchUp) ? time.GetTimestamp() : 0;
        using PeriodicTimer timer = new(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                pipelines.Refresh();
                if (!TakesPart || !Attempt(runs.Apply)) continue;
                if (caughtUp != 0 && (hosts is null || time.GetElapsedTime(caughtUp) < BetweenCatchUps)) continue;
                if (Attempt(runs.CatchUp)) caughtUp = time.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    // hosts with other pipelines would take each other's schedules down
    private bool TakesPart => hosts?.TakesPart ?? true;

    /// <summary>False if the scheduler's storage is away; it is told once.</summary>
    private bool Attempt(Action action)
    {
        try
        {
            action();
            if (_failing) log.Information("The scheduler's storage is back");
            _failing = false;
            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // whatever a storage library throws: this loop must outlive it
            if (!_failing) log.Warning("The scheduler's storage cannot be used now: {Kind}", error.GetType().Name);
            _failing = true;
            return false;
        }
    }
}
