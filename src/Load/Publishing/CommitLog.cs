using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>A commit as it lies on the disk: either the commit and the hash of its file, or what is wrong with it.</summary>
/// <param name="Format">Null where not even that can be read.</param>
internal readonly record struct CommitFile(Commit? Commit, string? Sha256, bool IsSealed, string? Fault, int? Format = null);

/// <summary>The commits of a warehouse: the truth about which snapshot is current. Each names its parent by sequence and hash.</summary>
[SupportedOSPlatform("linux")]
internal sealed class CommitLog(WarehouseLayout layout)
{
    /// <summary>
    /// The highest sequence that was ever committed, by every witness: the commits' names, the link `current`, and proven.json. 0 for none.
    /// The witnesses that are written after a commit are asked before the commits are listed, so a commit put in meanwhile does no harm.
    /// </summary>
    public long Highest()
    {
        long witnessed = Math.Max(CurrentLink.Sequence(layout), Proven.Read(layout).Newest);
        return Math.Max(witnessed, Sequences() is [.., long last] ? last : 0);
    }

    /// <summary>Sequences of all commit files, ascending.</summary>
    public IReadOnlyList<long> Sequences()
    {
        if (!Directory.Exists(layout.Commits)) return [];
        List<long> sequences = [];
        foreach (string file in Directory.EnumerateFileSystemEntries(layout.Commits, "*.json"))
            if (long.TryParse(Path.GetFileNameWithoutExtension(file.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
                && sequence > 0 && Path.GetFileName(layout.Commit(sequence)) == Path.GetFileName(file))
                sequences.Add(sequence);
        sequences.Sort();
        return sequences;
    }

    /// <summary>One commit file, held against itself.</summary>
    public CommitFile Look(long sequence)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(layout.Commit(sequence));
            SealedValue<Commit> read = SealedJson.Read(bytes, LoadForms.Commit);
            if (read.Value is not Commit commit)
                return new CommitFile(null, null, read.IsSealed, read.Fault, SealedJson.Read(bytes, LoadJson.Default.CommitFormat).Value?.Format);
            return commit.Sequence == sequence
                ? new CommitFile(commit, Sha256.Of(bytes), read.IsSealed, null, commit.Format)
                : new CommitFile(null, null, read.IsSealed, Invariant($"it is commit {commit.Sequence} under another's name"));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new CommitFile(null, null, false, "it is missing");
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(layout.Commit(sequence)))
        {
            return new CommitFile(null, null, false, "it is a directory");
        }
    }

    /// <summary>A commit and the hash of its file; null if it is not there or not readable as one.</summary>
    public (Commit Commit, string Sha256)? Read(long sequence) => Look(sequence) is { Commit: Commit commit, Sha256: string hash } ? (commit, hash) : null;

    /// <summary>All commits, each held against itself, its parent, and the evidence of what should be there.</summary>
    public Chain ReadChain()
    {
        long witnessed = Highest(), last = 0;
        bool sealedBefore = false;
        SortedDictionary<long, (Commit Commit, string Sha256)> sound = [];
        List<DamagedFile> faults = [];
        foreach (long sequence in Sequences())
        {
            faults.AddRange(Missing(last, sequence));
            last = sequence;
            CommitFile file = Look(sequence);
            string? fault = file.Fault ?? (sealedBefore && !file.IsSealed ? NoDigest : null);
            if (fault is not null || file.Commit is not Commit commit)
            {
                faults.Add(Damaged(sequence, fault!));
                continue;
            }
            sealedBefore |= file.IsSealed;
            sound[sequence] = (commit, file.Sha256!);
            if (commit.Parent is long parent && sound.TryGetValue(parent, out (Commit, string Sha256) named) && named.Sha256 != commit.ParentSha256)
            {
                faults.Add(Damaged(parent, NotNamed(sequence)));
                sound.Remove(parent);
            }
        }
        faults.AddRange(Missing(last, witnessed + 1));
        return new Chain([.. sound.Values], faults, Math.Max(last, witnessed));
    }

    /// <summary>
    /// The snapshot with a sequence, its commit, its manifest and, unless that alone is asked for, the presence and size of its files checked.
    /// </summary>
    /// <returns>Null if there never was one, or retention took it.</returns>
    /// <exception cref="WarehouseDamagedException">It is not what was committed.</exception>
    public Snapshot? Find(long sequence, bool manifestAlone = false)
    {
        long highest = Highest();
        if (sequence < 1 || sequence > highest) return null;
        CommitFile file = Look(sequence);
        string? fault = file.Fault ?? (file.IsSealed ? null : Look(sequence - 1).IsSealed ? NoDigest : null)
            ?? (Look(sequence + 1).Commit is Commit child && child.Parent == sequence && child.ParentSha256 != file.Sha256 ? NotNamed(child.Sequence) : null);
        if (fault is not null) throw Unusable(sequence, highest, [Damaged(sequence, fault)]);
        Commit commit = file.Commit!;
        if (sequence != highest && !Directory.Exists(layout.Snapshot(commit.Snapshot)) && !HasName(sequence) && !HasOlder(sequence)) return null;
        IReadOnlyList<DamagedFile> damage = SnapshotCheck.Outside(layout, this, commit, out Snapshot? snapshot);
        return damage.Count == 0 || (manifestAlone && snapshot is not null) ? snapshot : throw Unusable(sequence, highest, damage);
    }

