using Hangfire;

namespace VerseEtl.Host.Jobs;

/// <summary>What a host needs to share work.</summary>
internal static class SharingServices
{
    public static IServiceCollection AddSharing(this IServiceCollection services, SharedStorage storage)
    {
        services.AddSingleton(storage).AddSingleton<SharedRuns>().AddSingleton<LocalMeasuring>().AddSingleton<MeasureJob>();
        services.AddHostedService<WorkWatch>().AddHostedService<ClockWatch>();
        // a worker per core, each with one scan at a time: no core waits for the last scan of a chunk
        services.AddHangfireServer(server =>
        {
            server.ServerName = Environment.MachineName.ToLowerInvariant();
            server.Queues = [MeasureJob.Queue];
            server.WorkerCount = Environment.ProcessorCount;
            server.CancellationCheckInterval = TimeSpan.FromSeconds(1);
            server.ShutdownTimeout = TimeSpan.FromSeconds(15);
        });
        return services;
    }
}
