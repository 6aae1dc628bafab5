using VerseEtl.Host.Configuration;
using VerseEtl.Host.Objects;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Flow;

/// <summary>How a copy of a warehouse in an object store went: what is published here stays, whatever happens there.</summary>
/// <param name="Outcome">Null where it failed.</param>
/// <param name="Trouble">In words for people; null for none.</param>
internal sealed record DestinationCopy(int ExitCode, CopyOutcome? Outcome, string? Trouble)
{
    /// <returns>Null where the pipeline keeps no copy.</returns>
    public static async Task<DestinationCopy?> Of(Warehouse warehouse, Destination destination, CancellationToken token)
    {
        if (destination.PublishTo is not ObjectUrl url) return null;
        try
        {
            CopyOutcome outcome = await warehouse.CopyTo(ObjectStores.Destination(url), token);
            return new DestinationCopy(outcome.Foreign is null ? Host.ExitCode.Done : Host.ExitCode.Breaker, outcome, outcome.Foreign);
        }
        catch (StorageException failed)
        {
            return new DestinationCopy(Host.ExitCode.Storage, null, $"{failed.Code} {failed.Message}");
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return new DestinationCopy(Host.ExitCode.Storage, null, $"stopped while {url} was put; the next run, or `snapshots copy`, goes on");
        }
    }

    public string Line() => Outcome is CopyOutcome done && done.Foreign is null
        ? Invariant($"{done.Place}: {done.Objects} objects put ({done.Bytes / 1e6:0.0} MB), {done.Removed} removed")
        : Trouble!;
}
