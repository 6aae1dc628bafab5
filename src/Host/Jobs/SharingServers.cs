using Hangfire;
using Hangfire.Common;

namespace VerseEtl.Host.Jobs;

/// <summary>What takes runs and their parts out of the queue, as long as this host sees what the others see.</summary>
internal sealed class SharingServers(HostAgreement hosts, JobStorage storage, JobActivator activator, IJobFilterProvider filters, TimeProvider time)
    : BackgroundService
{
    // an edit of pipelines.yaml reaches hosts one after the other
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1), Borne = TimeSpan.FromSeconds(10);

    private readonly List<BackgroundJobServer> _servers = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long agreed = time.GetTimestamp();
        using PeriodicTimer timer = new(Period, time);
        try
        {
            do
            {
                if (hosts.TakesPart) agreed = time.GetTimestamp();
                if (hosts.TakesPart && _servers.Count == 0)
                {
                    _servers.Add(Started(_ => { }));
                    // a worker per core, each with one scan at a time: no core waits for the last scan of a chunk
                    _servers.Add(Started(server => (server.Queues, server.WorkerCount) = ([MeasureJob.Queue], Environment.ProcessorCount)));
                }
                else if (_servers.Count > 0 && time.GetElapsedTime(agreed) > Borne) Stop();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            Stop();
        }
    }

    private BackgroundJobServer Started(Action<BackgroundJobServerOptions> set)
    {
        BackgroundJobServerOptions options = new() { Activator = activator, FilterProvider = filters };
        JobServers.ForRuns(options);
        set(options);
        return new BackgroundJobServer(options, storage);
    }

    private void Stop()
    {
        foreach (BackgroundJobServer server in _servers) server.SendStop();
        foreach (BackgroundJobServer server in _servers) server.Dispose();
        _servers.Clear();
    }
}
