using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace VerseEtl.Load.Tables;

/// <summary>Rows to one Parquet file: zstd pages, a dictionary for strings, column statistics on. The same rows give the same bytes.</summary>
/// <param name="attribution">Whose data it is; null where no licence is claimed.</param>
public sealed class TableWriter(SourceAttribution? attribution, int rowsPerGroup = TableWriter.RowsPerGroup)
{
    public const int RowsPerGroup = 100_000;

    /// <summary>Writes rows in the order given. The stream stays open.</summary>
    /// <exception cref="InvalidDataException">A value that the contract forbids: NaN, infinity, or null in a column without nulls.</exception>
    public async Task WriteAsync<TRow>(TableSchema<TRow> table, ReadOnlyMemory<TRow> rows, Stream output, CancellationToken cancellation) where TRow : class
    {
        ParquetSchema schema = table.CreateParquetSchema();
        DataField[] leaves = schema.GetDataFields();
        ParquetOptions options = new() { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Optimal };

        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, output, options, cancellationToken: cancellation);
        writer.CustomMetadata = TableMetadata.Of(table, attribution);
        List<ChunkFacts[]> facts = [];
        for (int from = 0; from < rows.Length; from += rowsPerGroup)
        {
            ReadOnlyMemory<TRow> slice = rows.Slice(from, Math.Min(rowsPerGroup, rows.Length - from));
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            ChunkFacts[] ofGroup = new ChunkFacts[leaves.Length];
            for (int at = 0; at < leaves.Length; at++)
                ofGroup[at] = await table.TypedColumns[at].WriteAsync(group, leaves[at], slice, cancellation);
            group.CompleteValidate();
            facts.Add(ofGroup);
        }
        FooterCorrections.Apply(writer, leaves.Length, facts);
    }
}
