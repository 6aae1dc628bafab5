using System.Runtime.Versioning;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>
/// Retention: the newest N snapshots and everything younger than D days stay. Commits stay for ever. The oldest go first and none is passed
/// over, so a directory that is missing though an older one is there is damage.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class Pruning
{
    /// <returns>Sequences whose directories went, ascending.</returns>
    public static IReadOnlyList<long> Run(WarehouseLayout layout, Chain chain, int keepNewest, TimeSpan keepYoungerThan, DateTimeOffset now)
    {
        List<Commit> present = [.. chain.Commits.Where(commit => Directory.Exists(layout.Snapshot(commit.Snapshot)))];
        List<long> gone = [];
        foreach (Commit commit in present.Take(Math.Max(0, present.Count - Math.Max(1, keepNewest))))
        {
            // of a writer whose clock was ahead the age says nothing
            if (now - commit.CommittedUtc < keepYoungerThan && !commit.CommittedUtc.IsAhead(now)) break;
            string trash = layout.NewTrash();
            if (Durable.TryRename(layout.Snapshot(commit.Snapshot), trash)) Durable.RemoveTree(trash);
            gone.Add(commit.Sequence);
        }
        return gone;
    }
}
