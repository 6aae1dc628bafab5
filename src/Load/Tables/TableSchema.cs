using System.Runtime.Versioning;
using Parquet.Schema;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tables;

/// <summary>One published table: name, meaning, key and columns in published order.</summary>
public abstract class TableSchema(string name, string meaning, IReadOnlyList<string> key)
{
    public string Name { get; } = name;

    /// <summary>What one row is.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>Columns that together identify a row.</summary>
    public IReadOnlyList<string> Key { get; } = key;

    public abstract IReadOnlyList<Column> Columns { get; }

    /// <summary>What a user declared the columns by; null for the tables of the contract.</summary>
    internal ClinicalDeclaration? Declaration { get; init; }

    /// <summary>Number of rows that a set of tables holds for this one.</summary>
    internal abstract int CountRows(PublishedTables tables);

    /// <summary>`vertebrae/vertebrae-0000000042-00000.parquet`, relative to the snapshot; in the order of their numbers the files hold the rows.</summary>
    internal static string PartPath(string table, long sequence, int part = 0) => Invariant($"{table}/{table}-{sequence:D10}-{part:D5}.parquet");

    /// <summary>Writes the table's rows, in key order, as one Parquet file.</summary>
    public abstract Task WriteAsync(PublishedTables tables, Stream output, SourceAttribution? attribution, CancellationToken cancellation,
        int rowsPerGroup = TableWriter.RowsPerGroup);

    /// <summary>The table's values row by row, in key order, boxed: for export and comparison.</summary>
    public abstract IEnumerable<IReadOnlyList<object?>> Values(PublishedTables tables);

    /// <summary>Does a work with the type of the table's rows.</summary>
    internal abstract T Do<T>(ITableWork<T> work);

    internal abstract ParquetSchema CreateParquetSchema();

    /// <summary>Begins to write the table, piece by piece.</summary>
    /// <param name="staged">The snapshot's folder, where that of the table is made already.</param>
    /// <param name="sequence">Of the snapshot.</param>
    [SupportedOSPlatform("linux")]
    internal abstract TableParts Begin(string staged, long sequence, SourceAttribution? attribution, PartSizes sizes);
}

/// <summary>Something to be done with a table whatever its rows are.</summary>
internal interface ITableWork<out T>
{
    T Of<TRow>(TableSchema<TRow> table) where TRow : class;
}

/// <summary>A table whose rows are of one type.</summary>
public sealed class TableSchema<TRow>(string name, string meaning, IReadOnlyList<string> key, Func<PublishedTables, IReadOnlyList<TRow>> rows,
    Comparison<TRow> order, IReadOnlyList<Column<TRow>> columns) : TableSchema(name, meaning, key)
    where TRow : class
{
    public override IReadOnlyList<Column> Columns => columns;

    public IReadOnlyList<Column<TRow>> TypedColumns => columns;

    /// <summary>Some columns of a published table as rows of another type, for a reader that needs few of many.</summary>
    internal static TableSchema<TRow> Narrow(TableSchema of, params IReadOnlyList<Column<TRow>> columns) =>
        new(of.Name, of.Meaning, of.Key, _ => [], (_, _) => 0, columns);

    /// <summary>A row for a reader to fill.</summary>
    internal Func<TRow> NewRow { get; init; } = Columns<TRow>.NewRow;

    internal override int CountRows(PublishedTables tables) => rows(tables).Count;

    public override Task WriteAsync(PublishedTables tables, Stream output, SourceAttribution? attribution, CancellationToken cancellation,
        int rowsPerGroup = TableWriter.RowsPerGroup) =>
        new TableWriter(attribution, rowsPerGroup).WriteAsync(this, InKeyOrder(tables), output, cancellation);

    public override IEnumerable<IReadOnlyList<object?>> Values(PublishedTables tables)
    {
        foreach (TRow row in InKeyOrder(tables)) yield return ValuesOf(row);
    }

    internal IReadOnlyList<object?> ValuesOf(TRow row) => [.. columns.Select(column => column.Value(row))];

    internal override T Do<T>(ITableWork<T> work) => work.Of(this);

    internal override ParquetSchema CreateParquetSchema() => new([.. columns.Select(column => column.CreateField())]);

    [SupportedOSPlatform("linux")]
    internal override TableParts Begin(string staged, long sequence, SourceAttribution? attribution, PartSizes sizes) =>
        new TableParts<TRow>(this, staged, sequence, attribution, sizes);

    internal int Compare(TRow a, TRow b) => order(a, b);

    internal TRow[] InKeyOrder(PublishedTables tables)
    {
        TRow[] all = [.. rows(tables)];
        for (int at = 1; at < all.Length; at++)
        {
            if (order(all[at - 1], all[at]) > 0) return [.. all.Order(Comparer<TRow>.Create(order))];
        }
        return all;
    }
}
