using System.Runtime.Versioning;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// All files that belong to one scan in one split. Where several claim one role, the one that is named as the dataset publishes it is taken
/// and the others are told of. Where none or more than one is, none is picked: the mask makes the rows, so a doubtful mask costs the scan, a
/// doubtful CT or centroid file only its columns.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ScanCandidates(ScanKey key)
{
    private readonly List<Candidate> _files = [];

    private readonly record struct Candidate(ScanRole Role, BidsName Name, FoundFile File, LabelMap? Labels);

    public ScanKey Key { get; } = key;

    /// <summary>The folder of the first file in path order.</summary>
    public FolderSpec Folder => _files.MinBy(file => file.File.Relative, StringComparer.Ordinal).File.Folder!;

    /// <summary>The keys of all scans that have a CT; its entities are the scan's.</summary>
    public static IEnumerable<ScanKey> KeysOfCts(IEnumerable<FoundFile> files)
    {
        foreach (FoundFile file in files)
            if (file.Folder is { } folder && BidsName.TryParse(file.Name, out BidsName? name) && ScanRoles.Of(name) == ScanRole.Ct)
                yield return new ScanKey(folder.Dataset, folder.Split, name.ScanId);
    }

    /// <summary>
    /// The scan of a file with entities that only derivatives have. They do not part a mask from its CT: the longest chain that has a CT counts, or the
    /// chain without any of them if there is no CT.
    /// </summary>
    /// <param name="hasCt">Whether a scan has a CT.</param>
    public static ScanKey KeyOf(FolderSpec folder, BidsName name, Predicate<ScanKey> hasCt)
    {
        ScanKey[] possible = [.. name.PossibleScanIds().Select(scanId => new ScanKey(folder.Dataset, folder.Split, scanId))];
        return Array.Find(possible, hasCt) ?? possible[^1];
    }

    public bool IsScan => _files.Any(file => file.Role is ScanRole.Ct or ScanRole.Mask or ScanRole.MaskPart);

    /// <param name="labels">What the labels of a mask mean by what its own dataset says; null where that says nothing.</param>
    public void Add(ScanRole role, BidsName fileName, FoundFile file, LabelMap? labels) => _files.Add(new Candidate(role, fileName, file, labels));

    public IEnumerable<Finding> Orphans() => _files.Select(file => Finding.Of(Faults.TreeOrphan, new(Path: file.File.Relative)));

    public ScanFiles ToScan(SourceRoot root, TreeOptions options)
    {
        _files.Sort((a, b) => string.CompareOrdinal(a.File.Relative, b.File.Relative));
        List<Finding> findings = [];
        BidsName name = _files[0].Name;
        string subject = name["sub"]!;
        SourcePath? ct = Only(ScanRole.Ct, root, findings), mask = Only(ScanRole.Mask, root, findings), centroids = Only(ScanRole.Centroids, root, findings);
        SourcePath? sidecar = Only(ScanRole.Sidecar, root, findings), preview = Only(ScanRole.Preview, root, findings);
        SourcePath? subregions = Only(ScanRole.Subregions, root, findings);
        MaskPart[]? parts = mask is null && !Has(ScanRole.Mask) && Has(ScanRole.MaskPart) ? Parts(root) : null;
        mask ??= parts?[0].Path;
        if (!Has(ScanRole.Ct)) findings.Add(Finding.Of(Faults.TreeNoCt, new(Key), expected: $"{Key.ScanId}_ct.nii.gz"));
        if (!Has(ScanRole.Mask) && parts is null)
        {
            string? others = Listed([.. Of(ScanRole.OtherMask), .. Of(ScanRole.Subregions)]) is { Length: > 0 } listed ? listed : null;
            findings.Add(Finding.Of(Faults.TreeNoMask, new(Key), others, $"{Key.ScanId}_seg-vert_msk.nii.gz"));
        }
        else if (!Has(ScanRole.Centroids)) findings.Add(Finding.Of(Faults.CtdMissing, new(Key), expected: $"{Key.ScanId}_seg-subreg_ctd.json"));
        foreach ((_, BidsName fileName, FoundFile file, _) in _files) NoteOddities(fileName, file, options, findings);
        findings.Sort(Finding.CompareByKey);
        return new ScanFiles
        {
            Key = Key,
            SubjectId = subject,
            SeriesId = name["split"] ?? subject,
            Direction = name["dir"],
            Series = name["split"],
            Licence = options.Licence ?? LicenceClaims.Of(Key.Dataset, subject),
            Ct = ct,
            Mask = mask,
            MaskParts = parts,
            Centroids = centroids,
            Sidecar = sidecar,
            Preview = preview,
            Subregions = subregions,
            Labels = _files.Find(file => file.File.Relative == mask?.Relative).Labels ?? options.Labels,
            Findings = findings,
        };
    }

    private MaskPart[] Parts(SourceRoot root) => [.. Of(ScanRole.MaskPart)
        .Select(part => new MaskPart(root.At(part.File), LabelMap.LabelOf(OwnNames.StemOf(part.File.Name))!.Value))
        .DistinctBy(part => part.Label).OrderBy(part => VertebraLabel.AnatomicalOrder(part.Label))];

    private bool Has(ScanRole role) => _files.Any(file => file.Role == role);

    private List<Candidate> Of(ScanRole role) => _files.FindAll(file => file.Role == role);

    private SourcePath? Only(ScanRole role, SourceRoot root, List<Finding> findings)
    {
        (FoundFile? first, int count) = (null, 0);
        foreach ((ScanRole itsRole, _, FoundFile file, _) in _files)
        {
            if (itsRole != role) continue;
            first ??= file;
            count++;
        }
        if (count < 2) return first is null ? null : root.At(first);
        List<Candidate> candidates = Of(role);
        Place at = new(Key, Field: role.ToString().ToLowerInvariant());
        List<Candidate> named = candidates.FindAll(file => IsAsPublished(role, file.Name));
        if (AreCopies(candidates)) findings.Add(Finding.Of(Faults.TreeDupScan, at, Listed(candidates), "one file"));
        else if (named is [var published])
        {
            findings.Add(Finding.Of(Faults.TreeCandidates, at, Listed(candidates.FindAll(file => file.File != published.File)),
                $"{published.File.Relative} alone"));
            return root.At(published.File);
        }
        else findings.Add(Finding.Of(Faults.TreeMultiMask, at, Listed(candidates), "one file"));
        return null;
    }

    /// <summary>True if a file is called what the dataset calls it: `_seg-vert_msk.nii.gz`, `_seg-subreg_ctd.json`, and nothing more.</summary>
    private bool IsAsPublished(ScanRole role, BidsName fileName)
    {
        string? seg = role switch { ScanRole.Mask => "vert", ScanRole.Centroids or ScanRole.Subregions => "subreg", ScanRole.Preview => "vert", _ => null };
        bool packed = role is not (ScanRole.Ct or ScanRole.Mask or ScanRole.Subregions)
            || fileName.Extension.Equals(".nii.gz", StringComparison.OrdinalIgnoreCase);
        return packed && fileName.ScanId == Key.ScanId && fileName["seg"] == seg;
    }

    /// <summary>
    /// True if the scan itself stands twice: below two pairs of rawdata and derivatives, or under names that differ in case only.
    /// Otherwise they are several files for one scan.
    /// </summary>
    private static bool AreCopies(List<Candidate> candidates) =>
        candidates.Select(file => LayoutRoot(file.File.Relative)).Distinct(StringComparer.Ordinal).Skip(1).Any()
        || candidates.Select(file => file.Name.Chain).Distinct(StringComparer.Ordinal).Count()
            > candidates.Select(file => file.Name.ScanId).Distinct(StringComparer.Ordinal).Count()
        || candidates.Select(file => file.File.Relative.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Count() < candidates.Count;

    private static string LayoutRoot(string relative)
    {
        string[] folders = relative.Split('/')[..^1];
        int layout = Array.FindIndex(folders, folder => folder.ToLowerInvariant() is "rawdata" or "derivatives");
        return string.Join('/', layout < 0 ? folders : folders[..layout]);
    }

    private static string Listed(List<Candidate> candidates) =>
        string.Join(", ", candidates.Select(file => file.File.Relative));

    private void NoteOddities(BidsName fileName, FoundFile file, TreeOptions options, List<Finding> findings)
    {
        if (fileName.EndsInCapitals) findings.Add(Finding.Of(Faults.TreeNameCase, new(Key, file.Relative)));
        if (file.Identity.Size == 0) findings.Add(Finding.Of(Faults.TreeEmptyFile, new(Key, file.Relative)));
        if (options.Now is { } now && file.Identity.ModifiedNs > (now.AddMinutes(10) - DateTimeOffset.UnixEpoch).Ticks * 100)
            findings.Add(Finding.Of(Faults.TreeFutureMtime, new(Key, file.Relative)));
    }
}
