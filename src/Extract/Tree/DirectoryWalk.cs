using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tree;

/// <summary>A regular file below the root and the folder it counts to; null outside all folders.</summary>
internal sealed record FoundFile(FolderSpec? Folder, string Relative, FileIdentity Identity)
{
    public string Name => Relative[(Relative.LastIndexOf('/') + 1)..];
}

/// <summary>
/// Lists every regular file below a root in an order that does not depend on the file system. Directories that cannot be read, links,
/// pipes, names that are not UTF-8 and places beyond the limits become findings, never silence, and cost nothing beside them: only a root
/// that cannot be read ends the walk. Links are walked last, so that a folder's own name wins over a link to it; a folder is walked once
/// in each context, which ends every loop. Memory: the names in one folder and in those above it, and some bits of each folder.
/// </summary>
/// <param name="found">Takes each file.</param>
[SupportedOSPlatform("linux")]
internal sealed class DirectoryWalk(SourceRoot root, TreeOptions options, Action<FoundFile> found, CancellationToken token)
{
    private const int LongestPathBytes = 1024;

    private readonly record struct Place(string Relative, FolderSpec? Folder, int Depth);

    /// <summary>A folder that was looked at, and the names of folders in it that are still to be walked, the last one first.</summary>
    private readonly record struct Level(Place Place, Stack<string> Folders);

    private readonly IFolders _folders = root.Objects is ObjectTree objects ? objects : new LocalFolders(root.Path);

    // a bit for each of 64 inodes: those of neighbours are near each other
    private readonly Dictionary<(ulong Device, ulong Inodes, FolderSpec? Folder), ulong> _visited = [];
    private readonly SortedDictionary<string, Place> _links = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _litter = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _undecodable = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (string First, int Count)> _tooLong = new(StringComparer.Ordinal);
    private readonly Stack<Level> _pending = new();
    private string? _realRoot;

    public List<Finding> Findings { get; } = [];

    /// <summary>Walks everything below a place.</summary>
    /// <param name="start">Relative to the root; empty for the root itself.</param>
    /// <param name="folder">What files at the start count to.</param>
    /// <param name="choose">What a directory (path, name) starts to count to; null leaves it with the folder above.</param>
    /// <param name="skip">Directories that are left out.</param>
    public void Run(string start, FolderSpec? folder, Func<string, string, FolderSpec?> choose, Predicate<string> skip)
    {
        Place first = new(start, folder, start.Length == 0 ? 0 : start.Count(c => c == '/') + 1);
        if (EnterFolder(first)) Look(first, choose, skip);
        while (_pending.Count > 0 || _links.Count > 0)
        {
            if (_pending.TryPeek(out Level level))
            {
                if (level.Folders.TryPop(out string? name)) Look(Chosen(level.Place, Below(level.Place, name), name, choose), choose, skip);
                else _pending.Pop();
                continue;
            }
            (string relative, Place link) = _links.First();
            _links.Remove(relative);
            if (FollowLink(link, choose) is Place target) Look(target, choose, skip);
        }
    }

    /// <summary>Findings that sum up many files; call once at the end.</summary>
    public void Summarise()
    {
        foreach ((string folder, int count) in _litter) Report(Faults.TreePartial, folder, "files", Number(count));
        foreach ((string path, int count) in _undecodable) Report(Faults.TreeNameEncoding, path, "name", $"{Number(count)} not UTF-8", "UTF-8");
        foreach ((string first, int count) in _tooLong.Values)
        {
            string others = count == 1 ? "" : $", and {Number(count - 1)} more names in its folder are too long";
            ReportLimit(first, "path bytes", Number(Encoding.UTF8.GetByteCount(first)) + others, LongestPathBytes);
        }
    }

    private static string Below(Place place, string name) => place.Relative.Length == 0 ? name : $"{place.Relative}/{name}";

    /// <summary>Looks at all that is in a folder; the folders in it come next.</summary>
    private void Look(Place place, Func<string, string, FolderSpec?> choose, Predicate<string> skip)
    {
        token.ThrowIfCancellationRequested();
        Stack<string> folders = new();
        foreach (string name in SortedNames(place)) if (Visit(place, name, choose, skip)) folders.Push(name);
        if (folders.Count > 0) _pending.Push(new Level(place, folders));
    }

    /// <returns>Whether it is a folder to be walked.</returns>
    private bool Visit(Place place, string name, Func<string, string, FolderSpec?> choose, Predicate<string> skip)
    {
        string relative = Below(place, name);
        if (Litter.Is(name))
        {
            Count(_litter, FolderPath(place));
            return false;
        }
        if (name.Contains('\ufffd'))
        {
            Count(_undecodable, relative);
            return false;
        }
        if (Encoding.UTF8.GetByteCount(relative) > LongestPathBytes)
        {
            // one finding a folder: all that a long folder holds is too long
            (string First, int Count) known = _tooLong.GetValueOrDefault(place.Relative, (relative, 0));
            _tooLong[place.Relative] = known with { Count = known.Count + 1 };
            return false;
        }

        int errno = _folders.Status(relative, follow: false, out FileStatus status);
        switch (errno)
        {
            case 0: break;
            case FileCalls.NoEntry: return false;
            default: ReportUnseen(relative, "entry", errno); return false;
        }
        switch (status.Kind)
        {
            case FileKind.Directory:
                return !skip(relative) && EnterFolder(Chosen(place, relative, name, choose), status.Identity, out _);
            case FileKind.Regular:
                found(new FoundFile(place.Folder, relative, status.Identity));
                break;
            case FileKind.Link:
                _links.Add(relative, place with { Relative = relative });
                break;
            default:
                Report(Faults.TreeNotRegular, relative);
                break;
        }
        return false;
    }

