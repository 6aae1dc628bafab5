
namespace VerseEtl.Host.Serving;

/// <summary>Looks every second whether pipelines.yaml was edited; polling also works on shares and bind mounts, where notifications do not.</summary>
internal sealed class PipelineWatch(PipelineSet pipelines, RecurringRuns runs, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        runs.Apply();
        runs.CatchUp();
        using PeriodicTimer timer = new(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                pipelines.Refresh();
                runs.Apply();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }
}
