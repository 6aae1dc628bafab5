using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>What a run compares itself with: the scans and label statistics of the snapshot that it would replace.</summary>
internal sealed record PreviousRows(IReadOnlyList<ScanRow> Scans, IReadOnlyList<LabelStatisticRow> LabelStatistics)
{
    public IReadOnlyDictionary<string, string> Statuses { get; } = Scans.ToDictionary(scan => scan.ScanKey, scan => scan.Status, StringComparer.Ordinal);

    /// <summary>Of the newest snapshot up to a sequence whose rows can be read.</summary>
    /// <param name="evenIfUnmended">Passes over any damage; else only over damage that a later commit accounts for.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="WarehouseDamagedException">There is damage, and nothing accounts for it yet.</exception>
    /// <exception cref="RunStoppedException">They are whole, and this version cannot read them.</exception>
    public static async Task<PreviousRows?> UpTo(Warehouse warehouse, long sequence, bool evenIfUnmended, CancellationToken token)
    {
        for (; sequence > 0; sequence--)
        {
            try
            {
                // retention takes the oldest first: before one that it took there is none
                return warehouse.Find(sequence, manifestAlone: true) is Snapshot snapshot ? await Read(snapshot, token) : null;
            }
            catch (WarehouseDamagedException damaged) when (evenIfUnmended || warehouse.Account(damaged.Damage).All(file => file.MendedBy is not null))
            {
            }
        }
        return null;
    }

    private static async Task<PreviousRows> Read(Snapshot snapshot, CancellationToken token)
    {
        try
        {
            return new PreviousRows(
                await Warehouse.ReadTable(snapshot, PublishedSchema.Scans, token),
                await Warehouse.ReadTable(snapshot, PublishedSchema.LabelStatistics, token));
        }
        catch (InvalidDataException error)
        {
            throw new RunStoppedException(ExitCode.Integrity,
                Invariant($"snapshot {snapshot.Sequence} cannot be read by this version ({error.Message}); pass --accept-shrink to publish without comparing"));
        }
    }
}