    /// <returns>The folder to be walked; null where there is none.</returns>
    private Place? FollowLink(Place link, Func<string, string, FolderSpec?> choose)
    {
        string full = Path.Join(root.Path, link.Relative);
        int errno = FileCalls.Status(full, follow: true, out FileStatus target);
        if (errno == FileCalls.TooManyLinks) Report(Faults.TreeLoop, link.Relative);
        else if (errno is FileCalls.NoEntry or FileCalls.NotDirectory)
            Report(IsAnnexed(full) ? Faults.TreeAnnexLink : Faults.TreeOrphanLink, link.Relative);
        else if (!options.FollowLinks) Report(Faults.TreeSymlink, link.Relative);
        else if (errno != 0) ReportUnseen(link.Relative, "link", errno);
        else if (!IsInside(full)) Report(Faults.TreeEscape, link.Relative, "link", "a target outside the source", "a target below it");
        else if (target.Kind == FileKind.Regular) found(new FoundFile(link.Folder, link.Relative, target.Identity));
        else if (target.Kind != FileKind.Directory) Report(Faults.TreeNotRegular, link.Relative);
        else
        {
            Place place = Chosen(link, link.Relative, link.Relative[(link.Relative.LastIndexOf('/') + 1)..], choose);
            if (EnterFolder(place, target.Identity, out bool again)) return place;
            if (again) Report(Faults.TreeLoop, link.Relative);
        }
        return null;
    }

    private static bool IsAnnexed(string link) => new FileInfo(link).LinkTarget?.Contains(".git/annex/objects/", StringComparison.Ordinal) == true;

    private static Place Chosen(Place above, string relative, string name, Func<string, string, FolderSpec?> choose)
    {
        FolderSpec? chosen = choose(relative, name);
        bool other = chosen is not null && (chosen.Dataset != above.Folder?.Dataset || chosen.Split != above.Folder.Split);
        return new Place(relative, other ? chosen : above.Folder, above.Depth + 1);
    }

    private bool EnterFolder(Place place)
    {
        int errno = _folders.Status(place.Relative, follow: true, out FileStatus status);
        if (errno == 0 && status.Kind == FileKind.Directory) return EnterFolder(place, status.Identity, out _);
        if (errno is not (0 or FileCalls.NoEntry or FileCalls.NotDirectory)) ReportUnseen(place.Relative, "folder", errno);
        return false;
    }

    /// <param name="again">It was walked already.</param>
    /// <returns>Whether it is to be walked.</returns>
    private bool EnterFolder(Place place, FileIdentity identity, out bool again)
    {
        again = false;
        if (place.Depth > options.MaxDepth)
        {
            ReportLimit(place.Relative, "depth", Number(place.Depth), options.MaxDepth);
            return false;
        }
        ref ulong bits = ref CollectionsMarshal.GetValueRefOrAddDefault(_visited, (identity.Device, identity.Inode / 64, place.Folder), out _);
        ulong bit = 1UL << (int)(identity.Inode % 64);
        again = (bits & bit) != 0;
        bits |= bit;
        return !again;
    }

    /// <summary>All names in a folder or, where they cannot be told to the last, none.</summary>
    private List<string> SortedNames(Place place)
    {
        List<string> names = [];
        try
        {
            foreach (string name in _folders.Names(place.Relative))
            {
                if (names.Count == options.MaxEntries)
                {
                    ReportLimit(Named(place), "entries", $"more than {Number(options.MaxEntries)}", options.MaxEntries);
                    return [];
                }
                names.Add(name);
            }
        }
        catch (UnauthorizedAccessException)
        {
            Report(Faults.TreeUnreadable, Named(place), "folder");
            return [];
        }
        catch (DirectoryNotFoundException) when (place.Relative.Length > 0)
        {
            return [];
        }
        catch (IOException error) when (place.Relative.Length > 0)
        {
            // .NET puts the errno there
            ReportUnseen(place.Relative, "folder", error.HResult);
            return [];
        }
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static string Named(Place place) => place.Relative.Length == 0 ? "." : place.Relative;

    private bool IsInside(string full)
    {
        _realRoot ??= FileCalls.RealPath(root.Path);
        return FileCalls.RealPath(full) is { } real && (_realRoot == "/" || real == _realRoot || real.StartsWith(_realRoot + '/', StringComparison.Ordinal));
    }

    private static string FolderPath(Place place) => place.Folder?.Path ?? ".";

    private static void Count(SortedDictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;

    private void Report(Fault fault, string path, string? field = null, string? observed = null, string? expected = null) =>
        Findings.Add(Finding.Of(fault, new(Path: path, Field: field), observed, expected));

    private void ReportLimit(string path, string field, string observed, int limit) =>
        Report(Faults.TreeLimit, path, field, observed, $"at most {Number(limit)}");

    private void ReportUnseen(string path, string field, int errno)
    {
        if (errno is FileCalls.AccessDenied or FileCalls.NotPermitted) Report(Faults.TreeUnreadable, path, field == "folder" ? field : null);
        else Report(Faults.TreeUnseen, path, field, $"{FileCalls.Describe(errno)} (errno {Number(errno)})");
    }

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
