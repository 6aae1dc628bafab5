
namespace VerseEtl.Host.Serving;

/// <summary>Looks every two seconds whether pipelines.yaml was edited; polling also works on shares and bind mounts, where notifications do not.</summary>
internal sealed class PipelineWatch(PipelineSet pipelines, RecurringRuns runs, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        runs.Apply();
        runs.CatchUp();
        using PeriodicTimer timer = new(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            if (pipelines.Refresh()) runs.Apply();
    }
}