    /// <summary>The newest snapshot; never an older one in its place.</summary>
    /// <returns>Null if nothing was ever published.</returns>
    /// <exception cref="WarehouseDamagedException">It is not what was committed.</exception>
    public Snapshot? Newest()
    {
        for (long highest = Highest(); ;)
        {
            try
            {
                return Find(highest);
            }
            catch (WarehouseDamagedException) when (Highest() is long now && now > highest)
            {
                highest = now; // another was published meanwhile, and retention may have taken this one
            }
        }
    }

    private bool HasName(long sequence) => SnapshotNames.All(layout).Any(named => named.Sequence == sequence);

    /// <summary>A snapshot before this one, without a name, is there: retention, which takes the oldest first, cannot have taken this one.</summary>
    private bool HasOlder(long sequence)
    {
        HashSet<long> exempt = SnapshotNames.Exempt(layout);
        return Directory.EnumerateDirectories(layout.Snapshots).Select(directory => Path.GetFileName(directory))
            .Any(name => long.TryParse(name.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long older)
                && older < sequence && !exempt.Contains(older) && Look(older).Commit?.Snapshot == name);
    }

    /// <summary>The snapshot of the newest commit that can be trusted; null if there is none or its manifest is damaged.</summary>
    public Snapshot? NewestWhole() => ReadChain().Newest is (Commit commit, _) ? SnapshotOf(commit) : null;

    /// <summary>The snapshot of a commit; null if it was pruned or its manifest is damaged.</summary>
    public Snapshot? SnapshotOf(Commit commit)
    {
        string directory = layout.Snapshot(commit.Snapshot);
        try
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(directory, Manifest.FileName));
            if (Sha256.Of(bytes) != commit.ManifestSha256) return null;
            Manifest manifest = LoadForms.Manifest.Read(bytes);
            return new Snapshot(commit.Sequence, directory, commit.CommittedUtc, commit.RunId, commit.RunKey, manifest) { RolledBackTo = commit.RolledBackTo };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The commit itself: true if it is ours now, false if another holds the sequence.</summary>
    /// <param name="prepared">A synced file with the commit's text, on the same file system.</param>
    public bool TryAppend(Commit commit, string prepared)
    {
        string path = layout.Commit(commit.Sequence);
        bool linked;
        try
        {
            linked = Durable.TryLink(prepared, path);
        }
        catch (StorageException) when (Read(commit.Sequence) is (Commit there, _) && there.RunId == commit.RunId)
        {
            linked = true; // a network file system may do the work and lose the answer
        }
        linked |= Read(commit.Sequence) is (Commit holder, _) && holder.RunId == commit.RunId;
        if (linked) Durable.SyncDirectory(layout.Commits);
        return linked;
    }

    /// <summary>What lies between two sequences, both not included, and has no commit; many are told as one.</summary>
    private IEnumerable<DamagedFile> Missing(long after, long before)
    {
        const long TellEach = 100;
        if (before - after - 1 <= TellEach)
            for (long sequence = after + 1; sequence < before; sequence++)
                yield return Damaged(sequence, "it is missing");
        else
            yield return Damaged(before - 1, Invariant($"it is missing, with the {before - after - 2} before it"));
    }

    private DamagedFile Damaged(long sequence, string fault) => new(sequence, Path.GetRelativePath(layout.Root, layout.Commit(sequence)), fault);

    private static WarehouseDamagedException Unusable(long sequence, long highest, IReadOnlyList<DamagedFile> damage) =>
        new(damage, sequence == highest ? "`run` publishes it anew" : "`snapshots` lists those that are whole");

    private const string NoDigest = "it has no digest, though the one before it has";

    private static string NotNamed(long by) => Invariant($"it is not the commit that {by} was made upon");
}

/// <summary>The commits at one moment.</summary>
/// <param name="Sound">Commits that can be trusted with the hashes of their files, ascending.</param>
/// <param name="Faults">Of commit files; whether a later commit accounts for one is told by <see cref="Account"/>.</param>
/// <param name="Highest">The highest sequence that was ever used: the next commit's is one more.</param>
internal sealed record Chain(IReadOnlyList<(Commit Commit, string Sha256)> Sound, IReadOnlyList<DamagedFile> Faults, long Highest)
{
    private readonly Dictionary<(long, string), long> _mended =
        Sound.SelectMany(each => (each.Commit.Mends ?? []).Select(fault => (fault, each.Commit.Sequence)))
        .Where(each => each.fault.Sequence < each.Sequence).GroupBy(each => (each.fault.Sequence, each.fault.Path))
        .ToDictionary(same => same.Key, same => same.Max(each => each.Sequence));

    /// <summary>Snapshots that a later commit accounts for.</summary>
    public bool IsLost(long sequence) => _mended.Keys.Any(key => key.Item1 == sequence);

    /// <summary>The newest commit that can be trusted: the parent of the next.</summary>
    public (Commit Commit, string Sha256)? Newest => Sound.Count > 0 ? Sound[^1] : null;

    public IEnumerable<Commit> Commits => Sound.Select(each => each.Commit);

    /// <summary>Fills in by which later commit each fault is accounted for.</summary>
    public IReadOnlyList<DamagedFile> Account(IEnumerable<DamagedFile> faults) =>
        [.. faults.Select(fault => fault with { MendedBy = _mended.TryGetValue((fault.Sequence, fault.Path), out long by) ? by : null })];
}
