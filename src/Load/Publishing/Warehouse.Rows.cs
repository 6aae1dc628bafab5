using System.Runtime.CompilerServices;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Publishing;

/// <summary>Rows of snapshots, proven as they are read.</summary>
public sealed partial class Warehouse
{
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
            using FileStream input = Guard(() => SnapshotCheck.Open(snapshot, file, cancellation));
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
    internal static void Require(Snapshot snapshot, string? table, CancellationToken cancellation) => Guard(() =>
    {
        foreach (ManifestFile file in snapshot.Manifest.Files.Where(file => table is null || file.Path.StartsWith(table + "/", StringComparison.Ordinal)))
            SnapshotCheck.Open(snapshot, file, cancellation).Dispose();
        return true;
    });

    /// <summary>A file of a snapshot that is no table.</summary>
    /// <exception cref="WarehouseDamagedException">It is damaged.</exception>
    internal static byte[] ReadFile(Snapshot snapshot, ManifestFile file, CancellationToken cancellation) => Guard(() =>
    {
        using FileStream input = SnapshotCheck.Open(snapshot, file, cancellation);
        byte[] bytes = new byte[file.Bytes];
        input.ReadExactly(bytes);
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
}
