using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Jobs;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving.Health;

/// <summary>
/// Ready means: every warehouse that exists can be read and written, has room for the next snapshot, and was refreshed when it was due. Looked at once in a
/// few seconds, however often somebody asks.
/// </summary>
internal sealed class WarehouseCheck(Standings standings, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);

    // what a publish asks for before it writes
    private static readonly long Reserve = new WarehouseOptions().ReserveBytes;

    private readonly Lock _lock = new();
    private (long At, IReadOnlyList<string> Objections)? _last;

    /// <summary>Room for what is written, in bytes, at a path; tests have a small disk.</summary>
    public Func<string, long> FreeBytes { get; init; } = path => new DriveInfo(path).AvailableFreeSpace;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> objections = Objections();
        return Task.FromResult(objections.Count == 0 ? HealthCheckResult.Healthy("ready") : HealthCheckResult.Unhealthy(string.Join('\n', objections)));
    }

    /// <summary>One line per pipeline that is not as it should be, without paths.</summary>
    public IReadOnlyList<string> Objections()
    {
        lock (_lock)
        {
            if (_last is { } last && time.GetElapsedTime(last.At) < Kept) return last.Objections;
            IReadOnlyList<string> objections = [.. standings.Outside().Select(standing => (standing.Pipeline, Trouble: Objection(standing))).Where(each => each.Trouble is not null).Select(each => $"{each.Pipeline.Name}: {each.Trouble}")];
            _last = (time.GetTimestamp(), objections);
            return objections;
        }
    }

    private string? Objection(Standing standing)
    {
        if (standing.Trouble is string trouble) return $"the warehouse cannot be read ({trouble})";
        if (!Warehouse.Exists(standing.Pipeline.Load.Path)) return null;
        if (!CanWrite(standing.Pipeline.Load)) return "the warehouse cannot be written";
        long wanted = (2 * (standing.Current?.Manifest.Files.Sum(file => file.Bytes) ?? 0)) + Reserve;
        if (FreeBytes(standing.Pipeline.Load.Path) < wanted) return Invariant($"less than {wanted >> 20} MiB are free for the next snapshot");
        return standing.OverdueSince(time.GetUtcNow()) is DateTimeOffset since ? "no refresh has succeeded since " + since.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : null;
    }

    private static bool CanWrite(Destination load)
    {
        try
        {
            using FileStream probe = new(Path.Join(load.Path, $".ready-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            probe.WriteByte(0);
            probe.Flush();
            return true;
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            return false;
        }
    }
}
