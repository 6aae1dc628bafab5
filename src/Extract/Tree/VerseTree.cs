using System.Runtime.Versioning;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// Finds the scans below a source root and pairs their files by the full chain of BIDS entities; only names count, nothing is opened.
/// The listing does not depend on the order in which the file system hands out names.
/// </summary>
[SupportedOSPlatform("linux")]
public static class VerseTree
{
    /// <summary>Lists the scans of the given folders, or without any of the six VerSe folders wherever they stand below the root (or are the root).</summary>
    /// <param name="folders">Null or none: by the known names. Else exactly these; one that holds no scan is a TREE_FOLDER_MISSING error.</param>
    /// <exception cref="SourceMissingException">The root cannot be read or no folder holds a scan.</exception>
    /// <exception cref="IOException">The root's storage failed.</exception>
    public static TreeListing Walk(string root, IReadOnlyList<FolderSpec>? folders = null, TreeOptions? options = null, CancellationToken token = default)
    {
        options ??= new TreeOptions();
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        IReadOnlyList<string> lookedFor = LookedFor(folders, options);
        if (FileCalls.Status(root, follow: true, out FileStatus status) is not 0 and int errno)
            throw new SourceMissingException(root, $"the source cannot be reached ({FileCalls.Describe(errno)})", lookedFor, []);
        if (status.Kind != FileKind.Directory) throw new SourceMissingException(root, "the source is not a folder", lookedFor, []);

        return Walk(new SourceRoot(root), folders, options, token);
    }

    /// <summary>The same for the objects of a store.</summary>
    /// <inheritdoc cref="Walk(string, IReadOnlyList{FolderSpec}?, TreeOptions?, CancellationToken)"/>
    internal static TreeListing Walk(IObjectSource source, IReadOnlyList<FolderSpec>? folders, TreeOptions options, CancellationToken token)
    {
        ObjectTree objects = new(source);
        string[] starts = folders is { Count: > 0 } ? [.. folders.Select(folder => Normal(folder.Path)).Distinct()] : [""];
        int found = starts.Count(start => objects.List(start, token));
        if (found == 0) throw new SourceMissingException(source.Place, "no object lies there", LookedFor(folders, options), objects.Findings);
        return Walk(new SourceRoot(source.Place, objects), folders, options, token);
    }

    /// <summary>A file of a store's that no listing led to.</summary>
    internal static SourcePath PathOf(IObjectSource source, string relative) => new SourceRoot(source.Place, new ObjectTree(source)).At(relative);

    private static TreeListing Walk(SourceRoot root, IReadOnlyList<FolderSpec>? folders, TreeOptions options, CancellationToken token)
    {
        bool given = folders is { Count: > 0 }, own = options.Dataset is not null;
        IReadOnlyList<string> lookedFor = LookedFor(folders, options);
        DirectoryWalk walk = new(root, options, token);
        List<Finding> findings = [.. root.Objects?.Findings ?? []];
        if (given) WalkGiven(walk, root, folders!, options, findings);
        else if (own) walk.Run("", new FolderSpec(".", options.Dataset!, Splits.Training), (_, _) => null, _ => false);
        else walk.Run("", VerseFolders.Named(".", root.Name), VerseFolders.Named, _ => false);
        walk.Summarise();
        findings.AddRange(walk.Findings);

        (IReadOnlyList<FoundFile> files, IReadOnlyList<UnreadFolder> unread) =
            given || own ? (walk.Files, []) : UnknownFolders.Settle(walk.Files, root.Name, findings);
        OwnScans? mine = own || given ? OwnScans.Of(files, root, options, findings) : null;
        List<ScanFiles> scans = Paired(new PairedFiles(files, mine), root, options, findings, out Dictionary<FolderSpec, int> counts);
        (List<ScanFiles> read, List<ScanResult> excluded) = Exclusion.Part(scans, options, findings);
        findings.AddRange(SplitLeaks(read));
        if (given) findings.AddRange(MissingFolders(folders!, counts));
        else if (!own) findings.AddRange(AbsentFolders(scans));
        findings.Sort(Finding.CompareByKey);
        if (scans.Count == 0)
            throw new SourceMissingException(root.Path, unread.Count > 0 ? "edition and split of its folders are in doubt" : "no folder holds a CT or a mask",
                lookedFor, findings)
            { Unread = unread };
        FolderSeen[] seen = [.. counts.OrderBy(folder => folder.Key.Path, StringComparer.Ordinal).ThenBy(folder => folder.Key.Split, StringComparer.Ordinal)
            .Select(folder => new FolderSeen(folder.Key, folder.Value) { Rule = mine?.RuleOf(folder.Key) })];
        return new TreeListing(read, seen, findings) { Unread = unread, Excluded = excluded };
    }

