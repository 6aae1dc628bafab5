using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>What a run compares itself with: the scans and label statistics of the snapshot that it would replace.</summary>
internal sealed record PreviousRows(IReadOnlyList<ScanRow> Scans, IReadOnlyList<LabelStatisticRow> LabelStatistics)
{
    public IReadOnlyDictionary<string, string> Statuses { get; } = Scans.ToDictionary(scan => scan.ScanKey, scan => scan.Status, StringComparer.Ordinal);

    /// <exception cref="RunStoppedException">The snapshot is damaged.</exception>
    public static async Task<PreviousRows> Read(Snapshot snapshot, CancellationToken token)
    {
        try
        {
            return new PreviousRows(
                await Warehouse.ReadTable(snapshot, PublishedSchema.Scans, token),
                await Warehouse.ReadTable(snapshot, PublishedSchema.LabelStatistics, token));
        }
        catch (Exception error) when (error is not (OperationCanceledException or OutOfMemoryException))
        {
            // whatever a damaged Parquet file makes its reader throw
            throw new RunStoppedException(ExitCode.Integrity, Invariant($"snapshot {snapshot.Sequence} cannot be read ({error.GetType().Name}); verify it, or pass --accept-shrink to publish without comparing"));
        }
    }
}
