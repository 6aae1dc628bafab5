using System.Globalization;
using System.Text.Json;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>The commits of a warehouse, oldest first: the truth about which snapshot is current.</summary>
internal sealed class CommitLog(WarehouseLayout layout)
{
    /// <summary>Sequences of all commit files, ascending.</summary>
    public IReadOnlyList<long> Sequences()
    {
        if (!Directory.Exists(layout.Commits)) return [];
        List<long> sequences = [];
        foreach (string file in Directory.EnumerateFiles(layout.Commits, "*.json"))
            if (long.TryParse(Path.GetFileNameWithoutExtension(file.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence))
                sequences.Add(sequence);
        sequences.Sort();
        return sequences;
    }

    /// <summary>A commit and the hash of its file; null if it is not there or not readable as one.</summary>
    public (Commit Commit, string Sha256)? Read(long sequence)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(layout.Commit(sequence));
            Commit? commit = JsonSerializer.Deserialize(bytes, LoadJson.Default.Commit);
            return commit is null || commit.Sequence != sequence ? null : (commit, Sha256.Of(bytes));
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    public IEnumerable<Commit> ReadAll() => Sequences().Select(Read).OfType<(Commit Commit, string Sha256)>().Select(entry => entry.Commit);

    /// <summary>The newest commit whose manifest is there and has the recorded hash.</summary>
    public (Commit Commit, string Sha256, Snapshot Snapshot)? Newest()
    {
        IReadOnlyList<long> sequences = Sequences();
        for (int at = sequences.Count - 1; at >= 0; at--)
            if (Read(sequences[at]) is (Commit commit, string hash) && SnapshotOf(commit) is Snapshot snapshot)
                return (commit, hash, snapshot);
        return null;
    }

    /// <summary>The snapshot of a commit; null if it was pruned or its manifest is damaged.</summary>
    public Snapshot? SnapshotOf(Commit commit)
    {
        string directory = layout.Snapshot(commit.Snapshot);
        try
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(directory, Manifest.FileName));
            if (Sha256.Of(bytes) != commit.ManifestSha256) return null;
            Manifest manifest = JsonSerializer.Deserialize(bytes, LoadJson.Default.Manifest)!;
            return new Snapshot(commit.Sequence, directory, commit.CommittedUtc, commit.RunId, commit.RunKey, manifest) { RolledBackTo = commit.RolledBackTo };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
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
}
