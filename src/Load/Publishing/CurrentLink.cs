using System.Globalization;
using System.Runtime.Versioning;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>The symbolic link `current`: a hint for plain readers, made again from the commits whenever it lags behind.</summary>
[SupportedOSPlatform("linux")]
internal static class CurrentLink
{
    /// <summary>Rolls the link forward to the newest commit whose manifest is whole, never back, also when several writers do so at once.</summary>
    public static void RollForward(WarehouseLayout layout, CommitLog log, string stagingPath)
    {
        // another writer may rename an older link over ours in between, hence the second look
        for (int look = 0; look < 5; look++)
        {
            if (log.ReadChain().Commits.LastOrDefault() is not Commit commit || log.SnapshotOf(commit) is null) return;
            string target = "snapshots/" + commit.Snapshot;
            // a link that is ahead is the witness of a commit that is gone
            if (Target(layout) == target || Sequence(layout) > commit.Sequence) return;
            string temporary = Path.Combine(stagingPath, "current-" + Guid.NewGuid().ToString("N"));
            Durable.Symlink(target, temporary);
            Durable.Rename(temporary, layout.Current);
            Durable.SyncDirectory(layout.Root);
        }
    }

    /// <summary>Sequence of the snapshot that the link points to; 0 if there is no link, or no snapshot where it points.</summary>
    public static long Sequence(WarehouseLayout layout) =>
        Target(layout) is string target && target.StartsWith("snapshots/", StringComparison.Ordinal)
            && File.Exists(Path.Combine(layout.Root, target, Manifest.FileName))
            && long.TryParse(Path.GetFileName(target).Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence) ? sequence : 0;

    /// <summary>What the link points to, as stored; null if there is none.</summary>
    public static string? Target(WarehouseLayout layout) => new FileInfo(layout.Current).LinkTarget;
}
