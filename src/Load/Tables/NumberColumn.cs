using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace VerseEtl.Load.Tables;

/// <summary>Numbers or truth values, never null.</summary>
internal sealed class NumberColumn<TRow, T>(string name, ColumnText text, Func<TRow, T> get, Action<TRow, T> set)
    : Column<TRow>(name, ColumnTypes.Of(typeof(T)), false, text)
    where TRow : class where T : struct
{
    public override object? Value(TRow row) => get(row);

    internal override bool HasSame(TRow a, TRow b) => EqualityComparer<T>.Default.Equals(get(a), get(b));

    internal override Field CreateField() => new DataField(Name, typeof(T), isNullable: false);

    internal override Gathered<TRow> Gather(int rowCount) => new GatheredNumbers<TRow, T>(Name, get, rowCount);

    internal override async Task ReadAsync(ParquetRowGroupReader group, DataField leaf, ReadOnlyMemory<TRow> rows, CancellationToken cancellation)
    {
        using Rented<T> values = new(rows.Length);
        await group.ReadRawAsync(leaf, values.Memory, null, null, cancellation);
        for (int at = 0; at < rows.Length; at++) set(rows.Span[at], values.Array[at]);
    }

    internal override void Put(ArrayBufferWriter<byte> bytes, TRow row, TRow? before) => NumberBytes.Put(bytes, get(row));

    internal override void Take(ref ReadOnlySpan<byte> bytes, TRow row, TRow? before) => set(row, NumberBytes.Take<T>(ref bytes));

    internal override bool TakeJson(ref Utf8JsonReader json, TRow row, TRow? before)
    {
        if (!NumberBytes.TryRead(ref json, out T value)) return false;
        set(row, value);
        return true;
    }
}

/// <summary>Numbers or truth values with nulls.</summary>
internal sealed class NullableNumberColumn<TRow, T>(string name, ColumnText text, Func<TRow, T?> get, Action<TRow, T?> set)
    : Column<TRow>(name, ColumnTypes.Of(typeof(T)), true, text)
    where TRow : class where T : struct
{
    public override object? Value(TRow row) => get(row);

    internal override bool HasSame(TRow a, TRow b) => EqualityComparer<T?>.Default.Equals(get(a), get(b));

    internal override Field CreateField() => new DataField(Name, typeof(T), isNullable: true);

    internal override Gathered<TRow> Gather(int rowCount) => new GatheredNullableNumbers<TRow, T>(Name, get, rowCount);

    internal override bool WasOnce(Type type) => type == TextChunk.ClrType && typeof(T) == typeof(double);

    internal override async Task ReadAsync(ParquetRowGroupReader group, DataField leaf, ReadOnlyMemory<TRow> rows, CancellationToken cancellation)
    {
        if (leaf.ClrType == TextChunk.ClrType)
        {
            string?[] texts = await TextChunk.ReadAsync(group, leaf, rows.Length, cancellation);
            for (int at = 0; at < texts.Length; at++)
                set(rows.Span[at], double.TryParse(texts[at], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    && double.IsFinite(number) ? (T)(object)number : null);
            return;
        }
        using Rented<T> values = new(rows.Length);
        using Rented<int> definitions = new(rows.Length);
        await group.ReadRawAsync(leaf, values.Memory, definitions.Memory, null, cancellation);
        int next = 0;
        for (int at = 0; at < rows.Length; at++)
            set(rows.Span[at], definitions.Array[at] == leaf.MaxDefinitionLevel ? values.Array[next++] : null);
    }

    internal override void Put(ArrayBufferWriter<byte> bytes, TRow row, TRow? before)
    {
        T? value = get(row);
        NumberBytes.Put(bytes, value.HasValue);
        if (value is T known) NumberBytes.Put(bytes, known);
    }

    internal override void Take(ref ReadOnlySpan<byte> bytes, TRow row, TRow? before) =>
        set(row, NumberBytes.Take<bool>(ref bytes) ? NumberBytes.Take<T>(ref bytes) : null);

    internal override bool TakeJson(ref Utf8JsonReader json, TRow row, TRow? before)
    {
        T value = default;
        bool isNull = json.TokenType == JsonTokenType.Null;
        if (!isNull && !NumberBytes.TryRead(ref json, out value)) return false;
        set(row, isNull ? null : value);
        return true;
    }
}