    private static void WalkGiven(DirectoryWalk walk, SourceRoot root, IReadOnlyList<FolderSpec> folders, TreeOptions options, List<Finding> findings)
    {
        Dictionary<string, FolderSpec> starts = new(StringComparer.Ordinal);
        foreach (FolderSpec folder in folders.OrderBy(folder => folder.Path, StringComparer.Ordinal))
        {
            string path = Normal(folder.Path);
            if (folder.Path.StartsWith('/') || path.Split('/').Contains(".."))
                findings.Add(Finding.Of(Faults.TreeEscape, new(Path: folder.Path, Field: "folder")));
            else if (root.Objects is null && !options.FollowLinks && LinkOnTheWay(root.Path, path) is { } link)
                findings.Add(Finding.Of(Faults.TreeSymlink, new(Path: link)));
            else starts[path] = folder;
        }
        foreach ((string path, FolderSpec folder) in starts) walk.Run(path, folder, (_, _) => null, starts.ContainsKey);
    }

    private static IReadOnlyList<string> LookedFor(IReadOnlyList<FolderSpec>? folders, TreeOptions options) =>
        folders is { Count: > 0 } ? [.. folders.Select(folder => folder.Path)]
        : options.Dataset is not null ? ["masks anywhere"] : [.. VerseFolders.All.SelectMany(folder => folder.Names)];

    private static string Normal(string folder) => string.Join('/', folder.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(name => name != "."));

    private static string? LinkOnTheWay(string root, string path)
    {
        for (int end = path.IndexOf('/'); path.Length > 0; end = path.IndexOf('/', end + 1))
        {
            string part = end < 0 ? path : path[..end];
            if (FileCalls.Status(Path.Join(root, part), follow: false, out FileStatus status) == 0 && status.Kind == FileKind.Link) return part;
            if (end < 0) break;
        }
        return null;
    }

