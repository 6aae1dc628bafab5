using System.Globalization;
using Hangfire;

namespace VerseEtl.Host.Sharing;

/// <summary>What a host needs to share work.</summary>
internal static class SharingServices
{
    /// <summary>This process among the hosts, as people know it.</summary>
    public static string HostName { get; } = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}");

    public static IServiceCollection AddSharing(this IServiceCollection services, SharedStorage storage)
    {
        services.AddSingleton(storage).AddSingleton<SharedRuns>().AddSingleton<ScansHere>().AddSingleton<MeasureJob>();
        services.AddHostedService<WorkWatch>().AddHostedService<ClockWatch>();
        // a worker per core, each with one scan at a time: no core waits for the last scan of a chunk
        services.AddHangfireServer(server =>
        {
            server.ServerName = HostName + "-scans";
            server.Queues = [MeasureJob.Queue];
            server.WorkerCount = Environment.ProcessorCount;
            server.CancellationCheckInterval = TimeSpan.FromSeconds(1);
            server.ShutdownTimeout = TimeSpan.FromSeconds(15);
        });
        return services;
    }
}
