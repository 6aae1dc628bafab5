using System.Globalization;
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
/// in each context, which ends every loop.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DirectoryWalk(SourceRoot root, TreeOptions options, CancellationToken token)
{
    private const int LongestPathBytes = 1024;

    private readonly record struct Place(string Relative, FolderSpec? Folder, int Depth);

    private readonly IFolders _folders = root.Objects is ObjectTree objects ? objects : new LocalFolders(root.Path);
    private readonly HashSet<(ulong Device, ulong Inode, FolderSpec? Folder)> _visited = [];
    private readonly SortedDictionary<string, Place> _links = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _litter = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _undecodable = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (string First, int Count)> _tooLong = new(StringComparer.Ordinal);
    private readonly Stack<Place> _pending = new();
    private string? _realRoot;

    public List<FoundFile> Files { get; } = [];

    public List<Finding> Findings { get; } = [];

    /// <summary>Walks everything below a place.</summary>
    /// <param name="start">Relative to the root; empty for the root itself.</param>
    /// <param name="folder">What files at the start count to.</param>
    /// <param name="choose">What a directory (path, name) starts to count to; null leaves it with the folder above.</param>
    /// <param name="skip">Directories that are left out.</param>
    public void Run(string start, FolderSpec? folder, Func<string, string, FolderSpec?> choose, Predicate<string> skip)
    {
        EnterFolder(new Place(start, folder, start.Length == 0 ? 0 : start.Count(c => c == '/') + 1));
        while (_pending.Count > 0 || _links.Count > 0)
        {
            token.ThrowIfCancellationRequested();
            if (_pending.TryPop(out Place place))
            {
                foreach (string name in SortedNames(place)) Visit(place, name, choose, skip);
                continue;
            }
            (string relative, Place link) = _links.First();
            _links.Remove(relative);
            FollowLink(link, choose);
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

    private void Visit(Place place, string name, Func<string, string, FolderSpec?> choose, Predicate<string> skip)
    {
        string relative = place.Relative.Length == 0 ? name : $"{place.Relative}/{name}";
        if (Litter.Is(name))
        {
            Count(_litter, FolderPath(place));
            return;
        }
        if (name.Contains('\ufffd'))
        {
            Count(_undecodable, relative);
            return;
        }
        if (Encoding.UTF8.GetByteCount(relative) > LongestPathBytes)
        {
            // one finding a folder: all that a long folder holds is too long
            (string First, int Count) known = _tooLong.GetValueOrDefault(place.Relative, (relative, 0));
            _tooLong[place.Relative] = known with { Count = known.Count + 1 };
            return;
        }

        int errno = _folders.Status(relative, follow: false, out FileStatus status);
        switch (errno)
        {
            case 0: break;
            case FileCalls.NoEntry: return;
            default: ReportUnseen(relative, "entry", errno); return;
        }
        switch (status.Kind)
        {
            case FileKind.Directory:
                if (!skip(relative)) EnterFolder(Chosen(place, relative, name, choose), status.Identity);
                break;
            case FileKind.Regular:
                Files.Add(new FoundFile(place.Folder, relative, status.Identity));
                break;
            case FileKind.Link:
                _links.Add(relative, place with { Relative = relative });
                break;
            default:
                Report(Faults.TreeNotRegular, relative);
                break;
        }
    }

    private void FollowLink(Place link, Func<string, string, FolderSpec?> choose)
    {
        string full = Path.Join(root.Path, link.Relative);
        int errno = FileCalls.Status(full, follow: true, out FileStatus target);
        if (errno == FileCalls.TooManyLinks) Report(Faults.TreeLoop, link.Relative);
        else if (errno is FileCalls.NoEntry or FileCalls.NotDirectory)
            Report(IsAnnexed(full) ? Faults.TreeAnnexLink : Faults.TreeOrphanLink, link.Relative);
        else if (!options.FollowLinks) Report(Faults.TreeSymlink, link.Relative);
        else if (errno != 0) ReportUnseen(link.Relative, "link", errno);
        else if (!IsInside(full)) Report(Faults.TreeEscape, link.Relative, "link", "a target outside the source", "a target below it");
        else if (target.Kind == FileKind.Regular) Files.Add(new FoundFile(link.Folder, link.Relative, target.Identity));
        else if (target.Kind != FileKind.Directory) Report(Faults.TreeNotRegular, link.Relative);
        else if (!EnterFolder(Chosen(link, link.Relative, link.Relative[(link.Relative.LastIndexOf('/') + 1)..], choose), target.Identity))
            Report(Faults.TreeLoop, link.Relative);
    }

    private static bool IsAnnexed(string link) => new FileInfo(link).LinkTarget?.Contains(".git/annex/objects/", StringComparison.Ordinal) == true;

    private static Place Chosen(Place above, string relative, string name, Func<string, string, FolderSpec?> choose)
    {
        FolderSpec? chosen = choose(relative, name);
        bool other = chosen is not null && (chosen.Dataset != above.Folder?.Dataset || chosen.Split != above.Folder.Split);
        return new Place(relative, other ? chosen : above.Folder, above.Depth + 1);
    }

    private void EnterFolder(Place place)
    {
        int errno = _folders.Status(place.Relative, follow: true, out FileStatus status);
        if (errno == 0 && status.Kind == FileKind.Directory) EnterFolder(place, status.Identity);
        else if (errno is not (0 or FileCalls.NoEntry or FileCalls.NotDirectory)) ReportUnseen(place.Relative, "folder", errno);
    }

    /// <returns>False for a folder that was walked already.</returns>
    private bool EnterFolder(Place place, FileIdentity identity)
    {
        if (place.Depth > options.MaxDepth)
        {
            ReportLimit(place.Relative, "depth", Number(place.Depth), options.MaxDepth);
            return true;
        }
        if (!_visited.Add((identity.Device, identity.Inode, place.Folder))) return false;
        _pending.Push(place);
        return true;
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
