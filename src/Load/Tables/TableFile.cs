using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace VerseEtl.Load.Tables;

/// <summary>One Parquet file while it is written, row group by row group; no more than one group is held.</summary>
internal sealed class TableFile<TRow> : IAsyncDisposable where TRow : class
{
    // blocks small enough that their rows stay in the processor's cache from column to column, and few enough columns that their values do
    private const int ColumnsAtOnce = 16;
    private const int RowsAtOnce = 128;
    private readonly TableSchema<TRow> _table;
    private readonly ParquetWriter _writer;
    private readonly DataField[] _leaves;
    private readonly List<ChunkFacts[]> _facts = [];
    private bool _completed;

    private TableFile(TableSchema<TRow> table, ParquetWriter writer, DataField[] leaves) => (_table, _writer, _leaves) = (table, writer, leaves);

    /// <param name="output">Stays open.</param>
    public static async Task<TableFile<TRow>> Begin(TableSchema<TRow> table, Stream output, SourceAttribution? attribution, CancellationToken cancellation)
    {
        ParquetSchema schema = table.CreateParquetSchema();
        ParquetOptions options = new() { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest };
        ParquetWriter writer = await ParquetWriter.CreateAsync(schema, output, options, cancellationToken: cancellation);
        writer.CustomMetadata = TableMetadata.Of(table, attribution);
        return new TableFile<TRow>(table, writer, schema.GetDataFields());
    }

    /// <summary>Writes rows, in the order given, as the next row group.</summary>
    /// <exception cref="InvalidDataException">A value that the contract forbids: NaN, infinity, or null in a column without nulls.</exception>
    public async Task Add(ReadOnlyMemory<TRow> rows, CancellationToken cancellation)
    {
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        ChunkFacts[] facts = new ChunkFacts[_leaves.Length];
        for (int first = 0; first < facts.Length; first += ColumnsAtOnce)
        {
            int columns = Math.Min(ColumnsAtOnce, facts.Length - first);
            Gathered<TRow>[] chunks = [.. _table.TypedColumns.Skip(first).Take(columns).Select(column => column.Gather(rows.Length))];
            try
            {
                Gather(rows.Span, chunks);
                for (int at = 0; at < columns; at++)
                    facts[first + at] = await chunks[at].WriteAsync(group, _leaves[first + at], cancellation);
            }
            finally
            {
                foreach (Gathered<TRow> chunk in chunks) chunk.Dispose();
            }
        }
        group.CompleteValidate();
        _facts.Add(facts);
    }

    private static void Gather(ReadOnlySpan<TRow> rows, Gathered<TRow>[] chunks)
    {
        for (int from = 0; from < rows.Length; from += RowsAtOnce)
        {
            ReadOnlySpan<TRow> block = rows.Slice(from, Math.Min(RowsAtOnce, rows.Length - from));
            foreach (Gathered<TRow> chunk in chunks) chunk.Take(block);
        }
    }

    /// <summary>Writes the footer, corrected.</summary>
    public async Task Complete()
    {
        FooterCorrections.Apply(_writer, _leaves.Length, _facts);
        _completed = true;
        await _writer.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _completed ? ValueTask.CompletedTask : _writer.DisposeAsync();
}
