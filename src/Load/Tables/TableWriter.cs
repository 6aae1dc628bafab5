namespace VerseEtl.Load.Tables;

/// <summary>Rows to one Parquet file: plain values in zstd pages, column statistics on. The same rows give the same bytes.</summary>
/// <param name="attribution">Whose data it is; null where no licence is claimed.</param>
public sealed class TableWriter(SourceAttribution? attribution, int rowsPerGroup = TableWriter.RowsPerGroup)
{
    /// <summary>A publish holds as many rows of each table at a time. A power of two, as lent arrays are: their length would be rounded up to one.</summary>
    public const int RowsPerGroup = 8_192;

    /// <summary>A table with more rows has several files.</summary>
    public const int RowsPerPart = 30 * RowsPerGroup;

    /// <summary>Writes rows in the order given. The stream stays open.</summary>
    /// <exception cref="InvalidDataException">A value that the contract forbids: NaN, infinity, or null in a column without nulls.</exception>
    public async Task WriteAsync<TRow>(TableSchema<TRow> table, ReadOnlyMemory<TRow> rows, Stream output, CancellationToken cancellation) where TRow : class
    {
        using WaitingPages pages = new();
        await using TableFile<TRow> file = await TableFile<TRow>.Begin(table, pages, attribution, cancellation);
        for (int from = 0; from < rows.Length; from += rowsPerGroup)
        {
            await file.Add(rows.Slice(from, Math.Min(rowsPerGroup, rows.Length - from)), cancellation);
            await pages.MoveTo(output, cancellation);
        }
        await file.Complete();
        await pages.MoveTo(output, cancellation);
    }
}

/// <summary>
/// Written pages on their way to a stream. The library writes each page by itself and waits for it: for most streams a hop to another thread and
/// back, which takes longer than the page.
/// </summary>
internal sealed class WaitingPages : MemoryStream
{
    /// <summary>What was moved on cannot be sought: the writer counts the bytes itself.</summary>
    public override bool CanSeek => false;

    public async Task MoveTo(Stream output, CancellationToken cancellation)
    {
        await output.WriteAsync(GetBuffer().AsMemory(0, (int)Length), cancellation);
        SetLength(0);
    }
}
