using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// What the cohort's statistics and its audit need of the scans, gathered scan by scan in key order: values go into a workspace, repeated
/// masks are known by their digests, and of all else there are counts. Statistics have the bits that <see cref="CohortFrame"/> gives.
/// </summary>
internal sealed class CohortSurvey : IDisposable
{
    private static readonly string[] Columns = [.. CohortFrame.Geometry, .. VertebraLabel.Anatomical.Select(CohortFrame.Volume)];
    private static readonly Dictionary<string, int> ColumnNumbers = Columns.Index().ToDictionary(column => column.Item, column => column.Index);

    private readonly IBuckets<double> _values;
    private readonly IBuckets<TextKey> _patients;
    private readonly Dictionary<(string Dataset, string Split), Cell> _cells = [];

    /// <param name="scans">How many will come.</param>
    /// <param name="reference">What the copy is held against; null for nothing.</param>
    public CohortSurvey(int scans, Reference? reference, ClinicalTable? clinical, IWorkspace workspace)
    {
        Same = new SameMasks(scans);
        Copy = reference is null ? null : new CopyFacts(reference, clinical);
        (_values, _patients) = (workspace.Buckets<double>(), workspace.Buckets<TextKey>());
        foreach (string dataset in Editions.All.Append(CohortCell.All)) Begin(dataset);
    }

    public SameMasks Same { get; }

    /// <summary>What is drawn of the volumes.</summary>
    public LevelVolumes Levels { get; } = new();

    /// <summary>Null without a reference.</summary>
    public CopyFacts? Copy { get; }

    public static CohortSurvey Of(Reference? reference, PublishedTables tables)
    {
        CohortSurvey survey = new(tables.Scans.Count, reference, tables.Clinical, new MemoryWorkspace());
        ILookup<string, VertebraRow> vertebrae = tables.Vertebrae.ToLookup(row => row.ScanKey, StringComparer.Ordinal);
        foreach (ScanRow scan in tables.Scans.OrderBy(scan => scan.ScanKey, StringComparer.Ordinal)) survey.Add(scan, [.. vertebrae[scan.ScanKey]]);
        return survey;
    }

    /// <param name="vertebrae">The scan's.</param>
    /// <returns>The scan's number in <see cref="Same"/>.</returns>
    public int Add(ScanRow scan, IReadOnlyList<VertebraRow> vertebrae)
    {
        int number = Same.Add(scan);
        Begin(scan.Dataset);
        foreach ((string dataset, string split) in CellsOf(scan))
        {
            // what was left out on purpose counts nowhere
            if (scan.Status == ScanStatus.Excluded || !_cells.TryGetValue((dataset, split), out Cell? cell)) continue;
            if (!Same.IsFirstIn(number, (other, ofSplit) => CohortCell.Contains(dataset, split, other, ofSplit))) continue;
            Add(cell, scan, vertebrae);
        }
        string pool = Editions.PoolOf(scan.Dataset);
        if (CohortCell.HasReadableMask(scan) && Same.IsFirstIn(number, (dataset, _) => Editions.PoolOf(dataset) == pool)) Levels.Add(scan, vertebrae);
        Copy?.Add(scan, vertebrae, Same, number);
        return number;
    }

    /// <summary>As <see cref="Cohort.LabelStatistics.Compute(CohortFrame)"/>.</summary>
    public IReadOnlyList<LabelStatisticRow> LabelStatistics() => Cohort.LabelStatistics.Compute(CellsInOrder());

    /// <summary>As <see cref="Cohort.DatasetStatistics.Compute(CohortFrame)"/>.</summary>
    public IReadOnlyList<DatasetStatisticRow> DatasetStatistics() => Cohort.DatasetStatistics.Compute(CellsInOrder());

    /// <summary>There are statistics of this cell, though perhaps no scan.</summary>
    public bool Has(string dataset, string split) => _cells.ContainsKey((dataset, split));

    /// <summary>The volumes (cm3) of a label in a cell, ascending; of a cell that does not exist none.</summary>
    public double[] Volumes(string dataset, string split, int label) =>
        _cells.TryGetValue((dataset, split), out Cell? cell) ? _values.Ascending(cell.Bucket(CohortFrame.Volume(label))) : [];

    public void Dispose()
    {
        _values.Dispose();
        _patients.Dispose();
    }

    private static IEnumerable<(string Dataset, string Split)> CellsOf(ScanRow scan)
    {
        bool edition = Editions.All.Contains(scan.Dataset);
        yield return (scan.Dataset, scan.Split);
        yield return (scan.Dataset, CohortCell.All);
        if (!edition) yield break;
        yield return (CohortCell.All, scan.Split);
        yield return (CohortCell.All, CohortCell.All);
    }

    private void Begin(string dataset)
    {
        foreach (string split in Splits.All.Append(CohortCell.All)) _cells.TryAdd((dataset, split), new Cell(_cells.Count));
    }

    private void Add(Cell cell, ScanRow scan, IReadOnlyList<VertebraRow> vertebrae)
    {
        cell.Scans++;
        _patients.Add(cell.Number, TextKey.Of(scan.SubjectId));
        if (!CohortCell.HasReadableMask(scan)) return;
        cell.Readable++;
        foreach ((int column, double? value) in CohortFrame.GeometryOf(scan).Index())
            if (value is double known) _values.Add(cell.Bucket(column), known);
        foreach (VertebraRow vertebra in vertebrae) _values.Add(cell.Bucket(CohortFrame.Volume(vertebra.Label)), vertebra.VolumeCm3);
    }

    private IEnumerable<CellValues> CellsInOrder() =>
        _cells.OrderBy(cell => cell.Key.Dataset, StringComparer.Ordinal).ThenBy(cell => cell.Key.Split, StringComparer.Ordinal)
            .Select(cell => new CellValues(cell.Key.Dataset, cell.Key.Split, cell.Value.Scans, cell.Value.Readable,
                Distinct(_patients.Ascending(cell.Value.Number)))
            {
                Count = column => _values.Count(cell.Value.Bucket(column)),
                Ascending = column => _values.Ascending(cell.Value.Bucket(column)),
            });

    private static int Distinct(TextKey[] ascending)
    {
        int count = 0;
        for (int at = 0; at < ascending.Length; at++)
            if (at == 0 || ascending[at] != ascending[at - 1]) count++;
        return count;
    }

    private sealed class Cell(int number)
    {
        public int Number => number;
        public int Scans { get; set; }
        public int Readable { get; set; }

        public int Bucket(string column) => Bucket(ColumnNumbers[column]);

        public int Bucket(int column) => (number * Columns.Length) + column;
    }
}
