using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// What the audit needs of a copy beside its statistics, gathered scan by scan in key order. Of published scans it knows each, of others their
/// number and the first by name.
/// </summary>
internal sealed class CopyFacts
{
    private readonly Reference _reference;
    private readonly Dictionary<(string Dataset, string Split), Cell> _cells = [];

    // published scans that are here, and whether their mask could be read
    private readonly Dictionary<string, bool> _published = new(StringComparer.Ordinal);
    private readonly Dictionary<int, (VertebraRow Least, VertebraRow Greatest)> _extremes = [];
    private readonly bool _keepsScans;

    public CopyFacts(Reference reference, ClinicalTable? clinical)
    {
        _reference = reference;
        Inventory = new InventoryCount(reference);
        foreach (ClinicalFigure figure in reference.Clinical) _cells.TryAdd((figure.Dataset, figure.Split), new Cell());
        _keepsScans = clinical?.Declaration.Columns.Any(column => column.Role is not null) ?? false;
        foreach (PublishedFigure figure in reference.Figures) _cells.TryAdd((figure.Dataset, figure.Split), new Cell());
        foreach (PublishedFolder folder in reference.Folders) _cells.TryAdd((folder.Dataset, folder.Split), new Cell());
        if (reference.LabelTable is PublishedLabelTable table) _cells.TryAdd((table.Dataset, table.Split), new Cell());
    }

    public InventoryCount Inventory { get; }

    public void Add(ScanRow scan, IReadOnlyList<VertebraRow> vertebrae, SameMasks same, int number)
    {
        Inventory.Add(scan);
        if (_reference.Holds(scan.ScanKey)) _published[scan.ScanKey] = CohortCell.HasReadableMask(scan);
        foreach (((string dataset, string split), Cell cell) in _cells)
        {
            if (!CohortCell.Contains(dataset, split, scan)) continue;
            if (_reference.Folders.Count > 0 && !_reference.Holds(scan.ScanKey)) cell.Unexpected.Add(scan.ScanKey);
            bool first = same.IsFirstIn(number, (other, ofSplit) => CohortCell.Contains(dataset, split, other, ofSplit));
            if (!first) cell.Repeated.Add(scan.ScanKey);
            else if (_keepsScans && scan.Status != ScanStatus.Excluded) cell.Distinct.Add(new CountedScan(scan.ScanKey, scan.SubjectId));
        }
        if (_reference.LabelTable is not PublishedLabelTable table || !CohortCell.Contains(table.Dataset, table.Split, scan)) return;
        foreach (VertebraRow row in vertebrae)
        {
            (VertebraRow least, VertebraRow greatest) = _extremes.GetValueOrDefault(row.Label, (row, row));
            _extremes[row.Label] = (row.VolumeCm3 < least.VolumeCm3 ? row : least, row.VolumeCm3 > greatest.VolumeCm3 ? row : greatest);
        }
    }

    /// <summary>
    /// The vertebra with the least or the greatest volume of a label in the cell of the published label table; of equal ones the first by key.
    /// </summary>
    public VertebraRow? Extreme(int label, StatisticKind kind) => !_extremes.TryGetValue(label, out (VertebraRow Least, VertebraRow Greatest) both)
        ? null : kind == StatisticKind.Least ? both.Least : both.Greatest;

    public CopyState Of(string dataset, string split)
    {
        string[] expected = [.. _reference.ScansOf(dataset, split).Select(scan => scan.ScanKey)];
        Cell cell = _cells.GetValueOrDefault((dataset, split), new Cell());
        return new CopyState(expected, [.. expected.Where(key => !_published.ContainsKey(key))],
            [.. expected.Where(key => !_published.GetValueOrDefault(key))], cell.Unexpected, cell.Repeated)
        {
            IsPublished = _reference.Holds,
        };
    }

    /// <summary>The distinct scans of a cell, where clinical columns are held against published figures.</summary>
    public IReadOnlyList<CountedScan> DistinctScans(string dataset, string split) => _cells[(dataset, split)].Distinct;

    private sealed class Cell
    {
        public Counted<string> Unexpected { get; } = [];
        public Counted<string> Repeated { get; } = [];
        public List<CountedScan> Distinct { get; } = [];
    }
}

/// <summary>A scan that counts in a cell.</summary>
internal readonly record struct CountedScan(string ScanKey, string SubjectId);
