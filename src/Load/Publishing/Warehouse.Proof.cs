using VerseEtl.Load.Cache;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using static VerseEtl.Load.Storage.StorageGuard;
using VerseEtl.Transform.Cohort;

namespace VerseEtl.Load.Publishing;

/// <summary>Proving: what was published is read again and held against its commits.</summary>
public sealed partial class Warehouse
{
    /// <summary>Days of nightly runs within which every snapshot is read.</summary>
    private const int DaysForAll = 7;

    // a share a night, also where two nights are not quite a day apart
    private static readonly TimeSpan RunDay = TimeSpan.FromHours(20);

    /// <summary>When the files of a snapshot were last read and found whole, by a clock that agrees with this one; null for never.</summary>
    public DateTimeOffset? VerifiedUtc(long sequence) => Guard(() => Proven.Read(_layout).At(sequence, _options.Time.GetUtcNow()));

    /// <summary>
    /// Holds the chain of commits, every file of the newest snapshot, and a share of the older ones against what was committed; notes what
    /// was proven. Entries of the ledger and a hold that cannot be read are written anew with what is known of them.
    /// </summary>
    /// <param name="everything">Reads all older snapshots; also done where the share shows damage.</param>
    internal Task<Proof> Prove(bool everything, CancellationToken cancellation)
    {
        RequireWritable();
        return Task.FromResult(Guard(() =>
        {
            DateTimeOffset now = _options.Time.GetUtcNow();
            ReplaceDamagedHold(now);
            _ledger.ReplaceDamaged();
            Chain chain = _log.ReadChain();
            HashSet<long> due = [.. everything ? chain.Commits.Select(commit => commit.Sequence) : Due(chain, now)];
            IReadOnlyList<DamagedFile> damage = chain.Account(Examine(chain, due.Contains, cancellation));
            if (!everything && damage.Any(fault => fault.MendedBy is null))
            {
                // a disk that fails in one place is looked at as a whole, and one commit accounts for it all
                due = [.. chain.Commits.Select(commit => commit.Sequence)];
                damage = chain.Account(Examine(chain, due.Contains, cancellation));
            }
            Note(chain, due, [.. damage.Select(fault => fault.Sequence)]);
            return new Proof(damage, chain.Highest);
        }));
    }

    /// <summary>What was found, with the commits that were put in since.</summary>
    internal Proof Account(Proof proof) => Guard(() =>
    {
        Chain chain = _log.ReadChain();
        return new Proof(chain.Account(proof.Damage), chain.Highest);
    });

    /// <summary>Damage, with the commits that account for it by now.</summary>
    internal IReadOnlyList<DamagedFile> Account(IReadOnlyList<DamagedFile> damage) => Guard(() => _log.ReadChain().Account(damage));

    /// <summary>Reads every snapshot that is there, or one, and writes nothing.</summary>
    /// <returns>Damage, known losses among it.</returns>
    public Task<IReadOnlyList<DamagedFile>> Verify(long? sequence = null, CancellationToken cancellation = default) => Task.FromResult(Guard(() =>
    {
        Chain chain = _log.ReadChain();
        List<DamagedFile> damage = [.. chain.Account(Examine(chain, at => sequence is null || at == sequence, cancellation))
            .Where(fault => sequence is null || fault.Sequence == sequence)];
        Dictionary<TextKey, bool> pictures = [];
        foreach (Commit commit in chain.Commits.Where(commit => sequence is null || commit.Sequence == sequence))
            if (damage.All(fault => fault.Sequence != commit.Sequence) && Directory.Exists(_layout.Snapshot(commit.Snapshot))
                && _log.SnapshotOf(commit) is Snapshot snapshot) damage.AddRange(DamagedPictures(snapshot, pictures, cancellation));
        return (IReadOnlyList<DamagedFile>)damage;
    }));

