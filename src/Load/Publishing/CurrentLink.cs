using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>The symbolic link `current`: a hint for plain readers, made again from the commits whenever it lags behind.</summary>
internal static class CurrentLink
{
    /// <summary>Rolls the link forward to the newest commit, never back, also when several writers do so at once.</summary>
    public static void RollForward(WarehouseLayout layout, CommitLog log, string stagingPath)
    {
        // another writer may rename an older link over ours in between, hence the second look
        for (int look = 0; look < 5; look++)
        {
            if (log.Newest() is not (Commit commit, _, _)) return;
            string target = "snapshots/" + commit.Snapshot;
            if (Target(layout) == target) return;
            string temporary = Path.Combine(stagingPath, "current-" + Guid.NewGuid().ToString("N"));
            Durable.Symlink(target, temporary);
            Durable.Rename(temporary, layout.Current);
            Durable.SyncDirectory(layout.Root);
        }
    }

    /// <summary>What the link points to, as stored; null if there is none.</summary>
    public static string? Target(WarehouseLayout layout) => new FileInfo(layout.Current).LinkTarget;
}
