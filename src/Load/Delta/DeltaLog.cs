using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Delta;

/// <summary>What a table is after a commit of the warehouse.</summary>
/// <param name="Sequence">Of the commit.</param>
/// <param name="Files">The table's files; none where the commit has no such table.</param>
internal sealed record DeltaCommit(long Sequence, DateTimeOffset CommittedUtc, IReadOnlyList<CommittedFile> Files)
{
    /// <summary>There is such a table, and its snapshot is there.</summary>
    public bool IsThere => Files.Count > 0 && Files.All(file => file.Path is not null);
}

/// <summary>A file of a table.</summary>
/// <param name="Path">Where it lies in the snapshot; null where the snapshot is gone.</param>
internal readonly record struct CommittedFile(string Name, string? Path);

/// <summary>The points of a roll forward at which a crash leaves something different behind, in order.</summary>
internal static class DeltaSteps
{
    public const string Checkpointed = "delta-checkpointed", Begun = "delta-begun", FileLinked = "delta-file-linked", Prepared = "delta-prepared",
        Put = "delta-put";

    public static readonly IReadOnlyList<string> All = [Checkpointed, Begun, FileLinked, Prepared, Put];
}

/// <summary>What a roll forward did to one log.</summary>
/// <param name="Told">What the owner of the warehouse should hear about it; null for nothing.</param>
internal readonly record struct DeltaOutcome(int Written, string? Told);

/// <summary>
/// `delta/&lt;table&gt;/_delta_log`: version n is commit n of the warehouse, put by link(2), so that exactly one of several writers puts it. The
/// commits are the truth: what the log lacks or has torn is written from them, and what somebody else has written is never written over.
/// </summary>
/// <param name="folder">delta/&lt;table&gt; of a warehouse.</param>
/// <param name="staging">A private folder on the same device.</param>
[SupportedOSPlatform("linux")]
internal sealed class DeltaLog(string folder, string table, string about, string staging)
{
    /// <summary>Versions between two checkpoints: without them Spark takes ten seconds to open 2,000 versions.</summary>
    public const int VersionsPerCheckpoint = 100;

    /// <summary>Of a version in the names of its files.</summary>
    public const int VersionDigits = 20;

    private const int MostTries = 10;
    private readonly string _log = Path.Combine(folder, "_delta_log");

    /// <summary>From the next version on readers may ask which rows a version took and put; once there it stays.</summary>
    public bool ChangeFeed { get; init; }

    /// <summary>Tests stop a roll forward here; called with a name of <see cref="DeltaSteps"/>.</summary>
    public Action<string>? AtStep { get; init; }

    /// <summary>Writes the versions of commits that the log does not have.</summary>
    /// <param name="newest">Sequence of the newest commit.</param>
    /// <param name="commits">Each commit from 1 on.</param>
    /// <param name="tableId">For a log that begins now.</param>
    public DeltaOutcome RollForward(long newest, Func<long, DeltaCommit> commits, string tableId)
    {
        int written = 0;
        string? told = null;
        for (int tries = 0; tries < MostTries; tries++)
        {
            (List<long> versions, long checkpoint) = List();
            if (versions.Count == 0 && !Begin(newest, commits, tableId)) return new DeltaOutcome(0, null);
            if (versions.Count == 0) (versions, checkpoint) = List();
            Mend(versions, checkpoint, sequence => sequence <= newest ? commits(sequence) : null);
            (DeltaVersion head, IReadOnlyList<DeltaVersion> above) = Head(versions[^1]);
            if (above.FirstOrDefault(version => version.ChangesTable) is DeltaVersion foreign)
                return new DeltaOutcome(written, Invariant($"{folder}: somebody else has changed the Delta table in its version {foreign.Version}; ")
                    + "nothing is written there any more. Move the folder away, and the next run makes it anew");
            List<DeltaCommit> due = [];
            for (long sequence = head.Commit!.Value + 1; sequence <= newest; sequence++) due.Add(commits(sequence));
            if (due.Count > 0 && above.Count > 0)
                told = Invariant($"{folder}: {above.Count} versions without data were put into the Delta log by somebody else; from here on ")
                    + Invariant($"version {versions[^1] + 1} is commit {due[0].Sequence}, and `txn` has the commit's number");
            if (Append(head, versions[^1], due) is not int appended) continue;
            written += appended;
            Checkpoint(versions[^1] + appended, Math.Max(checkpoint, versions[0]));
            return new DeltaOutcome(written, told);
        }
        return new DeltaOutcome(written, $"{folder}: others are writing to the Delta log all the time; the next run goes on");
    }