    /// <summary>Pictures that a snapshot names and that are not there or do not hold what their names say.</summary>
    /// <param name="known">What was found out about pictures so far: snapshots share them.</param>
    private List<DamagedFile> DamagedPictures(Snapshot snapshot, Dictionary<TextKey, bool> known, CancellationToken cancellation)
    {
        PictureStore store = new(Root);
        List<DamagedFile> damaged = [];
        foreach (string path in PicturesOf(snapshot, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            TextKey key = TextKey.Of(path);
            if (!known.TryGetValue(key, out bool whole)) known[key] = whole = store.Has(path);
            if (!whole) damaged.Add(new DamagedFile(snapshot.Sequence, path, "it is missing, or does not hold what its name says"));
        }
        return damaged;
    }

    /// <summary>The pictures that a snapshot names.</summary>
    /// <exception cref="WarehouseDamagedException">The table is damaged.</exception>
    internal static IEnumerable<string> PicturesOf(Snapshot snapshot, CancellationToken cancellation) =>
        Rows(snapshot, PictureName.Table, cancellation).Select(row => row.PicturePath).OfType<string>();

    /// <summary>Reads the pictures that a snapshot names.</summary>
    /// <exception cref="WarehouseDamagedException">One is damaged.</exception>
    internal Task RequirePictures(Snapshot snapshot, CancellationToken cancellation) => Task.FromResult(Guard(() =>
    {
        List<DamagedFile> damaged = DamagedPictures(snapshot, [], cancellation);
        return damaged.Count == 0 ? true : throw new WarehouseDamagedException(damaged, "the next run paints pictures of the current scans again");
    }));

    /// <summary>The picture of a scan: one column of `scans`.</summary>
    private sealed record PictureName
    {
        public string? PicturePath { get; init; }

        public static TableSchema<PictureName> Table { get; } = TableSchema<PictureName>.Narrow(PublishedSchema.Scans,
            Columns<PictureName>.OptionalText("picture_path", row => row.PicturePath, new("")));
    }

    /// <summary>The same by names and sizes alone.</summary>
    internal IReadOnlyList<DamagedFile> Look() => Guard(() =>
    {
        Chain chain = _log.ReadChain();
        return chain.Account(Examine(chain, _ => false, CancellationToken.None));
    });

    /// <param name="hashed">Whether the files of a snapshot are read; of all, names and sizes are looked at.</param>
    private List<DamagedFile> Examine(Chain chain, Func<long, bool> hashed, CancellationToken cancellation)
    {
        List<DamagedFile> damage = [.. chain.Faults];
        bool older = false;
        HashSet<long> named = [.. SnapshotNames.All(_layout).Select(each => each.Sequence)], exempt = SnapshotNames.Exempt(_layout);
        foreach (Commit commit in chain.Commits)
        {
            string directory = _layout.Snapshot(commit.Snapshot);
            // retention takes the oldest first, never the newest, and none that has a name
            if (!Directory.Exists(directory) && !older && commit.Sequence != chain.Highest && !named.Contains(commit.Sequence)) continue;
            List<DamagedFile> found = [.. SnapshotCheck.Outside(_layout, _log, commit, out Snapshot? snapshot)];
            if (snapshot is not null && hashed(commit.Sequence))
                foreach (ManifestFile file in snapshot.Manifest.Files.Where(file => found.All(fault => fault.Path != file.Path)))
                    if (SnapshotCheck.Fault(directory, file, cancellation) is string fault)
                        found.Add(new DamagedFile(commit.Sequence, file.Path, fault));
            // taken by another writer's retention while it was looked at
            if (found.Count > 0 && !older && !named.Contains(commit.Sequence) && !Directory.Exists(directory) && _log.Highest() > commit.Sequence) continue;
            damage.AddRange(found);
            older |= !exempt.Contains(commit.Sequence);
        }
        return damage;
    }

    /// <summary>The newest snapshot, and of the older ones that were not read today those that have waited longest; none that is lost anyway.</summary>
    private IEnumerable<long> Due(Chain chain, DateTimeOffset now)
    {
        Proven proven = Proven.Read(_layout);
        (long Sequence, DateTimeOffset? At)[] older = [.. chain.Commits.Where(commit => commit.Sequence != chain.Highest && !chain.IsLost(commit.Sequence)
            && Directory.Exists(_layout.Snapshot(commit.Snapshot))).Select(commit => (commit.Sequence, proven.At(commit.Sequence, now)))];
        int share = (older.Length + DaysForAll - 1) / DaysForAll, today = older.Count(each => now - each.At < RunDay);
        return older.Where(each => each.At is null || now - each.At >= RunDay).OrderBy(each => each.At ?? DateTimeOffset.MinValue).ThenBy(each => each.Sequence)
            .Take(Math.Max(0, share - today)).Select(each => each.Sequence).Append(chain.Highest);
    }

    /// <summary>Notes which snapshots were read.</summary>
    private void Note(Chain chain, IReadOnlyCollection<long> read, IReadOnlyCollection<long> damaged)
    {
        long[] present = [.. chain.Commits.Where(commit => Directory.Exists(_layout.Snapshot(commit.Snapshot))).Select(commit => commit.Sequence)];
        Proven.Read(_layout).With(chain.Highest, present, read, damaged, _options.Time.GetUtcNow()).Write(_layout);
    }

    /// <summary>A hold must not end because its file is damaged: to which snapshot it went back stands in the commits.</summary>
    private void ReplaceDamagedHold(DateTimeOffset now)
    {
        if (ReadHold().Fault is not string fault) return;
        Commit? back = _log.ReadChain().Commits.LastOrDefault(commit => commit.RolledBackTo is not null);
        Hold hold = new(back?.CommittedUtc ?? now, back?.RolledBackTo ?? 0,
            Invariant($"rolled back to snapshot {back?.RolledBackTo ?? 0}; {Path.GetFileName(_layout.Hold)} was damaged ({fault}) and is written anew"));
        Durable.Replace(_layout.Hold, SealedJson.Write(hold, LoadJson.Default.Hold));
    }
}

/// <summary>What proving a warehouse found.</summary>
/// <param name="Damage">Everything, known losses among it.</param>
/// <param name="Newest">The highest sequence that was ever committed.</param>
internal sealed record Proof(IReadOnlyList<DamagedFile> Damage, long Newest)
{
    /// <summary>Damage that no commit accounts for: the next publish does.</summary>
    public IReadOnlyList<DamagedFile> Unmended => [.. Damage.Where(fault => fault.MendedBy is null)];

    /// <summary>What is wrong with the newest snapshot; none if it can be read.</summary>
    public IReadOnlyList<DamagedFile> OfNewest => [.. Unmended.Where(fault => fault.Sequence == Newest)];
}
