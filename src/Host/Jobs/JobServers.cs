using Hangfire;

namespace VerseEtl.Host.Jobs;

/// <summary>How the scheduler's servers are set.</summary>
internal static class JobServers
{
    // threads that wait cost little, and a trigger that waits for one cannot be skipped in time
    private const int Triggers = 20;

    public static void ForRuns(BackgroundJobServerOptions server)
    {
        server.WorkerCount = Triggers;
        server.ServerName = Environment.MachineName.ToLowerInvariant();
        server.SchedulePollingInterval = TimeSpan.FromSeconds(1);
        server.CancellationCheckInterval = TimeSpan.FromSeconds(1);
        server.ShutdownTimeout = TimeSpan.FromSeconds(15);
    }
}
