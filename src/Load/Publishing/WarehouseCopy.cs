using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using VerseEtl.Load.Delta;
using VerseEtl.Load.Objects;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>What a copy to an object store did.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Objects">Put now.</param>
/// <param name="Bytes">In them.</param>
/// <param name="Removed">Objects that retention took.</param>
/// <param name="Foreign">What somebody else has written there; then nothing more was put. Null where nothing was met.</param>
internal sealed record CopyOutcome(string Place, int Objects, long Bytes, int Removed, string? Foreign);

/// <summary>The points of a copy at which a crash leaves something different behind.</summary>
internal static class CopySteps
{
    public const string Owned = "copy-owned", FilePut = "copy-file-put", ManifestPut = "copy-manifest-put", CommitPut = "copy-commit-put",
        DeltaFilePut = "copy-delta-file-put", DeltaVersionPut = "copy-delta-version-put", CheckpointPut = "copy-checkpoint-put",
        CurrentPut = "copy-current-put", Removed = "copy-removed";
}

/// <summary>
/// A warehouse's commits, snapshots and Delta tables in an object store, in an order in which a reader never meets half: what a commit or a version
/// of a log names lies there before it, both are put only where there is none, `current` is moved after them, and what retention took here goes last.
/// Nothing is remembered here: what is missing there is seen there, so that any run, of any host, goes on. Where somebody else has written, nothing
/// more is put.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class WarehouseCopy(WarehouseLayout layout, CommitLog log, IObjectStore store, CancellationToken token)
{
    private const string Commits = "commits/", Snapshots = "snapshots/", Delta = "delta/", LogFolder = "_delta_log", Current = "current", Id = "id";

    private readonly Dictionary<string, long> _there = new(StringComparer.Ordinal);
    private int _objects, _removed;
    private long _bytes;

    /// <summary>Tests stop a copy here; called with a name of <see cref="CopySteps"/>.</summary>
    public Action<string>? AtStep { get; init; }

    /// <exception cref="StorageException">The store, or the warehouse, failed; what is missing is put by the next call.</exception>
    public async Task<CopyOutcome> Run()
    {
        foreach (PutObject found in await store.List("", token)) _there[found.Key] = found.Bytes;
        string? foreign = null;
        try
        {
            await Own();
            Chain chain = log.ReadChain();
            await RequireOwnCommits(chain);
            await PutCommits(chain);
            foreach (string folder in Folders(layout.Delta)) await PutTable(Path.GetFileName(folder), folder);
            if (chain.Newest is (Commit newest, _))
            {
                await PutCurrent(newest);
                await RemoveGone(chain, newest);
            }
        }
        catch (ForeignException met)
        {
            foreign = $"{store.Place}: {met.Message}; nothing more is put there. Choose another place, or empty this one";
        }
        return new CopyOutcome(store.Place, _objects, _bytes, _removed, foreign);
    }

    /// <summary>A place is one warehouse's.</summary>
    private async Task Own()
    {
        byte[] id = await File.ReadAllBytesAsync(layout.Id, token);
        if (_there.Count > 0 && !_there.ContainsKey(Id) && _there.Keys.Any(key => key == Current || key.StartsWith(Commits, StringComparison.Ordinal)))
            throw new ForeignException("there are tables of somebody else");
        await PutOnce(Id, id, "it is the copy of another warehouse");
        At(CopySteps.Owned);
    }

    /// <summary>Every commit there is one of ours.</summary>
    private async Task RequireOwnCommits(Chain chain)
    {
        Dictionary<string, long> ours = chain.Commits.ToDictionary(commit => CommitKey(commit.Sequence), commit => commit.Sequence);
        string? newest = null;
        foreach (string key in Below(Commits).Order(StringComparer.Ordinal))
        {
            if (!ours.TryGetValue(key, out long sequence))
            {
                // a commit of ours that is damaged here is still ours
                if (chain.Faults.Any(fault => CommitKey(fault.Sequence) == key)) continue;
                throw new ForeignException($"{key} is none of this warehouse's");
            }
            if (_there[key] != new FileInfo(layout.Commit(sequence)).Length) throw new ForeignException($"{key} is not the one of this warehouse");
            newest = key;
        }
        if (newest is not null) await RequireSame(newest, await File.ReadAllBytesAsync(layout.Commit(ours[newest]), token), "is not the one of this warehouse");
    }

    private async Task PutCommits(Chain chain)
    {
        Commit[] present = [.. chain.Commits.Where(commit => Directory.Exists(layout.Snapshot(commit.Snapshot)))];
        if (present.Length == 0) return;
        // older ones have nothing left to be read, and were perhaps never here
        foreach (Commit commit in chain.Commits.Where(commit => commit.Sequence >= present[0].Sequence))
        {
            string key = CommitKey(commit.Sequence);
            if (_there.ContainsKey(key)) continue;
            if (log.SnapshotOf(commit) is Snapshot snapshot) await PutSnapshot(snapshot, Snapshots + commit.Snapshot + "/");
            await PutOnce(key, await File.ReadAllBytesAsync(layout.Commit(commit.Sequence), token), $"somebody else has put {key}");
            At(CopySteps.CommitPut);
        }
    }

    /// <summary>The manifest last; none where a file is damaged here, which every run tells.</summary>
    private async Task PutSnapshot(Snapshot snapshot, string folder)
    {
        foreach (ManifestFile file in snapshot.Manifest.Files)
        {
            if (_there.GetValueOrDefault(folder + file.Path, -1) == file.Bytes) continue;
            using FileStream? content = Proven(snapshot, file);
            if (content is null) return;
            await Put(folder + file.Path, content);
            At(CopySteps.FilePut);
        }
        byte[] manifest = await File.ReadAllBytesAsync(Path.Combine(snapshot.Directory, Manifest.FileName), token);
        if (_there.GetValueOrDefault(folder + Manifest.FileName, -1) == manifest.Length) return;
        await Put(folder + Manifest.FileName, new MemoryStream(manifest, writable: false));
        At(CopySteps.ManifestPut);
    }

    private FileStream? Proven(Snapshot snapshot, ManifestFile file)
    {
        try
        {
            return SnapshotCheck.Open(snapshot, file, token);
        }
        catch (WarehouseDamagedException)
        {
            return null;
        }
    }

    /// <summary>A Delta table: each version after its file, and only versions of ours.</summary>
    private async Task PutTable(string table, string folder)
    {
        string place = $"{Delta}{table}/", logPlace = $"{place}{LogFolder}/";
        SortedDictionary<long, string> here = [];
        foreach (string path in Files(Path.Combine(folder, LogFolder), "*.json"))
            if (VersionOf(Path.GetFileName(path)) is long version) here.Add(version, path);
        if (here.Count == 0) return;

        long newestThere = -1;
        foreach (string key in Below(logPlace))
        {
            if (!key.EndsWith(".json", StringComparison.Ordinal) || VersionOf(key[logPlace.Length..]) is not long version) continue;
            if (!here.TryGetValue(version, out string? own) || _there[key] != new FileInfo(own).Length)
                throw new ForeignException($"somebody else has written version {version} of the Delta table {table}");
            newestThere = Math.Max(newestThere, version);
        }
        if (newestThere >= 0)
            await RequireSame(logPlace + Name(newestThere), await File.ReadAllBytesAsync(here[newestThere], token), "is not the one of this warehouse");

        foreach ((long version, string path) in here.Where(each => each.Key > newestThere))
        {
            byte[] text = await File.ReadAllBytesAsync(path, token);
            // what somebody else has changed here ends the log there as it does here, which every run tells
            if (DeltaVersion.Read(version, Encoding.UTF8.GetString(text)) is not DeltaVersion read || read is { Commit: null, ChangesTable: true }) break;
            foreach (DeltaFile file in read.Files) await PutDeltaFile(place, Path.Combine(folder, file.Name));
            // a log that does not begin at 0 begins with a checkpoint
            if (version == here.Keys.First() && version > 0) await PutCheckpoints(folder, logPlace, version);
            await PutOnce(logPlace + Name(version), text, $"somebody else has written version {version} of the Delta table {table}");
            newestThere = version;
            At(CopySteps.DeltaVersionPut);
        }
        await PutCheckpoints(folder, logPlace, newestThere);
    }

    private async Task PutDeltaFile(string place, string path)
    {
        FileInfo file = new(path);
        // retention has taken it here, and so the version cannot be read there either
        if (!file.Exists || _there.GetValueOrDefault(place + file.Name, -1) == file.Length) return;
        using FileStream content = file.OpenRead();
        await Put(place + file.Name, content);
        At(CopySteps.DeltaFilePut);
    }

    private async Task PutCheckpoints(string folder, string logPlace, long upTo)
    {
        bool any = false;
        foreach (string path in Files(Path.Combine(folder, LogFolder), "*.checkpoint.parquet"))
        {
            string name = Path.GetFileName(path);
            if (VersionOf(name) is not long version || version > upTo) continue;
            if (_there.GetValueOrDefault(logPlace + name, -1) == new FileInfo(path).Length) continue;
            using FileStream content = File.OpenRead(path);
            await Put(logPlace + name, content);
            any = true;
            At(CopySteps.CheckpointPut);
        }
        string last = Path.Combine(folder, LogFolder, "_last_checkpoint");
        if (!File.Exists(last) || (!any && _there.ContainsKey(logPlace + "_last_checkpoint"))) return;
        using FileStream pointer = File.OpenRead(last);
        await Put(logPlace + "_last_checkpoint", pointer);
    }

    /// <summary>A hint for readers without a log: the name of the newest snapshot.</summary>
    private async Task PutCurrent(Commit newest)
    {
        if (!_there.ContainsKey(Snapshots + newest.Snapshot + "/" + Manifest.FileName)) return;
        byte[] text = Encoding.UTF8.GetBytes(newest.Snapshot + "\n");
        if (_there.ContainsKey(Current) && (await store.Get(Current, token)).AsSpan().SequenceEqual(text)) return;
        await Put(Current, new MemoryStream(text, writable: false));
        At(CopySteps.CurrentPut);
    }

    /// <summary>Follows retention: nothing that is newest, here or there, names what is removed.</summary>
    private async Task RemoveGone(Chain chain, Commit newest)
    {
        HashSet<string> gone = [.. chain.Commits.Where(commit => commit.Sequence < newest.Sequence && !Directory.Exists(layout.Snapshot(commit.Snapshot)))
            .Select(commit => commit.Snapshot)];
        foreach (string key in Below(Snapshots).Where(key => gone.Contains(key[Snapshots.Length..].Split('/')[0]))) await Remove(key);
        HashSet<string> sequences = [.. gone.Select(name => name.Split('-')[0])];
        foreach (string key in Below(Delta).Where(key => key.EndsWith(".parquet", StringComparison.Ordinal)))
        {
            string[] names = key[Delta.Length..].Split('/');
            if (names is [string table, string file] && file.Split('-') is [_, string sequence, _] && sequences.Contains(sequence)
                && !File.Exists(Path.Combine(layout.Delta, table, file)))
                await Remove(key);
        }
    }

    private async Task Remove(string key)
    {
        await store.Delete(key, token);
        _removed++;
        At(CopySteps.Removed);
    }

    private async Task Put(string key, Stream content)
    {
        await using (content)
        {
            long bytes = content.Length;
            await store.Put(key, content, token);
            Count(key, bytes);
        }
    }

    /// <summary>Puts what is put once and never changed; of an answer that was lost it is known that it is ours.</summary>
    /// <exception cref="ForeignException">Something else is there.</exception>
    private async Task PutOnce(string key, byte[] content, string otherwise)
    {
        if (!_there.ContainsKey(key))
        {
            using MemoryStream stream = new(content, writable: false);
            if (await store.TryPut(key, stream, token))
            {
                Count(key, content.Length);
                return;
            }
        }
        if (!(await store.Get(key, token)).AsSpan().SequenceEqual(content)) throw new ForeignException(otherwise);
    }

    private async Task RequireSame(string key, byte[] content, string otherwise)
    {
        if (!(await store.Get(key, token)).AsSpan().SequenceEqual(content)) throw new ForeignException($"{key} {otherwise}");
    }

    private void Count(string key, long bytes)
    {
        _there[key] = bytes;
        _objects++;
        _bytes += bytes;
    }

    private string[] Below(string prefix) => [.. _there.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))];

    private static IEnumerable<string> Folders(string path) => Directory.Exists(path) ? Directory.GetDirectories(path).Order(StringComparer.Ordinal) : [];

    private static IEnumerable<string> Files(string path, string pattern) =>
        Directory.Exists(path) ? Directory.GetFiles(path, pattern).Order(StringComparer.Ordinal) : [];

    private static string CommitKey(long sequence) => Invariant($"{Commits}{sequence:D10}.json");

    private static string Name(long version) => Invariant($"{version:D20}.json");

    private static long? VersionOf(string name) => name.Length > DeltaLog.VersionDigits
        && long.TryParse(name.AsSpan(0, DeltaLog.VersionDigits), NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : null;

    private void At(string step) => AtStep?.Invoke(step);

    private sealed class ForeignException(string message) : Exception(message);
}