    private static List<ScanFiles> Paired(PairedFiles sorted, SourceRoot root, TreeOptions options, List<Finding> findings,
        out Dictionary<FolderSpec, int> counts)
    {
        SortedDictionary<ScanKey, ScanCandidates> candidates = [];
        (IReadOnlyList<FoundFile> files, OwnScans? own) = sorted;
        Lazy<HashSet<ScanKey>> withCt = new(() => [.. ScanCandidates.KeysOfCts(files)]);
        SortedDictionary<string, (int Count, string First)> flat = new(StringComparer.Ordinal);
        PassedOver passed = new();
        foreach (FoundFile file in files.OrderBy(file => file.Relative, StringComparer.Ordinal))
        {
            string where = file.Folder?.Path ?? ".";
            if (own?.Find(file) is { } mine) Add(mine.Role, mine.Name, mine.File);
            else if (own?.Leaves(file) == true) continue;
            else if (file.Name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) findings.Add(Finding.Of(Faults.TreeZip, new(Path: file.Relative)));
            else if (ScanRoles.IsFlat(file.Name) && !UnknownFolders.IsOtherImage(file))
                flat[where] = flat.TryGetValue(where, out (int Count, string First) seen) ? (seen.Count + 1, seen.First) : (1, file.Name);
            else if (file.Folder is null)
            {
                if (!IsOfScan(file) && !UnknownFolders.IsOtherImage(file)) passed.Note(file);
            }
            else if (!BidsName.TryParse(file.Name, out BidsName? name))
            {
                if (ScanRoles.MeansToBeOne(file.Name) && !ScanRoles.IsDerivative(file.Name)) findings.Add(Misnamed(file));
                else passed.Note(file);
            }
            else if (ScanRoles.Of(name) is not { } role) passed.Note(file);
            else
            {
                if (role == ScanRole.OtherMask) passed.Note(file, "segmentation");
                Add(role, name, file);
            }
        }
        foreach ((string where, (int count, string first)) in flat)
            findings.Add(Finding.Of(Faults.TreeFlatLayout, new(Path: where, Field: "files"),
                Invariant($"{count}, such as {first}"), "sub-<id>_ct.nii.gz"));

        findings.AddRange(passed.Findings());

        counts = [];
        List<ScanFiles> scans = [];
        foreach (ScanCandidates scan in candidates.Values)
        {
            if (!scan.IsScan)
            {
                findings.AddRange(scan.Orphans());
                continue;
            }
            ScanFiles read = scan.ToScan(root, options);
            scans.Add(own is null ? read with { Labels = options.Labels } : read with { Labels = own.LabelsOf(read.Mask) ?? options.Labels });
            counts[scan.Folder] = counts.GetValueOrDefault(scan.Folder) + 1;
        }
        return scans;

        void Add(ScanRole role, BidsName name, FoundFile file)
        {
            ScanKey key = ScanCandidates.KeyOf(file, name, role, withCt);
            if (!candidates.TryGetValue(key, out ScanCandidates? scan)) candidates[key] = scan = new ScanCandidates(key);
            scan.Add(role, name, file);
        }
    }

    private readonly record struct PairedFiles(IReadOnlyList<FoundFile> Files, OwnScans? Own);

    private static bool IsOfScan(FoundFile file) => BidsName.TryParse(file.Name, out BidsName? name) && ScanRoles.Of(name) is not null;

    private static Finding Misnamed(FoundFile file) =>
        Finding.Of(Faults.TreeEscape, new(Path: file.Relative, Field: "name"), expected: "ids of 1 to 64 letters and digits");

    /// <summary>
    /// A subject in two splits of one dataset; VerSe's two editions count as one, as people train on both. The finding is about the
    /// scan to be held out: the first one in the test split, else in validation, else in the last split by name.
    /// </summary>
    private static IEnumerable<Finding> SplitLeaks(List<ScanFiles> scans) =>
        from scan in scans
        group scan by (Pool: Editions.PoolOf(scan.Key.Dataset), scan.SubjectId) into subject
        let splits = subject.Select(scan => scan.Key.Split).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray()
        where splits.Length > 1
        let heldOut = Splits.HeldOut(splits)
        select Finding.Of(Faults.TreeSplitLeak, new(subject.First(scan => scan.Key.Split == heldOut).Key, Field: "subject_id"),
            string.Join(", ", splits), "one split");

    private static IEnumerable<Finding> MissingFolders(IReadOnlyList<FolderSpec> folders, Dictionary<FolderSpec, int> counts) =>
        from folder in folders.DistinctBy(folder => folder.Path)
        where !counts.ContainsKey(folder)
        select Finding.Of(Faults.TreeFolderMissing, new(Path: folder.Path), "no scan", $"scans of {folder.Dataset}/{folder.Split}");

    private static IEnumerable<Finding> AbsentFolders(List<ScanFiles> scans) =>
        from folder in VerseFolders.All
        where !scans.Exists(scan => scan.Key.Dataset == folder.Dataset && scan.Key.Split == folder.Split)
        select Finding.Of(Faults.TreeFolderAbsent, new(Path: folder.Names[0]), "no scan", string.Join(" or ", folder.Names));
}
