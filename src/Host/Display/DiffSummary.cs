using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Display;

/// <summary>What changed between two snapshots in a line or two. It is told of rows as they are found, so that none need be kept.</summary>
internal sealed class DiffSummary
{
    private const string Volume = "volume_cm3", Status = "status";

    private int _newlyFailed;
    private (double Change, double OfRow) _most = (-1, -1);
    private (RowKey Key, CellChange Cell)? _largest;

    /// <summary>Rows that changed, in their table's order or by their largest relative change.</summary>
    public void Add(string table, RowChange row)
    {
        if (table == PublishedSchema.Scans.Name)
        {
            if (row.Cells.Any(cell => cell is { Column: Status, After: ScanStatus.Failed })) _newlyFailed++;
            return;
        }
        if (table != PublishedSchema.Vertebrae.Name || row.Cells.FirstOrDefault(cell => cell.Column == Volume) is not CellChange volume) return;
        (double Change, double OfRow) change = (Math.Abs(volume.RelativeChange ?? 0), row.LargestRelativeChange);
        if (change.CompareTo(_most) > 0) (_most, _largest) = (change, (row.Key, volume));
    }

    /// <summary>
    /// Two lines at most, for a notice or a headline: how many scans and vertebrae came, went and changed, then the largest change of a volume.
    /// </summary>
    /// <param name="tables">Which the rows were of.</param>
    public IReadOnlyList<string> Of(IReadOnlyList<TableDiff> tables)
    {
        if (tables.All(table => table.IsEmpty)) return ["no row differs"];
        string[] counts = [.. new[] { PublishedSchema.Scans.Name, PublishedSchema.Vertebrae.Name }
            .Select(name => tables.FirstOrDefault(table => table.Table == name && !table.IsEmpty)).OfType<TableDiff>().Select(Counts)];
        string first = counts.Length > 0 ? string.Join("; ", counts) : "no scan and no vertebra differs, other tables do";
        return _largest is (RowKey key, CellChange cell) ? [first, $"largest change of a volume: {DiffText.Key(key)} {DiffText.Cell(cell)}"] : [first];
    }

    private string Counts(TableDiff table) =>
        DiffText.Counts(table) + (table.Table == PublishedSchema.Scans.Name && _newlyFailed > 0 ? Invariant($" ({_newlyFailed} newly failed)") : "");
}
