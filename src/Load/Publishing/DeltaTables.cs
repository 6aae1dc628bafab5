using System.Runtime.Versioning;
using VerseEtl.Load.Delta;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>delta/ of a warehouse: each published table as a Delta table over hard links to the same files, one version a commit.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DeltaTables(WarehouseLayout layout, CommitLog log)
{
    /// <summary>From the next version on, with the change feed.</summary>
    public bool ChangeFeed { get; init; }

    /// <summary>Tests stop a roll forward here; called with a name of <see cref="DeltaSteps"/>.</summary>
    public Action<string>? AtStep { get; init; }

    /// <summary>Writes what the logs lack, if there is a delta/ at all.</summary>
    /// <param name="create">Makes it.</param>
    /// <param name="staging">A private folder on the same device.</param>
    /// <returns>What the owner should hear, a line each.</returns>
    public IReadOnlyList<string> RollForward(bool create, string staging)
    {
        if (!create && !Directory.Exists(layout.Delta)) return [];
        Chain chain = log.ReadChain();
        if (chain.Newest is not (Commit newest, _)) return [];
        if (!Directory.Exists(layout.Delta))
        {
            Directory.CreateDirectory(layout.Delta);
            Durable.SyncDirectory(layout.Root);
        }
        Dictionary<long, Commit> sound = chain.Commits.ToDictionary(commit => commit.Sequence);
        Dictionary<long, Snapshot?> snapshots = [];
        Snapshot? SnapshotOf(long sequence) =>
            snapshots.TryGetValue(sequence, out Snapshot? known) ? known
            : snapshots[sequence] = sound.TryGetValue(sequence, out Commit? commit) ? log.SnapshotOf(commit) : null;

        List<string> told = [];
        IReadOnlyList<TableSchema> tables = PublishedSchema.Of(SnapshotOf(newest.Sequence)?.Manifest.Clinical);
        IEnumerable<string> names = tables.Select(table => table.Name).Union(Directory.GetDirectories(layout.Delta).Select(path => Path.GetFileName(path)));
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            string folder = Path.Combine(layout.Delta, name);
            string about = tables.FirstOrDefault(table => table.Name == name)?.Meaning ?? "";
            DeltaLog delta = new(folder, name, about, staging) { ChangeFeed = ChangeFeed, AtStep = AtStep };
            DeltaOutcome outcome = delta.RollForward(newest.Sequence, sequence => CommitOf(name, sequence), IdOf(name, chain));
            if (outcome.Told is string line) told.Add(line);
        }
        return told;

        DeltaCommit CommitOf(string table, long sequence)
        {
            DateTimeOffset at = sound.TryGetValue(sequence, out Commit? commit) ? commit.CommittedUtc : newest.CommittedUtc;
            if (SnapshotOf(sequence) is not Snapshot snapshot)
                return new DeltaCommit(sequence, at, [new CommittedFile(Path.GetFileName(TableSchema.PartPath(table, sequence)), null)]);
            return new DeltaCommit(sequence, at, [.. snapshot.Manifest.FilesOf(table)
                .Select(file => new CommittedFile(Path.GetFileName(file.Path), Path.Combine(snapshot.Directory, file.Path)))]);
        }
    }

    /// <summary>Follows retention: the second name of a file that no snapshot has any more goes as well.</summary>
    public static void RemoveGone(WarehouseLayout layout)
    {
        if (!Directory.Exists(layout.Delta)) return;
        HashSet<string> present = [.. Directory.GetDirectories(layout.Snapshots).Select(path => Path.GetFileName(path).Split('-')[0])];
        foreach (string folder in Directory.GetDirectories(layout.Delta))
            DeltaLog.RemoveGone(folder, sequence => !present.Contains(Invariant($"{sequence:D10}")));
    }

    /// <summary>Made of what never changes, so that a log that is written anew has the id it had.</summary>
    private static string IdOf(string table, Chain chain) => Guid.ParseExact(DeltaVersion.Sha256Of($"{chain.Sound[0].Sha256} {table}")[..32], "N").ToString();
}
