using System.Runtime.Versioning;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Publishing;

/// <summary>
/// A directory of immutable snapshots and the log that says which is current. Readers see the old snapshot or the new one, never half;
/// any number of processes may write. Storage failures are <see cref="StorageException"/>.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed partial class Warehouse
{
    private readonly WarehouseLayout _layout;
    private readonly WarehouseOptions _options;
    private readonly CommitLog _log;
    private readonly RunLedger _ledger;
    private readonly bool _writable;

    private Warehouse(string root, WarehouseOptions options, bool writable)
    {
        _layout = new WarehouseLayout(root);
        _log = new CommitLog(_layout);
        _ledger = new RunLedger(_layout.Runs);
        (_options, _writable) = (options, writable);
    }

    /// <summary>Absolute path, symbolic links resolved.</summary>
    public string Root => _layout.Root;

    /// <summary>Where a run may set files aside; what is left there is cleared away.</summary>
    internal string StagingPath => _layout.Staging;

    /// <summary>Where the scan cache lives.</summary>
    internal string CachePath => _layout.Cache;

    /// <summary>Tells this warehouse from another under the same path; null for one of an older version that nobody has written to since.</summary>
    internal string? Id => Guard(() => File.Exists(_layout.Id) ? File.ReadAllText(_layout.Id).Trim() : null);

    /// <summary>There is a warehouse, though perhaps without a snapshot yet.</summary>
    public static bool Exists(string path) => Directory.Exists(new WarehouseLayout(path).Commits);

    /// <summary>Opens a warehouse for writing, made if missing, and proves that it can be committed to.</summary>
    /// <exception cref="WarehouseRefusedException">It overlaps the source, or a newer version wrote it.</exception>
    /// <exception cref="StorageException">It is read-only, spans devices, or its file system has no link(2).</exception>
    public static Warehouse Open(string path, WarehouseOptions? options = null)
    {
        options ??= new WarehouseOptions();
        return Guard(() =>
        {
            if (options.SourcePath is string source) WarehouseFolder.RefuseOverlap(path, source);
            Directory.CreateDirectory(path);
            Warehouse warehouse = new(Durable.RealPath(path), options, writable: true);
            warehouse.RefuseNewer();
            WarehouseFolder.Prepare(warehouse._layout);
            warehouse._ledger.PutRoomBy();
            return warehouse;
        });
    }

    /// <summary>Opens an existing warehouse for writing into its ledger alone, which is possible also where nothing can be committed.</summary>
    /// <exception cref="WarehouseRefusedException">A newer version wrote it.</exception>
    internal static Warehouse OpenForRecording(string path) => Guard(() =>
    {
        Warehouse warehouse = new(Durable.RealPath(path), new WarehouseOptions(), writable: true);
        warehouse.RefuseNewer();
        return warehouse;
    });

    /// <summary>Opens an existing warehouse for reading; writes nothing, so the path may be read-only.</summary>
    /// <exception cref="WarehouseRefusedException">A newer version wrote it.</exception>
    /// <exception cref="StorageException">There is no warehouse.</exception>
    public static Warehouse OpenForReading(string path) => Guard(() =>
    {
        if (!Exists(path))
            throw new StorageException("STO_IO", $"{path} is no warehouse (it has no commits/); check the path or run once");
        Warehouse warehouse = new(Durable.RealPath(path), new WarehouseOptions(), writable: false);
        warehouse.RefuseNewer();
        return warehouse;
    });

    /// <summary>The same warehouse as it is to be kept.</summary>
    internal Warehouse Kept(WarehouseOptions options) => new(Root, options, _writable);

    /// <summary>
    /// The newest snapshot, its commit, its manifest and the presence and size of its files checked; null if nothing was ever published.
    /// </summary>
    /// <exception cref="WarehouseDamagedException">It is damaged: an older one is never given in its place.</exception>
    public Snapshot? Current => Guard(_log.Newest);

    /// <summary>Every snapshot that is still there and has a sound commit and manifest, oldest first.</summary>
    public IReadOnlyList<Snapshot> Snapshots() => Guard(() => _log.ReadChain().Commits.Select(_log.SnapshotOf).OfType<Snapshot>().ToList());

    /// <summary>The snapshot with a sequence, checked as <see cref="Current"/> is; null if it never was or is pruned.</summary>
    /// <exception cref="WarehouseDamagedException">It is damaged.</exception>
    /// <param name="manifestAlone">Also a snapshot that lacks a file, for who reads others of it.</param>
    public Snapshot? Find(long sequence, bool manifestAlone = false) => Guard(() => _log.Find(sequence, manifestAlone));

    /// <summary>Sequence of the newest commit that can be trusted, whatever became of its snapshot: the parent of the next. 0 for none.</summary>
    internal long Parent => Guard(() => _log.ReadChain().Newest?.Commit.Sequence ?? 0);

    /// <summary>Removes snapshots that retention no longer covers.</summary>
    public IReadOnlyList<long> Prune()
    {
        RequireWritable();
        return Guard(() => Pruning.Run(_layout, _log.ReadChain(), _options));
    }

    /// <summary>The snapshots that <see cref="Prune"/> would remove.</summary>
    public IReadOnlyList<long> WouldPrune() => Guard(() => Pruning.Due(_layout, _log.ReadChain(), _options).Select(commit => commit.Sequence).ToList());

    /// <summary>The hold set by a rollback; null if scheduled runs may publish.</summary>
    /// <exception cref="WarehouseDamagedException">There is one that cannot be read: scheduled runs must not publish.</exception>
    public Hold? Hold => Guard(() =>
    {
        (Hold? hold, string? fault) = ReadHold();
        if (fault is null) return hold;
        throw new WarehouseDamagedException([new DamagedFile(0, Path.GetFileName(_layout.Hold), fault)], "`release` ends the hold, `run` mends the file");
    });

    /// <summary>Ends a hold.</summary>
    /// <returns>False if there was none.</returns>
    public bool Release()
    {
        RequireWritable();
        return Guard(() =>
        {
            bool held = File.Exists(_layout.Hold);
            Durable.Unlink(_layout.Hold);
            Durable.SyncDirectory(_layout.Root);
            return held;
        });
    }

    /// <summary>By the newest commit of which at least the format can be read.</summary>
    private void RefuseNewer()
    {
        foreach (long sequence in _log.Sequences().Reverse())
        {
            CommitFile file = _log.Look(sequence);
            if (file.Format is not int format) continue;
            Manifest? manifest = file.Commit is Commit commit ? _log.SnapshotOf(commit)?.Manifest : null;
            if (format > Commit.KnownFormat) throw Newer(Root, manifest, "format", format, Commit.KnownFormat);
            if (manifest is not null) RefuseNewerSchema(Root, manifest);
            return;
        }
    }

    private static void RefuseNewerSchema(string path, Manifest manifest)
    {
        if (manifest.SchemaVersion > PublishedSchema.Version) throw Newer(path, manifest, "table schema", manifest.SchemaVersion, PublishedSchema.Version);
    }

    private static WarehouseRefusedException Newer(string path, Manifest? manifest, string what, int version, int known) => new("VERSION_NEWER",
        Invariant($"{path} was written by {manifest?.CodeVersion ?? "a newer build"} with {what} {version}, this build knows {known}; ")
            + "upgrade it or use another directory");

    private (Hold? Hold, string? Fault) ReadHold()
    {
        if (!File.Exists(_layout.Hold)) return (null, null);
        SealedValue<Hold> read = SealedJson.Read(File.ReadAllBytes(_layout.Hold), LoadJson.Default.Hold);
        return (read.Value, read.Fault);
    }

    private void RequireWritable()
    {
        if (!_writable) throw new InvalidOperationException("The warehouse was opened for reading.");
    }
}
