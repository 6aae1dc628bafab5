using System.Threading.RateLimiting;
using Serilog;

namespace VerseEtl.Host.Serving.People;

/// <summary>
/// Lines of the log that anybody can cause: so many a minute of one network and so many of all, so that nobody fills a disk or drives out what was
/// written before. The next line tells how many were left out.
/// </summary>
internal sealed class StrangerLines(ILogger log) : IDisposable
{
    public const int OfOneNetwork = 10, OfAll = 30;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> _share = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<string, string>(network => RateLimitPartition.GetFixedWindowLimiter(network, _ => Lines(OfOneNetwork))),
        PartitionedRateLimiter.Create<string, string>(_ => RateLimitPartition.GetFixedWindowLimiter("", _ => Lines(OfAll))));

    private long _leftOut;

    public void Dispose() => _share.Dispose();

    /// <param name="what">Words of ours, never the stranger's.</param>
    /// <param name="error">With its stack, where the fault is the program's.</param>
    /// <returns>It was written; what else is to be kept of it may be kept.</returns>
    public bool Write(HttpContext context, string what, Exception? error = null)
    {
        string? address = context.Connection.RemoteIpAddress?.ToString();
        using RateLimitLease lease = _share.AttemptAcquire(Networks.Of(context.Connection.RemoteIpAddress));
        if (!lease.IsAcquired)
        {
            Interlocked.Increment(ref _leftOut);
            return false;
        }
        if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and long leftOut)
            log.Warning(error, "{What} from {Address}, after {LeftOut} lines like it that were left out", what, address, leftOut);
        else log.Warning(error, "{What} from {Address}", what, address);
        return true;
    }

    private static FixedWindowRateLimiterOptions Lines(int most) => new() { PermitLimit = most, Window = Minute };
}
