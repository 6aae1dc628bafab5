using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tree;

/// <summary>A file, or an object, below the source root. <see cref="Relative"/> is as written on disk, with '/' between folders.</summary>
public sealed record SourcePath(string Root, string Relative)
{
    public string Full => Path.Join(Root, Relative);

    /// <summary>Null for a file of this machine.</summary>
    internal ObjectTree? Objects { get; init; }

    /// <summary>What the walk saw of it; null where no walk led to it.</summary>
    internal FileIdentity? Seen { get; init; }
}

/// <summary>A binary mask of one vertebra: whatever is not 0 in it has VerSe's label.</summary>
public sealed record MaskPart(SourcePath Path, int Label);

/// <summary>The files of one scan, paired by the full chain of BIDS entities; null where there is none.</summary>
public sealed record ScanFiles
{
    public required ScanKey Key { get; init; }

    /// <summary>BIDS subject without `sub-`, lower-cased.</summary>
    public required string SubjectId { get; init; }

    /// <summary>The `split-` value if there is one, else the subject.</summary>
    public required string SeriesId { get; init; }

    /// <summary>The `dir-` value.</summary>
    public string? Direction { get; init; }

    /// <summary>The `split-` value.</summary>
    public string? Series { get; init; }

    /// <summary>As claimed for this scan; null where nobody claims one.</summary>
    public string? Licence { get; init; }

    /// <summary>What the labels of the mask mean; null for VerSe's.</summary>
    public LabelMap? Labels { get; init; }

    public SourcePath? Ct { get; init; }
    public SourcePath? Mask { get; init; }

    /// <summary>The files of a mask that has one for each vertebra, <see cref="Mask"/> the first of them; null for a mask in one file.</summary>
    public IReadOnlyList<MaskPart>? MaskParts { get; init; }
    public SourcePath? Centroids { get; init; }
    public SourcePath? Sidecar { get; init; }
    public SourcePath? Preview { get; init; }

    /// <summary>A mask of the vertebrae's sub-regions, in the codes of SPINEPS and TPTBox.</summary>
    public SourcePath? Subregions { get; init; }

    /// <summary>What the walk noticed about this scan: files missing, several candidates.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>The scan's row as long as nothing was measured: who it is, where its files are, status `failed`.</summary>
    internal ScanRow ToFailedRow() => new()
    {
        ScanKey = Key.Text,
        Dataset = Key.Dataset,
        Split = Key.Split,
        SubjectId = SubjectId,
        ScanId = Key.ScanId,
        SeriesId = SeriesId,
        Direction = Direction,
        Series = Series,
        Status = ScanStatus.Failed,
        CtPath = Ct?.Relative,
        MaskPath = Mask?.Relative,
        CentroidPath = Centroids?.Relative,
        PreviewPath = Preview?.Relative,
        SubregionPath = Subregions?.Relative,
        Licence = Licence,
    };
}

/// <summary>One folder of scans and the edition and split it stands for. <see cref="Path"/> is relative to the source root.</summary>
public sealed record FolderSpec(string Path, string Dataset, string Split);

/// <summary>How the tree is walked.</summary>
public sealed record TreeOptions
{
    public bool FollowLinks { get; init; }

    /// <summary>Most files and folders in one folder; one that holds more is left out.</summary>
    public int MaxEntries { get; init; } = 1_000_000;

    /// <summary>Deepest folder below the root; deeper ones are left out.</summary>
    public int MaxDepth { get; init; } = 12;

    /// <summary>
    /// The name of a dataset of one's own: everything below the source belongs to it and is paired by <see cref="OwnNames"/>. The split is that
    /// of a folder named like one, or of nnU-Net's (Tr training, Ts test, Val validation), else training. Null looks for VerSe's folders.
    /// </summary>
    public string? Dataset { get; init; }

    /// <summary>What the labels of all masks mean; null for VerSe's, or what nnU-Net's dataset.json names.</summary>
    public LabelMap? Labels { get; init; }

    /// <summary>Licence claimed for every scan of this source; null takes VerSe's own per-scan claims for VerSe editions.</summary>
    public string? Licence { get; init; }

    /// <summary>The clock of the run: files dated later are noted, and entries of <see cref="Exclude"/> expire; null does not look.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Scans that are not read; the first entry that matches counts.</summary>
    public IReadOnlyList<Exclusion> Exclude { get; init; } = [];

    /// <summary>Where files and scans are put while they are sorted and until they are asked for; null for memory.</summary>
    internal IWorkspace? Workspace { get; init; }
}

/// <summary>A folder that was found, with the number of scans in it.</summary>
public sealed record FolderSeen(FolderSpec Folder, int Scans)
{
    /// <summary>By which rules the files of a dataset of one's own were paired; null for VerSe's names alone.</summary>
    public string? Rule { get; init; }
}

/// <summary>What the source holds: scans in key order, folders, and everything noticed that belongs to no single scan.</summary>
public sealed record TreeListing(IReadOnlyList<ScanFiles> Scans, IReadOnlyList<FolderSeen> Folders, IReadOnlyList<Finding> Findings)
{
    /// <summary>The rows of scans that are left out on purpose, in key order; no file of them is opened.</summary>
    public IReadOnlyList<ScanResult> Excluded { get; init; } = [];

    /// <summary>Keys of all scans, read or left out, in order.</summary>
    public IEnumerable<string> Keys
    {
        get
        {
            int scan = 0, excluded = 0;
            while (scan < Scans.Count || excluded < Excluded.Count)
            {
                string? read = scan < Scans.Count ? Scans[scan].Key.Text : null, left = excluded < Excluded.Count ? Excluded[excluded].Scan.ScanKey : null;
                bool isRead = left is null || (read is not null && string.CompareOrdinal(read, left) <= 0);
                if (isRead) scan++;
                else excluded++;
                yield return isRead ? read! : left!;
            }
        }
    }

    /// <summary>The scan with a key; null where none that is read has it.</summary>
    internal ScanFiles? Find(string key)
    {
        int low = 0, high = Scans.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            ScanFiles scan = Scans[middle];
            int order = string.CompareOrdinal(scan.Key.Text, key);
            if (order == 0) return scan;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return null;
    }

    /// <summary>All scans, read or left out.</summary>
    internal int Count => Scans.Count + Excluded.Count;

    /// <summary>Folders with scans or images that were not read.</summary>
    public IReadOnlyList<UnreadFolder> Unread { get; init; } = [];

    /// <summary>The scans in them by id, with the path of the folder.</summary>
    public IReadOnlyDictionary<string, string> UnreadScans => Unread.SelectMany(folder => folder.ScanIds.Select(scan => (scan, folder.Path)))
        .DistinctBy(pair => pair.scan, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
}