    /// <summary>Takes the names of files that the warehouse no longer has.</summary>
    /// <param name="isGone">Whether a snapshot with a sequence is gone.</param>
    public static void RemoveGone(string folder, Func<long, bool> isGone)
    {
        bool any = false;
        foreach (string file in Directory.EnumerateFiles(folder, "*.parquet"))
        {
            string[] parts = Path.GetFileNameWithoutExtension(file).Split('-');
            if (parts.Length != 3 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)) continue;
            if (!isGone(sequence)) continue;
            Durable.Unlink(file);
            any = true;
        }
        if (any) Durable.SyncDirectory(folder);
    }

    /// <summary>The first version: the table without rows, one before that of the oldest commit whose snapshot is there and all later ones are.</summary>
    private bool Begin(long newest, Func<long, DeltaCommit> commits, string tableId)
    {
        long first = newest + 1;
        while (first > 1 && commits(first - 1).IsThere) first--;
        if (first > newest) return false;
        Directory.CreateDirectory(_log);
        Durable.SyncDirectory(Path.GetDirectoryName(folder)!);
        Durable.SyncDirectory(folder);
        DeltaCommit commit = commits(first);
        DeltaFile like = Look(commit.Files[0]);
        DeltaVersion version = DeltaVersion.First(commit.Sequence - 1, tableId, like, ChangeFeed);
        // a log that does not begin at 0 must begin with a checkpoint; while the version itself is not there, all of this is done again
        if (version.Version > 0) WriteCheckpoint(version, Described(like), [], commit.CommittedUtc);
        At(DeltaSteps.Checkpointed);
        TryPut(version.Version, version.WriteFirst(table, about, like, commit.CommittedUtc), commit.CommittedUtc);
        At(DeltaSteps.Begun);
        return true;
    }

    /// <returns>Versions written; null where somebody else was first.</returns>
    private int? Append(DeltaVersion head, long newest, IReadOnlyList<DeltaCommit> due)
    {
        int written = 0;
        foreach (DeltaCommit commit in due)
        {
            DeltaVersion next = head.Next(newest + 1, commit.Sequence, FilesOf(commit), ChangeFeed);
            if (!TryPut(next.Version, next.Write(table, about, head, commit.CommittedUtc), commit.CommittedUtc)) return null;
            (head, newest) = (next, next.Version);
            written++;
            At(DeltaSteps.Put);
        }
        return written;
    }

    /// <summary>The files of a commit under their names in the table's folder.</summary>
    private DeltaFile[] FilesOf(DeltaCommit commit)
    {
        if (!commit.IsThere) return [.. commit.Files.Select(file => DeltaFile.Gone(file.Name))];
        try
        {
            foreach (CommittedFile file in commit.Files) Durable.TryLink(file.Path!, Path.Combine(folder, file.Name));
            Durable.SyncDirectory(folder);
            At(DeltaSteps.FileLinked);
            return [.. commit.Files.Select(Look)];
        }
        catch (Exception e) when (e is StorageException { Errno: StorageException.Enoent } or FileNotFoundException or DirectoryNotFoundException)
        {
            // retention took it meanwhile
            return [DeltaFile.Gone(commit.Files[0].Name)];
        }
    }

    private static DeltaFile Look(CommittedFile file)
    {
        using FileStream content = File.OpenRead(file.Path!);
        return DeltaFile.Read(file.Name, content).GetAwaiter().GetResult();
    }

    /// <summary>Writes what is missing between the first version and the last, and what is torn above the last checkpoint.</summary>
    private void Mend(List<long> versions, long checkpoint, Func<long, DeltaCommit?> commits)
    {
        for (int at = 1; at < versions.Count; at++)
            for (long missing = versions[at - 1] + 1; missing < versions[at]; missing++)
                Rewrite(missing, versions[0], commits, DeltaVersionAt(versions[at]));
        // readers of today begin at the checkpoint
        for (int at = 1; at < versions.Count - 1; at++)
        {
            if (versions[at] <= checkpoint || DeltaVersionAt(versions[at]) is not null) continue;
            Rewrite(versions[at], versions[0], commits, DeltaVersionAt(versions[at + 1]));
        }
        while (versions.Count > 1 && DeltaVersionAt(versions[^1]) is null)
        {
            long torn = versions[^1];
            Rewrite(torn, versions[0], commits, null);
            if (DeltaVersionAt(torn) is not null) return;
            throw new StorageException("STO_BITROT", $"{FileName(torn)} is torn and cannot be written anew; move {folder} away and run again");
        }
        if (versions.Count == 1 && DeltaVersionAt(versions[0]) is null)
        {
            // nothing was read from it, so nothing is lost
            Durable.Unlink(FileName(versions[0]));
            Durable.SyncDirectory(_log);
            throw new StorageException("STO_BITROT", $"{FileName(versions[0])} was torn and is taken away; the next run begins the log anew");
        }
    }

    private void Rewrite(long version, long first, Func<long, DeltaCommit?> commits, DeltaVersion? after)
    {
        DeltaVersion? before = null;
        for (long look = version - 1; look >= first && before?.Commit is null; look--) before = DeltaVersionAt(look);
        if (before?.Commit is not long last) return;
        if (commits(last + 1) is not DeltaCommit commit) return;
        string text = after?.Commit == commit.Sequence
            ? (before with { Version = version }).WriteNothing(commit.CommittedUtc)
            : before.Next(version, commit.Sequence, FilesOf(commit), after?.ChangeFeed ?? ChangeFeed).Write(table, about, before, commit.CommittedUtc);
        if (!File.Exists(FileName(version)))
        {
            TryPut(version, text, commit.CommittedUtc);
            return;
        }
        Durable.Rename(Prepare(text, commit.CommittedUtc), FileName(version));
        Durable.SyncDirectory(_log);
    }

    /// <summary>The newest version of ours, and those of others above it.</summary>
    private (DeltaVersion Head, IReadOnlyList<DeltaVersion> Above) Head(long newest)
    {
        List<DeltaVersion> above = [];
        for (long version = newest; ; version--)
        {
            DeltaVersion read = DeltaVersionAt(version)
                ?? throw new StorageException("STO_BITROT", $"{FileName(version)} is missing or torn; move {folder} away and run again");
            if (read.Commit is not null) return (read, above);
            above.Add(read);
        }
    }

    /// <param name="last">Version of the last checkpoint, ours or somebody else's.</param>
    private void Checkpoint(long newest, long last)
    {
        if (newest - last < VersionsPerCheckpoint) return;
        (DeltaVersion head, IReadOnlyList<DeltaVersion> above) = Head(newest);
        if (above.Count > 0 || head.Files.Count == 0 || !head.Files.All(file => File.Exists(Path.Combine(folder, file.Name)))) return;
        DeltaFile[] whole = [.. head.Files.Select(file => Look(new CommittedFile(file.Name, Path.Combine(folder, file.Name))))];
        HashSet<string> here = [.. head.Files.Select(file => file.Name)];
        // what can still be read of older versions must not be taken for litter
        List<DeltaFile> removed = [.. Directory.EnumerateFiles(folder, "*.parquet").Order(StringComparer.Ordinal)
            .Where(path => !here.Contains(Path.GetFileName(path)))
            .Select(path => new DeltaFile(Path.GetFileName(path), new FileInfo(path).Length, null, null))];
        WriteCheckpoint(head with { Files = whole }, Described(whole[0]), removed, File.GetLastWriteTimeUtc(FileName(newest)));
        At(DeltaSteps.Checkpointed);
    }

    private void WriteCheckpoint(DeltaVersion version, DeltaTableText described, IReadOnlyList<DeltaFile> removed, DateTimeOffset at)
    {
        (byte[] checkpoint, int actions) = DeltaCheckpoint.Of(version, described, removed, at);
        string prepared = Path.Combine(staging, "delta-" + Guid.NewGuid().ToString("N"));
        Durable.WriteNew(prepared, checkpoint);
        Durable.Rename(prepared, Path.ChangeExtension(FileName(version.Version), ".checkpoint.parquet"));
        Durable.SyncDirectory(_log);
        Durable.Replace(Path.Combine(_log, "_last_checkpoint"),
            Encoding.UTF8.GetBytes(Invariant($"{{\"version\":{version.Version},\"size\":{actions}}}")));
    }

    private DeltaTableText Described(DeltaFile like) => new(table, about, like.Schema!);

    /// <summary>All versions, ascending, and the newest of which there is a checkpoint; 0 for none.</summary>
    private (List<long> Versions, long Checkpoint) List()
    {
        List<long> versions = [];
        long checkpoint = 0;
        if (!Directory.Exists(_log)) return (versions, checkpoint);
        foreach (string path in Directory.EnumerateFiles(_log))
        {
            ReadOnlySpan<char> name = Path.GetFileName(path.AsSpan());
            if (name.Length <= VersionDigits) continue;
            if (!long.TryParse(name[..VersionDigits], NumberStyles.None, CultureInfo.InvariantCulture, out long version)) continue;
            if (name[VersionDigits..] is ".json") versions.Add(version);
            else if (name[VersionDigits..].StartsWith(".checkpoint.")) checkpoint = Math.Max(checkpoint, version);
        }
        versions.Sort();
        return (versions, checkpoint);
    }

    private DeltaVersion? DeltaVersionAt(long version)
    {
        try
        {
            return DeltaVersion.Read(version, File.ReadAllText(FileName(version)));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Put if absent; readers travel by the time of the file, which is the commit's.</summary>
    private bool TryPut(long version, string text, DateTimeOffset at)
    {
        string prepared = Prepare(text, at);
        At(DeltaSteps.Prepared);
        bool put = Durable.TryLink(prepared, FileName(version));
        Durable.Unlink(prepared);
        if (put) Durable.SyncDirectory(_log);
        return put;
    }

    private string Prepare(string text, DateTimeOffset at)
    {
        string prepared = Path.Combine(staging, "delta-" + Guid.NewGuid().ToString("N"));
        Durable.WriteNew(prepared, Encoding.UTF8.GetBytes(text));
        Durable.SetTime(prepared, at);
        return prepared;
    }

    private string FileName(long version) => Path.Combine(_log, version.ToString("D20", CultureInfo.InvariantCulture) + ".json");

    private void At(string step) => AtStep?.Invoke(step);
}
