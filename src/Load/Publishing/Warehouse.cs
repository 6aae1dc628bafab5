using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;
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

    /// <summary>Absolute paths of a table's files in a snapshot (the current one unless given).</summary>
    public IReadOnlyList<string> PathOf(string table, Snapshot? snapshot = null)
    {
        snapshot ??= Current;
        return snapshot is null ? [] : [.. snapshot.Manifest.Files.Where(file => file.Path.StartsWith(table + "/", StringComparison.Ordinal))
            .Select(file => Path.Combine(snapshot.Directory, file.Path))];
    }

    /// <summary>All rows of a snapshot.</summary>
    /// <exception cref="WarehouseDamagedException">A file of it is damaged.</exception>
    public static async Task<PublishedTables> ReadTables(Snapshot snapshot, CancellationToken cancellation = default) => new()
    {
        Vertebrae = await ReadTable(snapshot, PublishedSchema.Vertebrae, cancellation),
        Scans = await ReadTable(snapshot, PublishedSchema.Scans, cancellation),
        Pairs = await ReadTable(snapshot, PublishedSchema.Pairs, cancellation),
        Spines = await ReadTable(snapshot, PublishedSchema.Spines, cancellation),
        LabelStatistics = await ReadTable(snapshot, PublishedSchema.LabelStatistics, cancellation),
        DatasetStatistics = await ReadTable(snapshot, PublishedSchema.DatasetStatistics, cancellation),
        Findings = await ReadTable(snapshot, PublishedSchema.Findings, cancellation),
        Audit = await ReadTable(snapshot, PublishedSchema.Audit, cancellation),
        Clinical = snapshot.Manifest.Clinical is ClinicalDeclaration declared
            ? new ClinicalTable(declared, await ReadTable(snapshot, ClinicalSchema.Of(declared), cancellation))
            : null,
    };

    /// <summary>The rows of one table of a snapshot, in key order; no row of a file that is not what the manifest says.</summary>
    /// <exception cref="WarehouseDamagedException">A file of the table is damaged.</exception>
    /// <exception cref="WarehouseRefusedException">A newer version wrote it.</exception>
    public static Task<IReadOnlyList<TRow>> ReadTable<TRow>(Snapshot snapshot, TableSchema<TRow> table, CancellationToken cancellation = default)
        where TRow : class =>
        ReadTable(snapshot, table, null, cancellation);

    /// <param name="scanKey">Rows of this scan alone; null for all.</param>
    /// <inheritdoc cref="ReadTable{TRow}(Snapshot, TableSchema{TRow}, CancellationToken)"/>
    internal static async Task<IReadOnlyList<TRow>> ReadTable<TRow>(Snapshot snapshot, TableSchema<TRow> table, string? scanKey,
        CancellationToken cancellation) where TRow : class
    {
        List<TRow> rows = [];
        await foreach (IReadOnlyList<TRow> group in Groups(snapshot, table, scanKey, cancellation)) rows.AddRange(group);
        return rows;
    }

    /// <summary>The same rows, one row group at a time: no more of a table need be held. Each file is proven before its first row is given.</summary>
    /// <inheritdoc cref="ReadTable{TRow}(Snapshot, TableSchema{TRow}, string?, CancellationToken)"/>
    internal static async IAsyncEnumerable<IReadOnlyList<TRow>> Groups<TRow>(Snapshot snapshot, TableSchema<TRow> table, string? scanKey,
        [EnumeratorCancellation] CancellationToken cancellation) where TRow : class
    {
        RefuseNewerSchema(snapshot.Directory, snapshot.Manifest);
        foreach (ManifestFile file in snapshot.Manifest.FilesOf(table.Name))
        {
            using FileStream input = await Guard(() => SnapshotCheck.Open(snapshot, file, cancellation));
            await using IAsyncEnumerator<IReadOnlyList<TRow>> groups =
                TableReader.GroupsAsync(table, input, scanKey, cancellation).GetAsyncEnumerator(cancellation);
            while (await Guard(() => groups.MoveNextAsync().AsTask())) yield return groups.Current;
        }
    }

    /// <summary>The same rows one by one, for who cannot wait otherwise.</summary>
    /// <inheritdoc cref="Groups{TRow}(Snapshot, TableSchema{TRow}, string?, CancellationToken)"/>
    internal static IEnumerable<TRow> Rows<TRow>(Snapshot snapshot, TableSchema<TRow> table, CancellationToken cancellation) where TRow : class =>
        Groups(snapshot, table, null, cancellation).ToBlockingEnumerable(cancellation).SelectMany(group => group);

    /// <summary>The same rows in the order of this version. Of an older schema version the table is sorted: its findings were in another order.</summary>
    /// <inheritdoc cref="Groups{TRow}(Snapshot, TableSchema{TRow}, string?, CancellationToken)"/>
    internal static IEnumerable<TRow> InKeyOrder<TRow>(Snapshot snapshot, TableSchema<TRow> table, CancellationToken cancellation) where TRow : class
    {
        IEnumerable<TRow> rows = Rows(snapshot, table, cancellation);
        return snapshot.Manifest.SchemaVersion < PublishedSchema.Version ? rows.Order(Comparer<TRow>.Create(table.Compare)) : rows;
    }

    /// <summary>The values of the same rows, as <see cref="TableSchema.Values"/> gives them.</summary>
    /// <inheritdoc cref="Groups{TRow}(Snapshot, TableSchema{TRow}, string?, CancellationToken)"/>
    internal static IEnumerable<IReadOnlyList<object?>> Values(Snapshot snapshot, TableSchema table, CancellationToken cancellation) =>
        table.Do(new ValuesOfRows(snapshot, cancellation));

    private sealed class ValuesOfRows(Snapshot snapshot, CancellationToken cancellation) : ITableWork<IEnumerable<IReadOnlyList<object?>>>
    {
        public IEnumerable<IReadOnlyList<object?>> Of<TRow>(TableSchema<TRow> table) where TRow : class =>
            InKeyOrder(snapshot, table, cancellation).Select(table.ValuesOf);
    }

    /// <summary>Reads a snapshot's files, those of one table or all.</summary>
    /// <exception cref="WarehouseDamagedException">One is damaged.</exception>
    internal static Task Require(Snapshot snapshot, string? table, CancellationToken cancellation) => Guard(async () =>
    {
        foreach (ManifestFile file in snapshot.Manifest.Files.Where(file => table is null || file.Path.StartsWith(table + "/", StringComparison.Ordinal)))
            (await SnapshotCheck.Open(snapshot, file, cancellation)).Dispose();
        return true;
    });

    /// <summary>A file of a snapshot that is no table.</summary>
    /// <exception cref="WarehouseDamagedException">It is damaged.</exception>
    internal static Task<byte[]> ReadFile(Snapshot snapshot, ManifestFile file, CancellationToken cancellation) => Guard(async () =>
    {
        using FileStream input = await SnapshotCheck.Open(snapshot, file, cancellation);
        byte[] bytes = new byte[file.Bytes];
        await input.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    });

    /// <summary>Which rows differ between two snapshots, table by table.</summary>
    /// <exception cref="WarehouseDamagedException">A file of either is damaged.</exception>
    public static Task<IReadOnlyList<TableDiff>> Diff(Snapshot before, Snapshot after, CancellationToken cancellation = default) =>
        Diff(before, after, new DiffKept(), cancellation);

    /// <inheritdoc cref="Diff(Snapshot, Snapshot, CancellationToken)"/>
    internal static Task<IReadOnlyList<TableDiff>> Diff(Snapshot before, Snapshot after, DiffKept kept, CancellationToken cancellation)
    {
        TableSchema? was = Clinical(before) ?? Clinical(after), isNow = Clinical(after) ?? was;
        IEnumerable<(TableSchema Before, TableSchema After)> tables = PublishedSchema.All.Select(table => (table, table));
        if (was is not null) tables = tables.Append((was, isNow!));
        // rows are read by who waits for them
        return Task.Run(() => (IReadOnlyList<TableDiff>)
            [.. tables.Select(table => table.After.Do(new TableComparison(before, table.Before, after, kept, cancellation)))], cancellation);

        static TableSchema? Clinical(Snapshot snapshot) =>
            snapshot.Manifest.Clinical is ClinicalDeclaration declared ? ClinicalSchema.Of(declared) : null;
    }

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

    /// <summary>Writes a run into the ledger, over an earlier entry of the same run.</summary>
    internal void Record(RunRecord run)
    {
        RequireWritable();
        RequireRunId(run.RunId);
        Guard(() =>
        {
            _ledger.Write(run);
            return true;
        });
    }

    /// <summary>The same with what the run noticed, which no snapshot holds.</summary>
    /// <param name="findings">In key order.</param>
    internal async Task Record(RunRecord run, IEnumerable<Finding> findings)
    {
        RequireRunId(run.RunId);
        RunFindings? written = null;
        try
        {
            written = await Guard(() => _ledger.WriteFindings(run.RunId, findings));
        }
        catch (StorageException full) when (full.IsOfRoom)
        {
            // that there was such a night is worth more
        }
        Record(run with { Findings = written });
    }

    /// <summary>What a run noticed, in key order: of its own where it published nothing, else of the snapshot it published or confirmed.</summary>
    /// <returns>Null where nothing was kept, or the snapshot was pruned.</returns>
    /// <exception cref="WarehouseDamagedException">The file is damaged.</exception>
    public async Task<IReadOnlyList<Finding>?> FindingsOf(RunRecord run, CancellationToken cancellation = default) =>
        await RowsOfFindings(run, cancellation) is IEnumerable<Finding> rows ? [.. rows] : null;

    /// <summary>The same, proven and read as they are asked for, any number of times.</summary>
    /// <inheritdoc cref="FindingsOf"/>
    internal async Task<IEnumerable<Finding>?> RowsOfFindings(RunRecord run, CancellationToken cancellation)
    {
        if (run.Findings is not null)
        {
            byte[] file = Guard(() => _ledger.ReadFindings(run));
            return Groups(file).ToBlockingEnumerable(cancellation).SelectMany(group => group);
        }
        return (run.Sequence ?? run.CurrentSequence) is long sequence && Find(sequence, manifestAlone: true) is Snapshot snapshot
            ? await RowsOfFindings(snapshot, cancellation)
            : null;

        async IAsyncEnumerable<IReadOnlyList<Finding>> Groups(byte[] file)
        {
            using MemoryStream input = new(file);
            await foreach (IReadOnlyList<Finding> group in TableReader.GroupsAsync(PublishedSchema.Findings, input, null, cancellation)) yield return group;
        }
    }

    /// <summary>Those of a snapshot.</summary>
    /// <inheritdoc cref="RowsOfFindings(RunRecord, CancellationToken)"/>
    internal static async Task<IEnumerable<Finding>> RowsOfFindings(Snapshot snapshot, CancellationToken cancellation)
    {
        // of a table with a damaged file nothing is told
        await Require(snapshot, PublishedSchema.Findings.Name, cancellation);
        return Rows(snapshot, PublishedSchema.Findings, cancellation);
    }

    /// <summary>The newest runs of the ledger, by start time, and the entries that cannot be read.</summary>
    internal LedgerPage Ledger(int newest = int.MaxValue) => Guard(() => _ledger.Read(newest));

    /// <summary>The newest runs of the ledger, by start time; entries that cannot be read are left out.</summary>
    public IReadOnlyList<RunRecord> Runs(int newest = int.MaxValue) => Ledger(newest).Runs;

    /// <summary>When an entry was last added to the ledger.</summary>
    public DateTime LedgerChangedUtc => Directory.GetLastWriteTimeUtc(_layout.Runs);

    /// <summary>The runs whose id begins so; only the one whose id is exactly this, if there is one.</summary>
    internal LedgerPage FindRuns(string prefix) => Guard(() => _ledger.Find(prefix));

    /// <summary>Runs in the ledger.</summary>
    internal int RunCount => Guard(() => _ledger.Count);

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

    private static void RequireRunId(string runId)
    {
        if (!RunIdPattern().IsMatch(runId)) throw new ArgumentException("A run id is 1 to 64 letters, digits, '-' or '_'.", nameof(runId));
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex RunIdPattern();
}
