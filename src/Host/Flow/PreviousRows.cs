using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>What a run compares itself with: the snapshot that it would replace. Its scans are read as they are needed.</summary>
internal sealed class PreviousRows
{
    // what changes of a scan are told by
    private static readonly TableSchema<ScanRow> Watched = TableSchema<ScanRow>.Narrow(PublishedSchema.Scans, [.. PublishedSchema.Scans.TypedColumns
        .Where(column => column.Name is "scan_key" or "dataset" or "split" or "scan_id" or "status" or "ct_sha256" or "mask_sha256" or "centroid_sha256"
            or "mask_content_sha256")]);

    private static readonly TableSchema<ScanRow> Cells =
        TableSchema<ScanRow>.Narrow(PublishedSchema.Scans, [.. PublishedSchema.Scans.TypedColumns.Where(column => column.Name is "dataset" or "split")]);

    private readonly Snapshot _snapshot;
    private readonly CancellationToken _token;

    private PreviousRows(Snapshot snapshot, IReadOnlyList<LabelStatisticRow> labelStatistics, CancellationToken token) =>
        (_snapshot, LabelStatistics, _token) = (snapshot, labelStatistics, token);

    public IReadOnlyList<LabelStatisticRow> LabelStatistics { get; }

    /// <summary>In key order, with the columns by which changes are told.</summary>
    /// <exception cref="WarehouseDamagedException">The table was damaged since it was proven.</exception>
    public IEnumerable<ScanRow> Scans => Warehouse.Rows(_snapshot, Watched, _token);

    /// <summary>Dataset and split of every scan, each once.</summary>
    /// <inheritdoc cref="Scans"/>
    public IEnumerable<(string Dataset, string Split)> Folders =>
        Warehouse.Rows(_snapshot, Cells, _token).Select(scan => (scan.Dataset, scan.Split)).Distinct();

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
            Warehouse.Require(snapshot, PublishedSchema.Scans.Name, token);
            PreviousRows rows = new(snapshot, await Warehouse.ReadTable(snapshot, PublishedSchema.LabelStatistics, token), token);
            _ = rows.Scans.FirstOrDefault();
            return rows;
        }
        catch (InvalidDataException error)
        {
            throw new RunStoppedException(ExitCode.Integrity,
                Invariant($"snapshot {snapshot.Sequence} cannot be read by this version ({error.Message}); pass --accept-shrink to publish without comparing"));
        }
    }
}
