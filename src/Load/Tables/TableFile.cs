using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace VerseEtl.Load.Tables;

/// <summary>One Parquet file while it is written, row group by row group; no more than one group is held.</summary>
internal sealed class TableFile<TRow> : IAsyncDisposable where TRow : class
{
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
        ParquetOptions options = new() { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Optimal };
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
        for (int at = 0; at < _leaves.Length; at++)
            facts[at] = await _table.TypedColumns[at].WriteAsync(group, _leaves[at], rows, cancellation);
        group.CompleteValidate();
        _facts.Add(facts);
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
