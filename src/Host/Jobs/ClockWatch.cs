using Npgsql;
using Serilog;

namespace VerseEtl.Host.Jobs;

/// <summary>Stops a host whose clock is not the database's: it would start nights at the wrong time for all.</summary>
internal sealed class ClockWatch(SharedStorage storage, IHostApplicationLifetime lifetime, TimeProvider time, ILogger log) : BackgroundService
{
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>This host's clock less the database's.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static async Task<TimeSpan> Offset(SharedStorage storage, TimeProvider time, CancellationToken token)
    {
        DateTimeOffset before = time.GetUtcNow();
        DateTimeOffset there = await storage.Now(token);
        // the answer was on its way for a while; the smaller of both differences is the least that is certain
        TimeSpan early = before - there, late = time.GetUtcNow() - there;
        return early > TimeSpan.Zero ? early : late < TimeSpan.Zero ? late : TimeSpan.Zero;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await Look(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task Look(CancellationToken token)
    {
        try
        {
            TimeSpan offset = await Offset(storage, time, token);
            if (offset.Duration() <= Most) return;
            log.Error("This host's clock is {Seconds} s from the database's; the host stops, set its clock and start it again", (long)offset.TotalSeconds);
            lifetime.StopApplication();
        }
        catch (Exception error) when (error is not (OutOfMemoryException or OperationCanceledException))
        {
            // away for a while, which the scheduler says; whatever its driver throws, this loop must outlive it
        }
    }
}
