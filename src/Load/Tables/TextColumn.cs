using Parquet;
using Parquet.Schema;

namespace VerseEtl.Load.Tables;

/// <summary>UTF-8 strings, with or without nulls.</summary>
internal sealed class TextColumn<TRow>(string name, bool nullable, ColumnText text, Func<TRow, string?> get, Action<TRow, string?> set)
    : Column<TRow>(name, ColumnType.Text, nullable, text)
    where TRow : class
{
    public override object? Value(TRow row) => get(row);

    internal override bool HasSame(TRow a, TRow b) => string.Equals(get(a), get(b), StringComparison.Ordinal);

    internal override Field CreateField() => new DataField(Name, typeof(string), isNullable: Nullable);

    internal override async Task<ChunkFacts> WriteAsync(ParquetRowGroupWriter group, DataField leaf, ReadOnlyMemory<TRow> rows, CancellationToken cancellation)
    {
        string?[] values = new string?[rows.Length];
        bool byteOrder = true;
        for (int at = 0; at < values.Length; at++)
        {
            string? value = values[at] = get(rows.Span[at]);
            if (value is null && !Nullable) throw new InvalidDataException($"{Name} is null in row {at}; the contract has no nulls there.");
            // UTF-16 and UTF-8 order differ from the surrogates on; the library compares UTF-16
            if (value is not null && value.AsSpan().IndexOfAnyInRange('\ud800', '\uffff') >= 0) byteOrder = false;
        }
        await group.WriteAsync(leaf, values);
        return new ChunkFacts(byteOrder);
    }

    internal override async Task ReadAsync(ParquetRowGroupReader group, DataField leaf, ReadOnlyMemory<TRow> rows, CancellationToken cancellation)
    {
        string?[] values = await TextChunk.ReadAsync(group, leaf, rows.Length, cancellation);
        for (int at = 0; at < rows.Length; at++) set(rows.Span[at], values[at]);
    }
}

/// <summary>Strings of a column chunk, null where there is none.</summary>
internal static class TextChunk
{
    /// <summary>What the library calls the type of strings.</summary>
    public static Type ClrType => typeof(ReadOnlyMemory<char>);

    public static async Task<string?[]> ReadAsync(ParquetRowGroupReader group, DataField leaf, int count, CancellationToken cancellation)
    {
        using Rented<ReadOnlyMemory<char>> values = new(count);
        using Rented<int> definitions = new(count);
        bool nullable = leaf.MaxDefinitionLevel > 0;
        await group.ReadRawAsync(leaf, values.Memory, nullable ? definitions.Memory : default(Memory<int>?), null, cancellation);
        int next = 0;
        string?[] texts = new string?[count];
        string last = "";
        for (int at = 0; at < count; at++)
        {
            if (nullable && definitions.Array[at] != leaf.MaxDefinitionLevel) continue;
            // a table in key order says the same many times in a row: one text for all of them
            ReadOnlySpan<char> value = values.Array[next++].Span;
            if (!value.SequenceEqual(last)) last = value.ToString();
            texts[at] = last;
        }
        return texts;
    }
}
