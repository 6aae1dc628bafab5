using Hangfire;
using Hangfire.Storage;

namespace VerseEtl.Host.Jobs;

/// <summary>One host that shares the work.</summary>
/// <param name="Name">Machine and process.</param>
/// <param name="SeenUtc">Its newest sign of life.</param>
/// <param name="Doing">Chunks and runs it works at.</param>
public sealed record SharedHost(string Name, DateTimeOffset StartedUtc, DateTimeOffset SeenUtc, IReadOnlyList<string> Doing);

/// <summary>The hosts and the queue, as the scheduler's storage has them.</summary>
/// <param name="Waiting">Chunks that nobody has taken.</param>
public sealed record SharedHosts(IReadOnlyList<SharedHost> Hosts, long Waiting)
{
    private const int MostJobs = 500;

    public static SharedHosts Of(JobStorage storage)
    {
        IMonitoringApi monitoring = storage.GetMonitoringApi();
        ILookup<string, string> doing = monitoring.ProcessingJobs(0, MostJobs).Select(job => job.Value).Where(job => job?.Job?.Args is [string, ..])
            .ToLookup(job => HostOf(job.ServerId), job => (string)job.Job.Args[0]);
        // a host has a server for runs and one for chunks
        SharedHost[] hosts =
        [
            .. from server in monitoring.Servers()
               group server by HostOf(server.Name) into host
               orderby host.Key
               select new SharedHost(host.Key, Utc(host.Min(server => server.StartedAt)),
                   Utc(host.Max(server => server.Heartbeat ?? server.StartedAt)), [.. doing[host.Key].Order(StringComparer.Ordinal)]),
        ];
        return new SharedHosts(hosts, monitoring.EnqueuedCount(MeasureJob.Queue));
    }

    // machine:process:unique
    private static string HostOf(string server) => server.LastIndexOf(':') is int at and > 0 ? server[..at] : server;

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
