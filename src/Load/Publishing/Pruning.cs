using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>Retention: the newest N snapshots and everything younger than D days stay. Commits stay for ever.</summary>
internal static class Pruning
{
    /// <returns>Sequences whose directories went, ascending.</returns>
    public static IReadOnlyList<long> Run(WarehouseLayout layout, CommitLog log, int keepNewest, TimeSpan keepYoungerThan, DateTimeOffset now)
    {
        long? newest = log.Newest()?.Commit.Sequence;
        List<Commit> present = [.. log.ReadAll().Where(commit => Directory.Exists(layout.Snapshot(commit.Snapshot)))];
        List<long> gone = [];
        foreach (Commit commit in present.Take(Math.Max(0, present.Count - Math.Max(1, keepNewest))))
        {
            if (commit.Sequence == newest || now - commit.CommittedUtc < keepYoungerThan) continue;
            string trash = layout.NewTrash();
            if (Durable.TryRename(layout.Snapshot(commit.Snapshot), trash)) Durable.RemoveTree(trash);
            gone.Add(commit.Sequence);
        }
        return gone;
    }
}
