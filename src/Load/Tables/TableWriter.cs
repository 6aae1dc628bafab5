namespace VerseEtl.Load.Tables;

/// <summary>Rows to one Parquet file: zstd pages, a dictionary for strings, column statistics on. The same rows give the same bytes.</summary>
/// <param name="attribution">Whose data it is; null where no licence is claimed.</param>
public sealed class TableWriter(SourceAttribution? attribution, int rowsPerGroup = TableWriter.RowsPerGroup)
{
    /// <summary>A publish holds as many rows of each table at a time.</summary>
    public const int RowsPerGroup = 10_000;

    /// <summary>A table with more rows has several files.</summary>
    public const int RowsPerPart = 250_000;

    /// <summary>Writes rows in the order given. The stream stays open.</summary>
    /// <exception cref="InvalidDataException">A value that the contract forbids: NaN, infinity, or null in a column without nulls.</exception>
    public async Task WriteAsync<TRow>(TableSchema<TRow> table, ReadOnlyMemory<TRow> rows, Stream output, CancellationToken cancellation) where TRow : class
    {
        await using TableFile<TRow> file = await TableFile<TRow>.Begin(table, output, attribution, cancellation);
        for (int from = 0; from < rows.Length; from += rowsPerGroup)
            await file.Add(rows.Slice(from, Math.Min(rowsPerGroup, rows.Length - from)), cancellation);
        await file.Complete();
    }
}
