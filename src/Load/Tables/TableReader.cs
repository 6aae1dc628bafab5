using System.Globalization;
using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;

namespace VerseEtl.Load.Tables;

/// <summary>A published file back into rows: for scans carried over, the audit of a snapshot and comparison.</summary>
public static class TableReader
{
    /// <summary>
    /// Rows in file order. Columns added after this version's schema are ignored. In a file of an older schema version, a column that may be null
    /// and is not there is null or follows from others, and a number that was text then is read as a number.
    /// </summary>
    /// <exception cref="InvalidDataException">The file lacks a column of the schema or has it with another type.</exception>
    public static Task<IReadOnlyList<TRow>> ReadAsync<TRow>(TableSchema<TRow> table, Stream input, CancellationToken cancellation = default)
        where TRow : class =>
        ReadAsync(table, input, null, cancellation);

    /// <param name="scanKey">Rows of this scan alone, so that a large table needs the memory of one column; null for all.</param>
    /// <inheritdoc cref="ReadAsync{TRow}(TableSchema{TRow}, Stream, CancellationToken)"/>
    internal static async Task<IReadOnlyList<TRow>> ReadAsync<TRow>(TableSchema<TRow> table, Stream input, string? scanKey, CancellationToken cancellation)
        where TRow : class
    {
        List<TRow> all = [];
        await foreach (IReadOnlyList<TRow> group in GroupsAsync(table, input, scanKey, cancellation)) all.AddRange(group);
        return all;
    }

    /// <summary>The same, one row group at a time.</summary>
    /// <inheritdoc cref="ReadAsync{TRow}(TableSchema{TRow}, Stream, string?, CancellationToken)"/>
    internal static async IAsyncEnumerable<IReadOnlyList<TRow>> GroupsAsync<TRow>(TableSchema<TRow> table, Stream input, string? scanKey,
        [EnumeratorCancellation] CancellationToken cancellation) where TRow : class
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(input, cancellationToken: cancellation);
        DataField[] found = reader.Schema.GetDataFields(), wanted = table.CreateParquetSchema().GetDataFields();
        bool older = VersionOf(reader) < PublishedSchema.Version;
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            ParquetRowGroupReader chunks = reader.OpenRowGroupReader(group);
            int count = checked((int)chunks.RowCount);
            bool[] wantedRows = await Wanted(chunks, found, count, scanKey, cancellation);
            if (Array.IndexOf(wantedRows, true) < 0) continue;
            // what is not wanted is read into one row that nobody keeps
            TRow passedOver = table.NewRow();
            TRow[] rows = [.. wantedRows.Select(each => each ? table.NewRow() : passedOver)];
            for (int column = 0; column < wanted.Length; column++)
            {
                DataField? leaf = found.FirstOrDefault(field => field.Path.Equals(wanted[column].Path));
                if (leaf is null && older && table.TypedColumns[column].Restore is { } restore)
                {
                    Array.ForEach(rows, restore);
                    continue;
                }
                if (leaf is null && older && table.Columns[column].Nullable) continue;
                if (leaf is null || (leaf.ClrType != wanted[column].ClrType && !(older && table.TypedColumns[column].WasOnce(leaf.ClrType))))
                    throw new InvalidDataException($"{table.Name} has no column {wanted[column].Path} of type {table.Columns[column].TypeName}.");
                await table.TypedColumns[column].ReadAsync(chunks, leaf, rows, cancellation);
            }
            yield return scanKey is null ? rows : [.. rows.Where(row => row != passedOver)];
        }
    }

    private static async Task<bool[]> Wanted(ParquetRowGroupReader chunks, DataField[] found, int count, string? scanKey, CancellationToken cancellation)
    {
        bool[] wanted = new bool[count];
        if (scanKey is null) Array.Fill(wanted, true);
        else if (Array.Find(found, field => field.Name == "scan_key") is DataField key && key.ClrType == TextChunk.ClrType)
        {
            string?[] keys = await TextChunk.ReadAsync(chunks, key, count, cancellation);
            for (int at = 0; at < count; at++) wanted[at] = keys[at] == scanKey;
        }
        return wanted;
    }

    private static int VersionOf(ParquetReader reader) =>
        reader.CustomMetadata.TryGetValue("schema_version", out string? text) && int.TryParse(text, CultureInfo.InvariantCulture, out int version)
            ? version
            : PublishedSchema.Version;

    /// <summary>Number of rows by the file's footer.</summary>
    public static async Task<long> CountRowsAsync(Stream input, CancellationToken cancellation = default)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(input, cancellationToken: cancellation);
        return reader.Metadata!.NumRows;
    }
}
