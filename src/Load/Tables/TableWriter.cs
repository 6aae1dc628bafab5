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
        foreach (DataField leaf in leaves.Where(leaf => leaf.ClrType == typeof(ReadOnlyMemory<char>)))
            options.ColumnEncodingHints[leaf.Path.ToString()] = EncodingHint.Dictionary;

        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, output, options, cancellationToken: cancellation);
        writer.CustomMetadata = TableMetadata.Of(table, attribution);
        List<bool[]> byteOrder = [];
        for (int from = 0; from < rows.Length; from += rowsPerGroup)
        {
            ReadOnlyMemory<TRow> slice = rows.Slice(from, Math.Min(rowsPerGroup, rows.Length - from));
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            bool[] ordered = new bool[leaves.Length];
            for (int at = 0; at < leaves.Length; at++)
                ordered[at] = await table.TypedColumns[at].WriteAsync(group, leaves[at], slice, cancellation);
            group.CompleteValidate();
            byteOrder.Add(ordered);
        }
        FooterCorrections.Apply(writer, leaves.Length, byteOrder);
    }
}
