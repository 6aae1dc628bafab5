using System.Buffers;
using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace VerseEtl.Load.Tables;

/// <summary>UTF-8 strings, with or without nulls.</summary>
internal sealed class TextColumn<TRow>(string name, bool nullable, ColumnText text, Func<TRow, string?> get, Action<TRow, string?> set)
    : Column<TRow>(name, ColumnType.Text, nullable, text)
    where TRow : class
{
    // in the place of a text's length
    private const int Null = -1, AsBefore = -2;

    public override object? Value(TRow row) => get(row);

    internal override bool HasSame(TRow a, TRow b) => string.Equals(get(a), get(b), StringComparison.Ordinal);

    internal override Field CreateField() => new DataField(Name, typeof(string), isNullable: Nullable);

    internal override Gathered<TRow> Gather(int rowCount) => new GatheredTexts<TRow>(Name, Nullable, get, rowCount);

    internal override async Task ReadAsync(ParquetRowGroupReader group, DataField leaf, ReadOnlyMemory<TRow> rows, CancellationToken cancellation)
    {
        string?[] values = await TextChunk.ReadAsync(group, leaf, rows.Length, cancellation);
        for (int at = 0; at < rows.Length; at++) set(rows.Span[at], values[at]);
    }

    internal override void Put(ArrayBufferWriter<byte> bytes, TRow row, TRow? before)
    {
        string? value = get(row);
        if (value is null || (before is not null && string.Equals(value, get(before), StringComparison.Ordinal)))
        {
            NumberBytes.Put(bytes, value is null ? Null : AsBefore);
            return;
        }
        int length = Encoding.UTF8.GetByteCount(value);
        NumberBytes.Put(bytes, length);
        bytes.Advance(Encoding.UTF8.GetBytes(value, bytes.GetSpan(length)));
    }

    internal override void Take(ref ReadOnlySpan<byte> bytes, TRow row, TRow? before)
    {
        int length = NumberBytes.Take<int>(ref bytes);
        set(row, length == Null ? null : length == AsBefore ? get(before!) : Encoding.UTF8.GetString(bytes[..length]));
        if (length > 0) bytes = bytes[length..];
    }

    internal override bool TakeJson(ref Utf8JsonReader json, TRow row, TRow? before)
    {
        if (json.TokenType == JsonTokenType.Null ? !Nullable : json.TokenType != JsonTokenType.String) return false;
        string? same = before is null || json.TokenType == JsonTokenType.Null ? null : get(before);
        set(row, same is not null && json.ValueTextEquals(same) ? same : json.GetString());
        return true;
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
