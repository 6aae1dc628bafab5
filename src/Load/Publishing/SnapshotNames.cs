using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>A snapshot that a person gave a name, which retention never takes.</summary>
public sealed record NamedSnapshot(string Name, long Sequence);

/// <summary>
/// names/: a symbolic link a name, put by symlink(2), which exactly one of several racing callers can do, to the snapshot's directory, so that
/// readers may take the name as a path. A name that is being given up begins with a dot until its snapshot is gone.
/// </summary>
[SupportedOSPlatform("linux")]
internal static partial class SnapshotNames
{
    private const string Ending = ".ending-";

    /// <summary>Begins with a letter, so that it is no sequence, date or age.</summary>
    public static bool IsName(string name) => Pattern().IsMatch(name) && name != "current";

    /// <summary>By name.</summary>
    public static IReadOnlyList<NamedSnapshot> All(WarehouseLayout layout) =>
        [.. Links(layout).Where(link => link.Name[0] != '.').OrderBy(link => link.Name, StringComparer.Ordinal)];

    /// <summary>Sequences that have a name, or had one whose end was cut off: what lies between them may be pruned.</summary>
    public static HashSet<long> Exempt(WarehouseLayout layout) => [.. Links(layout).Select(link => link.Sequence)];

    /// <returns>False if the name is taken.</returns>
    public static bool TryPut(WarehouseLayout layout, string name, string snapshot)
    {
        Directory.CreateDirectory(layout.Names);
        if (!Durable.TrySymlink($"../snapshots/{snapshot}", Path.Combine(layout.Names, name))) return false;
        Durable.SyncDirectory(layout.Names);
        return true;
    }

    /// <summary>Gives a name up; <paramref name="end"/> takes away the snapshot in between, where it must go with its name.</summary>
    /// <returns>False if there is no such name.</returns>
    public static bool Remove(WarehouseLayout layout, string name, Action end)
    {
        string link = Path.Combine(layout.Names, name), ending = Path.Combine(layout.Names, Ending + name);
        if (!Durable.TryRename(link, ending)) return false;
        end();
        Durable.Unlink(ending);
        Durable.SyncDirectory(layout.Names);
        return true;
    }

    /// <summary>Ends what was cut off.</summary>
    public static void Resume(WarehouseLayout layout, Action<long> end)
    {
        foreach (NamedSnapshot link in Links(layout).Where(link => link.Name.StartsWith(Ending, StringComparison.Ordinal)))
        {
            end(link.Sequence);
            Durable.Unlink(Path.Combine(layout.Names, link.Name));
        }
    }

    private static IEnumerable<NamedSnapshot> Links(WarehouseLayout layout)
    {
        if (!Directory.Exists(layout.Names)) yield break;
        foreach (FileSystemInfo entry in new DirectoryInfo(layout.Names).EnumerateFileSystemInfos())
            if (Path.GetFileName(entry.LinkTarget) is string target
                && long.TryParse(target.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence))
                yield return new NamedSnapshot(entry.Name, sequence);
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9._-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
