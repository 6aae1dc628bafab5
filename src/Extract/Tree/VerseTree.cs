using System.Runtime.Versioning;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;

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
        ObjectTree objects = new(source, options.Workspace ?? new MemoryWorkspace());
        string[] starts = folders is { Count: > 0 } ? [.. folders.Select(folder => Normal(folder.Path)).Distinct()] : [""];
        if (!objects.List(starts, token))
            throw new SourceMissingException(source.Place, "no object lies there", LookedFor(folders, options), objects.Findings);
        return Walk(new SourceRoot(source.Place, objects), folders, options, token);
    }

    /// <summary>A file of a store's that no listing led to.</summary>
    internal static SourcePath PathOf(IObjectSource source, string relative) =>
        new SourceRoot(source.Place, new ObjectTree(source, new MemoryWorkspace())).At(relative);

    private static TreeListing Walk(SourceRoot root, IReadOnlyList<FolderSpec>? folders, TreeOptions options, CancellationToken token)
    {
        bool given = folders is { Count: > 0 }, own = options.Dataset is not null;
        IWorkspace workspace = options.Workspace ?? new MemoryWorkspace();
        using FilesByScan files = new(workspace);
        // outside VerSe's editions what a file is may depend on all the others
        using OwnScans? mine = own || given ? new OwnScans(root, options, workspace) : null;
        List<FoundFile> others = [];
        DirectoryWalk walk = new(root, options, file =>
        {
            if (!own && file.Folder is { } folder && Editions.All.Contains(folder.Dataset)) files.Add(file);
            else if (mine is not null) mine.Add(file);
            else if (UnknownFolders.Concerns(file)) others.Add(file);
            else files.Add(file);
        }, token);
        List<Finding> findings = [.. root.Objects?.Findings ?? []];
        if (given) WalkGiven(walk, root, folders!, options, findings);
        else if (own) walk.Run("", new FolderSpec(".", options.Dataset!, Splits.Training), (_, _) => null, _ => false);
        else walk.Run("", VerseFolders.Named(".", root.Name), VerseFolders.Named, _ => false);
        walk.Summarise();
        findings.AddRange(walk.Findings);

        IReadOnlyList<UnreadFolder> unread = [];
        if (mine is not null)
        {
            mine.SortInto(files, token);
            findings.AddRange(mine.Findings);
            files.Decide(mine.Files);
            mine.Dispose();
        }
        else
        {
            (IReadOnlyList<FoundFile> settled, unread) = UnknownFolders.Settle(others, files.All.Where(file => file.Folder is not null), root.Name, findings);
            foreach (FoundFile file in settled) files.Add(file);
            files.Decide(settled);
        }
        Pairing pairing = new(root, options, workspace, mine, findings);
        pairing.Pair(files, token);
        if (given) findings.AddRange(MissingFolders(folders!, pairing.Folders));
        else if (!own) findings.AddRange(AbsentFolders(pairing.Folders));
        findings.Sort(Finding.CompareByKey);
        if (pairing.Folders.Count == 0)
            throw new SourceMissingException(root.Path, unread.Count > 0 ? "edition and split of its folders are in doubt" : "no folder holds a CT or a mask",
                LookedFor(folders, options), findings)
            { Unread = unread };
        FolderSeen[] seen = [.. pairing.Folders.OrderBy(folder => folder.Key.Path, StringComparer.Ordinal)
            .ThenBy(folder => folder.Key.Split, StringComparer.Ordinal)
            .Select(folder => new FolderSeen(folder.Key, folder.Value) { Rule = mine?.RuleOf(folder.Key) })];
        return new TreeListing(pairing.Read, seen, findings) { Unread = unread, Excluded = pairing.Excluded };
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

    private static IEnumerable<Finding> MissingFolders(IReadOnlyList<FolderSpec> folders, Dictionary<FolderSpec, int> counts) =>
        from folder in folders.DistinctBy(folder => folder.Path)
        where !counts.ContainsKey(folder)
        select Finding.Of(Faults.TreeFolderMissing, new(Path: folder.Path), "no scan", $"scans of {folder.Dataset}/{folder.Split}");

    private static IEnumerable<Finding> AbsentFolders(Dictionary<FolderSpec, int> counts) =>
        from folder in VerseFolders.All
        where !counts.Keys.Any(seen => seen.Dataset == folder.Dataset && seen.Split == folder.Split)
        select Finding.Of(Faults.TreeFolderAbsent, new(Path: folder.Names[0]), "no scan", string.Join(" or ", folder.Names));
}
