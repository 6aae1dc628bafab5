using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>A published folder held against the copy: the scan ids that are missing and the scan keys that nobody published.</summary>
internal sealed record FolderInventory(string Folder, string Dataset, string Split,
    int Published, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected)
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

    private Inventory(bool isPublishedDataset, IReadOnlyList<FolderInventory> folders, Dictionary<string, string> elsewhere) =>
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
    public static Inventory Of(Reference reference, IReadOnlyList<ScanRow> scans, IReadOnlyDictionary<string, string>? unread = null)
    {
        HashSet<string> datasets = [.. reference.Folders.Select(folder => folder.Dataset)];
        ScanRow[] looked = [.. scans.Where(scan => datasets.Contains(scan.Dataset)).OrderBy(scan => scan.ScanKey, StringComparer.Ordinal)];
        HashSet<string> found = [.. looked.Select(scan => scan.ScanKey)];
        ILookup<string, string> published = reference.Folders.SelectMany(folder => folder.Scans.Select(scan => (scan, Key: folder.KeyOf(scan))))
            .ToLookup(pair => pair.scan, pair => pair.Key, StringComparer.Ordinal);
        ScanRow[] unexpected = [.. looked.Where(scan => !reference.Holds(scan.ScanKey))];

        // a published name in the wrong folder: told from where to where
        Dictionary<string, string> elsewhere = new(StringComparer.Ordinal);
        foreach (ScanRow scan in unexpected)
        {
            foreach (string key in published[scan.ScanId].Where(key => !found.Contains(key)))
            {
                elsewhere.TryAdd(key, scan.ScanKey);
                elsewhere.TryAdd(scan.ScanKey, key);
            }
        }
        foreach ((string scan, string place) in unread ?? new Dictionary<string, string>())
            foreach (string key in published[scan].Where(key => !found.Contains(key))) elsewhere.TryAdd(key, place);
        List<FolderInventory> folders =
        [
            .. from folder in reference.Folders
               let strangers = unexpected.Where(scan => scan.Dataset == folder.Dataset && scan.Split == folder.Split)
               let gone = folder.Scans.Where(scan => !found.Contains(folder.KeyOf(scan))).Order(StringComparer.Ordinal)
               select new FolderInventory(folder.Folder, folder.Dataset, folder.Split, folder.Scans.Count,
                   [.. gone.Where(scan => !elsewhere.ContainsKey(folder.KeyOf(scan)))],
                   [.. strangers.Select(scan => scan.ScanKey)]) { Elsewhere = [.. gone.Where(scan => elsewhere.ContainsKey(folder.KeyOf(scan)))] },
        ];
        folders.AddRange(
            from scan in unexpected
            where !reference.Folders.Any(folder => folder.Dataset == scan.Dataset && folder.Split == scan.Split)
            group scan.ScanKey by (scan.Dataset, scan.Split) into other
            select new FolderInventory($"{other.Key.Dataset}/{other.Key.Split}", other.Key.Dataset, other.Key.Split, 0, [], [.. other]));
        bool known = reference.Folders.Count == 0 || looked.Any(scan => published.Contains(scan.ScanId));
        return new Inventory(known, folders, elsewhere);
    }

    /// <summary>One finding per missing, moved and unexpected scan; a single one if the tree holds no published name at all.</summary>
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
                ScanKey key = new(folder.Dataset, folder.Split, scan[(folder.Dataset.Length + folder.Split.Length + 2)..]);
                findings.Add(Finding.Of(Faults.AudScanUnexpected, new(key), expected: _elsewhere.GetValueOrDefault(key.Text)));
            }
        }
        findings.Sort(Finding.CompareByKey);
        return findings;
    }
}
