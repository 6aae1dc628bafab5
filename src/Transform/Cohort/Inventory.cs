using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>A published folder held against the copy: the scan ids that are missing and the scan keys that nobody published.</summary>
internal sealed record FolderInventory(string Folder, string Dataset, string Split,
    int Published, IReadOnlyList<string> Missing, Counted<string> Unexpected)
{
    /// <summary>Scan ids that are not here but elsewhere in the copy: in the wrong folder, or in one that was not read.</summary>
    public IReadOnlyList<string> Elsewhere { get; init; } = [];

    /// <summary>Published scans that lie where they were published.</summary>
    public int Here => Published - Missing.Count - Elsewhere.Count;
}

/// <summary>Which published scans a copy has, by folder and name. Only datasets that the reference knows are looked at.</summary>
internal sealed record Inventory
{
    private readonly Dictionary<string, string> _elsewhere;

    internal Inventory(bool isPublishedDataset, IReadOnlyList<FolderInventory> folders, Dictionary<string, string> elsewhere) =>
        (IsPublishedDataset, Folders, _elsewhere) = (isPublishedDataset, folders, elsewhere);

    /// <summary>
    /// Whether any scan has a published name; without one (a clinic's own data, the sample) there is nothing to audit. A reference without
    /// scan names takes every copy for a whole one.
    /// </summary>
    public bool IsPublishedDataset { get; }

    /// <summary>One entry per folder of the reference, in its order, then one per other dataset and split that holds unexpected scans.</summary>
    public IReadOnlyList<FolderInventory> Folders { get; }

    public int MissingCount => Folders.Sum(folder => folder.Missing.Count);

    public int ElsewhereCount => Folders.Sum(folder => folder.Elsewhere.Count);

    public int UnexpectedCount => Folders.Sum(folder => folder.Unexpected.Count);

    /// <param name="unread">Scan ids that lie in folders that were not read, with the folder.</param>
    public static Inventory Of(Reference reference, IEnumerable<ScanRow> scans, IReadOnlyDictionary<string, string>? unread = null)
    {
        InventoryCount count = new(reference);
        foreach (ScanRow scan in scans.OrderBy(scan => scan.ScanKey, StringComparer.Ordinal)) count.Add(scan);
        return count.Finish(unread);
    }

    /// <summary>What is to be said of a scan that nobody published; null for others, and where nothing is audited.</summary>
    public Finding? Of(ScanRow scan, Reference reference)
    {
        if (!IsPublishedDataset || reference.Holds(scan.ScanKey) || !reference.Folders.Any(folder => folder.Dataset == scan.Dataset)) return null;
        return Unexpected(new ScanKey(scan.Dataset, scan.Split, scan.ScanId));
    }

    /// <summary>
    /// One finding per missing and moved scan and for the first unexpected ones, of which <see cref="Of(ScanRow, Reference)"/> tells each; a single
    /// one if the tree holds no published name at all.
    /// </summary>
    public IReadOnlyList<Finding> Findings()
    {
        if (!IsPublishedDataset) return [Finding.Of(Faults.AudNotVerse)];
        List<Finding> findings = [];
        foreach (FolderInventory folder in Folders)
        {
            foreach (string scan in folder.Missing)
                findings.Add(Finding.Of(Faults.AudScanMissing, new(new ScanKey(folder.Dataset, folder.Split, scan)), expected: $"{scan} in {folder.Folder}"));
            foreach (string scan in folder.Elsewhere)
            {
                ScanKey key = new(folder.Dataset, folder.Split, scan);
                findings.Add(Finding.Of(Faults.AudScanElsewhere, new(key), _elsewhere[key.Text], $"{scan} in {folder.Folder}"));
            }
            foreach (string scan in folder.Unexpected)
            {
                findings.Add(Unexpected(new ScanKey(folder.Dataset, folder.Split, scan[(folder.Dataset.Length + folder.Split.Length + 2)..])));
            }
        }
        findings.Sort(Finding.CompareByKey);
        return findings;
    }

    private Finding Unexpected(ScanKey key) => Finding.Of(Faults.AudScanUnexpected, new(key), expected: _elsewhere.GetValueOrDefault(key.Text));
}

/// <summary>The inventory while it is taken, scan by scan in key order.</summary>
internal sealed class InventoryCount
{
    private readonly Reference _reference;
    private readonly HashSet<string> _datasets, _found = [];
    private readonly ILookup<string, string> _published;
    private readonly OrderedDictionary<(string Dataset, string Split), Counted<string>> _unexpected = [];
    private readonly List<(string ScanKey, string ScanId)> _strayed = [];
    private bool _known;

    public InventoryCount(Reference reference)
    {
        _reference = reference;
        _datasets = [.. reference.Folders.Select(folder => folder.Dataset)];
        _published = reference.Folders.SelectMany(folder => folder.Scans.Select(scan => (scan, Key: folder.KeyOf(scan))))
            .ToLookup(pair => pair.scan, pair => pair.Key, StringComparer.Ordinal);
        _known = reference.Folders.Count == 0;
    }

    public void Add(ScanRow scan)
    {
        if (!_datasets.Contains(scan.Dataset)) return;
        _known |= _published.Contains(scan.ScanId);
        if (_reference.Holds(scan.ScanKey)) _found.Add(scan.ScanKey);
        else
        {
            if (!_unexpected.TryGetValue((scan.Dataset, scan.Split), out Counted<string>? names)) _unexpected.Add((scan.Dataset, scan.Split), names = []);
            names.Add(scan.ScanKey);
            if (_published.Contains(scan.ScanId)) _strayed.Add((scan.ScanKey, scan.ScanId));
        }
    }

    /// <inheritdoc cref="Inventory.Of(Reference, IEnumerable{ScanRow}, IReadOnlyDictionary{string, string}?)"/>
    public Inventory Finish(IReadOnlyDictionary<string, string>? unread)
    {
        // a published name in the wrong folder: told from where to where
        Dictionary<string, string> elsewhere = new(StringComparer.Ordinal);
        foreach ((string scanKey, string scanId) in _strayed)
        {
            foreach (string key in _published[scanId].Where(key => !_found.Contains(key)))
            {
                elsewhere.TryAdd(key, scanKey);
                elsewhere.TryAdd(scanKey, key);
            }
        }
        foreach ((string scan, string place) in unread ?? new Dictionary<string, string>())
            foreach (string key in _published[scan].Where(key => !_found.Contains(key))) elsewhere.TryAdd(key, place);
        List<FolderInventory> folders =
        [
            .. from folder in _reference.Folders
               let gone = folder.Scans.Where(scan => !_found.Contains(folder.KeyOf(scan))).Order(StringComparer.Ordinal)
               select new FolderInventory(folder.Folder, folder.Dataset, folder.Split, folder.Scans.Count,
                   [.. gone.Where(scan => !elsewhere.ContainsKey(folder.KeyOf(scan)))],
                   _unexpected.TryGetValue((folder.Dataset, folder.Split), out Counted<string>? strangers) ? strangers : [])
               { Elsewhere = [.. gone.Where(scan => elsewhere.ContainsKey(folder.KeyOf(scan)))] },
        ];
        folders.AddRange(
            from other in _unexpected
            where !_reference.Folders.Any(folder => (folder.Dataset, folder.Split) == other.Key)
            select new FolderInventory($"{other.Key.Dataset}/{other.Key.Split}", other.Key.Dataset, other.Key.Split, 0, [], other.Value));
        return new Inventory(_known, folders, elsewhere);
    }
}
