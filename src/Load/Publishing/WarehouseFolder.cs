using System.Runtime.Versioning;
using System.Text;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>Whether a directory can be a warehouse: apart from the source, on one device, with link(2).</summary>
[SupportedOSPlatform("linux")]
internal static class WarehouseFolder
{
    /// <exception cref="WarehouseRefusedException">One lies in the other.</exception>
    public static void RefuseOverlap(string warehouse, string source)
    {
        string outer = RealOrFull(source) + "/", inner = RealOrFull(warehouse) + "/";
        if (inner.StartsWith(outer, StringComparison.Ordinal) || outer.StartsWith(inner, StringComparison.Ordinal))
            throw new WarehouseRefusedException("CFG_OVERLAP",
                $"the warehouse {warehouse} and the source {source} lie in each other; choose a directory apart from the source");
    }

    /// <summary>Makes the directories and tries out what a commit needs.</summary>
    public static void Prepare(WarehouseLayout layout)
    {
        foreach (string directory in new[] { layout.Commits, layout.Snapshots, layout.Staging, layout.Trash, layout.Runs, layout.Cache })
            Directory.CreateDirectory(directory);
        Durable.SyncDirectory(layout.Root);
        if (Path.GetDirectoryName(layout.Root) is string parent) TrySync(parent);
        Probe(layout);
        Name(layout);
    }

    /// <summary>Gives the warehouse an id unless it has one; of several hosts at once one does.</summary>
    private static void Name(WarehouseLayout layout)
    {
        if (File.Exists(layout.Id)) return;
        string prepared = Path.Combine(layout.Root, Durable.TemporaryPrefix + Guid.NewGuid().ToString("N"));
        Durable.WriteNew(prepared, Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N")));
        Durable.TryLink(prepared, layout.Id);
        Durable.Unlink(prepared);
        Durable.SyncDirectory(layout.Root);
    }

    /// <summary>Links and renames a small file along the paths of a commit: across devices either fails with EXDEV.</summary>
    private static void Probe(WarehouseLayout layout)
    {
        using StagingArea area = StagingArea.Create(layout, "probe-" + Guid.NewGuid().ToString("N"));
        string file = Path.Combine(area.Path, "probe"), linked = Path.Combine(layout.Commits, Durable.TemporaryPrefix + Guid.NewGuid().ToString("N"));
        Durable.WriteNew(file, [0]);
        try
        {
            if (!Durable.TryLink(file, linked)) throw StorageException.Of("link", linked, StorageException.Eexist);
            if (Durable.TryLink(file, linked))
                throw new StorageException("STO_NOLINK", $"link(2) on {layout.Root} replaces an existing name; put the warehouse on another file system");
        }
        catch (StorageException e) when (e.Errno is StorageException.Eperm or StorageException.Eopnotsupp or StorageException.Enosys or StorageException.Emlink)
        {
            throw new StorageException("STO_NOLINK",
                $"the file system of {layout.Root} has no hard links, which a commit needs; put the warehouse on another one", e.Errno, e);
        }
        finally
        {
            Durable.Unlink(linked);
        }
        string renamed = Path.Combine(layout.Snapshots, Durable.TemporaryPrefix + Guid.NewGuid().ToString("N"));
        Durable.Rename(file, renamed);
        Durable.Rename(renamed, Path.Combine(layout.Trash, Path.GetFileName(renamed)));
        Durable.Unlink(Path.Combine(layout.Trash, Path.GetFileName(renamed)));
    }

    /// <summary>The parent belongs to someone else and may not be open to us.</summary>
    private static void TrySync(string directory)
    {
        try
        {
            Durable.SyncDirectory(directory);
        }
        catch (StorageException e) when (e.Code == "STO_READONLY")
        {
        }
    }

    /// <summary>Of a path that does not exist yet, the links of the part that does are resolved.</summary>
    private static string RealOrFull(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(full)) return Path.TrimEndingDirectorySeparator(Durable.RealPath(full));
        return Path.GetDirectoryName(full) is string parent ? Path.Combine(RealOrFull(parent), Path.GetFileName(full)) : full;
    }
}
