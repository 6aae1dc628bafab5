using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Publishing;

/// <summary>Names: snapshots that people cite, which stay whatever retention says.</summary>
public sealed partial class Warehouse
{
    /// <summary>All names, in ordinal order.</summary>
    public IReadOnlyList<NamedSnapshot> Names() => Guard(() => SnapshotNames.All(_layout));

    /// <summary>Gives a snapshot a name; it may have several.</summary>
    /// <returns>False if the name is another snapshot's.</returns>
    /// <exception cref="ArgumentException">It is no name, or there is no such snapshot.</exception>
    /// <exception cref="WarehouseDamagedException">The snapshot is damaged.</exception>
    public bool AddName(string name, long sequence)
    {
        RequireWritable();
        if (!SnapshotNames.IsName(name))
            throw new ArgumentException("A name is a letter and at most 63 more letters, digits, '.', '_' or '-', and not 'current'.", nameof(name));
        return Guard(() =>
        {
            Snapshot snapshot = Find(sequence) ?? throw new ArgumentException(Invariant($"There is no snapshot {sequence}."), nameof(sequence));
            bool put = SnapshotNames.TryPut(_layout, name, Path.GetFileName(snapshot.Directory));
            // retention may have taken it between the look and the link
            if (put && !Directory.Exists(snapshot.Directory))
            {
                SnapshotNames.Remove(_layout, name, () => { });
                throw new ArgumentException(Invariant($"There is no snapshot {sequence} any more."), nameof(sequence));
            }
            return put || SnapshotNames.All(_layout).Contains(new NamedSnapshot(name, sequence));
        });
    }

    /// <summary>Gives a name up. A snapshot that was kept by it alone, newer ones being pruned, goes with its last name.</summary>
    /// <returns>The sequence, and whether the snapshot went; null if there is no such name.</returns>
    public (long Sequence, bool Removed)? RemoveName(string name)
    {
        RequireWritable();
        return Guard(() =>
        {
            if (SnapshotNames.All(_layout).FirstOrDefault(named => named.Name == name) is not NamedSnapshot known) return ((long, bool)?)null;
            bool last = SnapshotNames.All(_layout).Count(named => named.Sequence == known.Sequence) == 1, removed = false;
            SnapshotNames.Remove(_layout, name, () => removed = last && Pruning.EndOfName(_layout, _log.ReadChain(), known.Sequence));
            return (known.Sequence, removed);
        });
    }
}
