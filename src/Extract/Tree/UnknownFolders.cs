using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tree;

/// <summary>A folder that holds scans or images and is none that is read.</summary>
/// <param name="Path">Relative to the source root; `.` for the root itself.</param>
/// <param name="Images">Image files in it.</param>
/// <param name="Example">The first of them, relative to the root.</param>
/// <param name="ScanIds">Scans by VerSe's names; none where the names are others.</param>
/// <param name="Setting">What it would be read as, named by the user; edition and split are guesses.</param>
public sealed record UnreadFolder(string Path, int Images, string Example, IReadOnlyList<string> ScanIds, FolderSpec Setting)
{
    /// <summary>The item of `source.folders` that reads it.</summary>
    public string Line => LineOf(Setting);

    /// <summary>One item of `source.folders`, as YAML.</summary>
    public static string LineOf(FolderSpec folder) => $"- {{path: {Quoted(folder.Path)}, dataset: {folder.Dataset}, split: {folder.Split}}}";

    private static string Quoted(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.') && path[0] is not ('-' or '.')
        ? path
        : $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

/// <summary>
/// Scans with right names in folders that are none of the six. A folder whose name, or whose published scans, leave no doubt about edition and
/// split is read and that is said; of any other its count, an example and the setting that reads it are told, and nothing of it is read.
/// </summary>
internal static class UnknownFolders
{
    /// <summary>A name for data of one's own, where nothing better is known.</summary>
    private const string OwnDataset = "mine";

    private static readonly Lazy<Reference> Published = new(Reference.Verse);

    /// <summary>Whether a file without a folder may decide what is settled: an image, a file of a scan, one that shows how folders are laid out.</summary>
    public static bool Concerns(FoundFile file) => IsOtherImage(file) || IsOfScan(file) || SubjectOf(file.Relative) is not null;

    /// <summary>Gives files without a folder one, where it is beyond doubt.</summary>
    /// <param name="files">All of them that this <see cref="Concerns"/>.</param>
    /// <param name="others">All that have one; read again only where files without a folder may be scans.</param>
    /// <param name="rootName">The source root's own name.</param>
    public static (IReadOnlyList<FoundFile> Files, IReadOnlyList<UnreadFolder> Unread) Settle(IReadOnlyList<FoundFile> files, IEnumerable<FoundFile> others,
        string rootName, List<Finding> findings)
    {
        FoundFile[] images = [.. files.Where(IsOtherImage)], ofScans = [.. files.Where(IsOfScan)];
        if (images.Length + ofScans.Length == 0) return (files, []);
        // the same file by way of a link
        HashSet<FileIdentity> reached = [.. images.Concat(ofScans).Select(file => file.Identity)];
        reached.IntersectWith(others.Select(file => file.Identity));
        Candidate[] candidates =
        [
            .. from file in ofScans
               where !reached.Contains(file.Identity)
               group file by LayoutRoot(file.Relative) into folder
               orderby folder.Key
               select Candidate.Of(folder.Key, [.. folder.OrderBy(file => file.Relative, StringComparer.Ordinal)], rootName),
        ];
        HashSet<ScanKey> twice = [.. candidates.Where(folder => folder.Spec is not null).SelectMany(folder => folder.Keys)
            .CountBy(key => key).Where(key => key.Value > 1).Select(key => key.Key)];
        HashSet<ScanKey> read = [.. candidates.SelectMany(folder => folder.Keys)];
        if (read.Count > 0) read.IntersectWith(others.Select(file => KeyOf(file, file.Folder!)).OfType<ScanKey>());
        Dictionary<FoundFile, FolderSpec> settled = [];
        List<UnreadFolder> unread = [];
        foreach (Candidate folder in candidates)
        {
            if (folder.Spec is not null && !folder.Keys.Any(key => read.Contains(key) || twice.Contains(key)))
            {
                foreach (FoundFile file in folder.Files) settled.Add(file, folder.Spec);
                findings.Add(Finding.Of(Faults.TreeFolderGuessed, new(Path: folder.Path), $"{folder.Spec.Dataset}/{folder.Spec.Split}",
                    UnreadFolder.LineOf(folder.Spec)));
                continue;
            }
            if (folder.Unread is not { } left) continue;
            unread.Add(left);
            string scans = Invariant($"{left.ScanIds.Count} {(left.ScanIds.Count == 1 ? "scan" : "scans")}, such as {left.Example}");
            findings.Add(Finding.Of(Faults.TreeFolderUnknown, new(Path: left.Path, Field: "source.folders"), scans, left.Line));
        }
        HashSet<string> subjects = [.. SubjectsAmong(images, files.Concat(images.Length == 0 ? [] : others))];
        foreach (IGrouping<string, FoundFile> folder in
            images.Where(file => !reached.Contains(file.Identity))
                .GroupBy(file => PlaceOf(file, subjects).Path).OrderBy(place => place.Key, StringComparer.Ordinal))
        {
            FoundFile[] inside = [.. folder.OrderBy(file => file.Relative, StringComparer.Ordinal)];
            string split = FolderNames.SplitOf(folder.Key.Split('/')) ?? Splits.Training;
            UnreadFolder left = new(folder.Key, inside.Length, inside[0].Relative, [], new FolderSpec(folder.Key, OwnDataset, split));
            unread.Add(left);
            string layout = inside.Select(file => PlaceOf(file, subjects).Layout).Max(StringComparer.Ordinal)!;
            string count = Invariant($"{inside.Length} {(inside.Length == 1 ? "image" : "images")}{layout}, such as {left.Example}");
            findings.Add(Finding.Of(Faults.TreeFolderUnknown, new(Path: left.Path, Field: "names"), count, left.Line));
        }
        return ([.. files.Select(file => settled.TryGetValue(file, out FolderSpec? spec) ? file with { Folder = spec } : file)], unread);
    }

    /// <summary>The folders of images that have one named `segmentations` in them.</summary>
    private static IEnumerable<string> SubjectsAmong(FoundFile[] images, IEnumerable<FoundFile> files)
    {
        HashSet<string> folders = [.. images.Select(image => string.Join('/', image.Relative.Split('/')[..^1]))];
        return files.Select(file => SubjectOf(file.Relative)).OfType<string>().Where(folders.Contains);
    }

    /// <summary>An image outside all folders whose name is neither VerSe's nor that of the older flat layout.</summary>
    public static bool IsOtherImage(FoundFile file) =>
        file.Folder is null && OwnNames.IsImage(file.Name) && (!ScanRoles.IsFlat(file.Name) || PlaceOf(file, []).Layout.Length > 0)
        && !IsOfScan(file);

    /// <summary>The folder that would be read as one, and what its layout is as far as it is known.</summary>
    /// <param name="subjects">Folders that have one named `segmentations` in them.</param>
    private static (string Path, string Layout) PlaceOf(FoundFile file, HashSet<string> subjects)
    {
        string[] folders = file.Relative.Split('/')[..^1];
        int nnunet = Array.FindIndex(folders, OwnNames.IsNnunetFolder);
        if (nnunet >= 0) return (Joined(folders[..nnunet]), " in nnU-Net's layout");
        string? subject = SubjectOf(file.Relative) ?? (subjects.Contains(string.Join('/', folders)) ? string.Join('/', folders) : null);
        if (subject is not null) return (Joined(subject.Split('/')[..^1]), " as TotalSegmentator writes them");
        return (folders.Length == 0 ? "." : folders[0], "");

        static string Joined(string[] names) => names.Length == 0 ? "." : string.Join('/', names);
    }

    /// <summary>The folder above `segmentations`, as TotalSegmentator makes one for each subject; null for a file elsewhere.</summary>
    private static string? SubjectOf(string relative)
    {
        string[] folders = relative.Split('/')[..^1];
        int segmentations = Array.FindIndex(folders, folder => folder.Equals("segmentations", StringComparison.OrdinalIgnoreCase));
        return segmentations < 1 ? null : string.Join('/', folders[..segmentations]);
    }

    private static bool IsOfScan(FoundFile file) => KeyOf(file, new FolderSpec(".", "", "")) is not null;

    private static ScanKey? KeyOf(FoundFile file, FolderSpec folder) =>
        BidsName.TryParse(file.Name, out BidsName? name) && ScanRoles.Of(name) is not null ? new ScanKey(folder.Dataset, folder.Split, name.ScanId) : null;

    /// <summary>The folder above `rawdata` or `derivatives`, else above the subject's folder, else the file's own.</summary>
    private static string LayoutRoot(string relative)
    {
        string[] folders = relative.Split('/')[..^1];
        int layout = Array.FindIndex(folders, folder => folder.ToLowerInvariant() is "rawdata" or "derivatives");
        if (layout < 0) layout = Array.FindIndex(folders, folder => folder.StartsWith("sub-", StringComparison.OrdinalIgnoreCase));
        return layout == 0 ? "." : string.Join('/', layout < 0 ? folders : folders[..layout]) is { Length: > 0 } path ? path : ".";
    }

    private sealed record Candidate(string Path, IReadOnlyList<FoundFile> Files, FolderSpec? Spec, UnreadFolder? Unread)
    {
        public IEnumerable<ScanKey> Keys => Spec is null ? [] : Files.Select(file => KeyOf(file, Spec)!).Distinct();

        public static Candidate Of(string path, IReadOnlyList<FoundFile> files, string rootName)
        {
            string[] names = path == "." ? [rootName] : [.. path.Split('/'), rootName];
            FoundFile[] images = [.. files.Where(IsImage)];
            string[] scans = [.. images.Select(file => KeyOf(file, new FolderSpec(".", "", ""))!.ScanId).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)];
            (string? edition, string? split) = (FolderNames.EditionOf(names), FolderNames.SplitOf(names));
            // of folders that name the split alone, the published names of their scans may tell the edition
            (string Dataset, string Split)[] published = [.. scans.Select(Published.Value.PlaceOf).OfType<(string, string)>().Distinct()];
            string? likely = edition ?? (published.Select(place => place.Dataset).Distinct().ToArray() is [string only] ? only : null);
            bool agrees = edition is not null || published.All(place => place.Split == split);
            FolderSpec? spec = likely is null || split is null || !agrees || scans.Length == 0 ? null : new FolderSpec(path, likely, split);
            FolderSpec setting = new(path, likely ?? OwnDataset, split ?? (published is [(_, string place)] ? place : Splits.Training));
            return new Candidate(path, files, spec, images.Length == 0 ? null : new UnreadFolder(path, images.Length, images[0].Relative, scans, setting));
        }

        private static bool IsImage(FoundFile file) =>
            BidsName.TryParse(file.Name, out BidsName? name) && ScanRoles.Of(name) is ScanRole.Ct or ScanRole.Mask or ScanRole.OtherMask or ScanRole.Subregions;
    }
}
