using System.Runtime.Versioning;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>
/// Retention: the newest N snapshots, everything younger than D days and what has a name stay. Commits stay for ever. The oldest go first and
/// none but named ones is passed over, so a directory that is missing though an older one without a name is there is damage.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class Pruning
{
    /// <summary>What retention no longer covers, oldest first.</summary>
    public static IReadOnlyList<Commit> Due(WarehouseLayout layout, Chain chain, WarehouseOptions options)
    {
        List<Commit> present = [.. chain.Commits.Where(commit => Directory.Exists(layout.Snapshot(commit.Snapshot)))];
        HashSet<long> named = SnapshotNames.Exempt(layout);
        DateTimeOffset now = options.Time.GetUtcNow();
        // of a writer whose clock was ahead the age says nothing
        return [.. present.Take(Math.Max(0, present.Count - Math.Max(1, options.KeepNewest)))
            .TakeWhile(commit => now - commit.CommittedUtc >= options.KeepYoungerThan || commit.CommittedUtc.IsAhead(now))
            .Where(commit => !named.Contains(commit.Sequence))];
    }

    /// <returns>Sequences whose directories went, ascending.</returns>
    public static IReadOnlyList<long> Run(WarehouseLayout layout, Chain chain, WarehouseOptions options)
    {
        SnapshotNames.Resume(layout, sequence => EndOfName(layout, chain, sequence));
        List<long> gone = [];
        foreach (Commit commit in Due(layout, chain, options))
        {
            string directory = layout.Snapshot(commit.Snapshot), trash = layout.NewTrash();
            if (Durable.TryRename(directory, trash))
            {
                // named while it was looked at
                if (SnapshotNames.Exempt(layout).Contains(commit.Sequence) && Durable.TryRename(trash, directory)) continue;
                Durable.RemoveTree(trash);
            }
            gone.Add(commit.Sequence);
        }
        DeltaTables.RemoveGone(layout);
        return gone;
    }

    /// <summary>Takes a snapshot whose name is given up, if newer ones were pruned: without a name it would stand as one that retention passed over.</summary>
    /// <returns>Whether it went.</returns>
    public static bool EndOfName(WarehouseLayout layout, Chain chain, long sequence)
    {
        Commit? commit = chain.Commits.FirstOrDefault(each => each.Sequence == sequence);
        bool passedOver = chain.Commits.Any(each => each.Sequence > sequence && !Directory.Exists(layout.Snapshot(each.Snapshot)));
        if (commit is null || !passedOver) return false;
        string trash = layout.NewTrash();
        if (!Durable.TryRename(layout.Snapshot(commit.Snapshot), trash)) return false;
        Durable.RemoveTree(trash);
        DeltaTables.RemoveGone(layout);
        return true;
    }
}
