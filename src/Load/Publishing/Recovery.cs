using System.Runtime.Versioning;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>
/// Puts a warehouse in order after a writer died at any step. Idempotent, and itself killable at every step: it only moves what no
/// commit names and no live process owns to trash/, empties trash/, and rolls `current` forward.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class Recovery
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    public static void Run(WarehouseLayout layout, CommitLog log, StagingArea own, DateTimeOffset now)
    {
        StagingArea.ClearDead(layout);
        ClearUncommitted(layout, log);
        foreach (string entry in Directory.GetFileSystemEntries(layout.Trash)) Durable.RemoveTree(entry);
        foreach (string directory in new[] { layout.Root, layout.Commits, layout.Snapshots, layout.Runs }) ClearAbandoned(directory, now);
        ClearAbandoned(layout.Cache, now, SearchOption.AllDirectories);
        if (Directory.Exists(layout.Delta)) ClearAbandoned(layout.Delta, now, SearchOption.AllDirectories);
        CurrentLink.RollForward(layout, log, own.Path);
    }

    /// <summary>
    /// The order matters: directories first, then who is alive, then the commits. A directory whose owner was no longer alive has either
    /// been committed by then or never will be.
    /// </summary>
    private static void ClearUncommitted(WarehouseLayout layout, CommitLog log)
    {
        string[] directories = Directory.GetDirectories(layout.Snapshots);
        HashSet<string> live = StagingArea.LiveRuns(layout);
        Chain chain = log.ReadChain();
        HashSet<string> committed = [.. chain.Commits.Select(commit => commit.Snapshot)];
        // of a commit that is damaged or gone it is not known which directory is its own; its content is published anew before it goes
        HashSet<long> unreadable = [.. chain.Account(chain.Faults).Where(fault => fault.MendedBy is null).Select(fault => fault.Sequence)];
        foreach (string directory in directories)
        {
            string name = Path.GetFileName(directory);
            string[] parts = name.Split('-');
            bool alive = parts.Length == 2 && live.Contains(parts[1]);
            bool perhaps = long.TryParse(parts[0], out long sequence) && unreadable.Contains(sequence);
            if (!committed.Contains(name) && !alive && !perhaps) Durable.TryRename(directory, layout.NewTrash());
        }
    }

    private static void ClearAbandoned(string directory, DateTimeOffset now, SearchOption depth = SearchOption.TopDirectoryOnly)
    {
        foreach (string file in Directory.GetFiles(directory, Durable.TemporaryPrefix + "*", depth))
            if (now - File.GetLastWriteTimeUtc(file) > AbandonedAfter)
                Durable.Unlink(file);
    }
}
