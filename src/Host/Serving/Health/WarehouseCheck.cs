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
internal sealed class WarehouseCheck(PipelineStatuses statuses, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);

    // what a publish asks for before it writes
    private static readonly long Reserve = new WarehouseOptions().ReserveBytes;

    private readonly Lock _lock = new();
    private (long At, Answer Answer)? _last;

    /// <summary>Room for what is written, in bytes, at a path; tests have a small disk.</summary>
    public Func<string, long> FreeBytes { get; init; } = path => new DriveInfo(path).AvailableFreeSpace;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Answer answer = Look();
        return Task.FromResult(answer.Objections.Count == 0
            ? HealthCheckResult.Healthy(string.Join('\n', answer.Verified.Prepend("ready")))
            : HealthCheckResult.Unhealthy(string.Join('\n', answer.Objections.Concat(answer.Verified))));
    }

    /// <summary>One line per pipeline that is not as it should be, without paths.</summary>
    public IReadOnlyList<string> Objections() => Look().Objections;

    private Answer Look()
    {
        lock (_lock)
        {
            if (_last is { } last && time.GetElapsedTime(last.At) < Kept) return last.Answer;
            IReadOnlyList<PipelineStatus> all = statuses.Outside();
            Answer answer = new(
                [.. all.Select(status => (status.Pipeline, Trouble: Objection(status)))
                    .Where(each => each.Trouble is not null).Select(each => $"{each.Pipeline.Name}: {each.Trouble}")],
                [.. all.Where(status => status.Current is not null).Select(status => $"{status.Pipeline.Name}: {Verified(status)}")]);
            _last = (time.GetTimestamp(), answer);
            return answer;
        }
    }

    private static string Verified(PipelineStatus status)
    {
        string when = status.VerifiedUtc is DateTimeOffset verified ? IsoTime.Second(verified) : "never";
        return string.Create(CultureInfo.InvariantCulture, $"snapshot {status.Current!.Sequence}, verified_at {when}");
    }

    private string? Objection(PipelineStatus status)
    {
        if (status.Trouble is string trouble) return $"the warehouse cannot be read ({trouble})";
        if (!Warehouse.Exists(status.Pipeline.Load.Path)) return null;
        if (!CanWrite(status.Pipeline.Load)) return "the warehouse cannot be written";
        long wanted = (2 * (status.Current?.Manifest.Files.Sum(file => file.Bytes) ?? 0)) + Reserve;
        if (FreeBytes(status.Pipeline.Load.Path) < wanted) return Invariant($"less than {wanted >> 20} MiB are free for the next snapshot");
        return status.OverdueSince(time.GetUtcNow()) is DateTimeOffset since
            ? "no refresh has succeeded since " + IsoTime.Minute(since)
            : null;
    }

    /// <param name="Verified">Of each current snapshot, when it was last read and found whole.</param>
    private sealed record Answer(IReadOnlyList<string> Objections, IReadOnlyList<string> Verified);

    private static bool CanWrite(Destination load)
    {
        try
        {
            using FileStream probe = new(Path.Join(load.Path, $".ready-{Guid.NewGuid():N}"),
                FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
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
