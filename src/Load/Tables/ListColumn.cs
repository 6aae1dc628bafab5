using System.Buffers;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace VerseEtl.Load.Tables;

/// <summary>Lists of numbers; the list may be null or empty, its items are never null.</summary>
internal sealed class ListColumn<TRow, T>(string name, ColumnText text, Func<TRow, IReadOnlyList<T>?> get, Action<TRow, IReadOnlyList<T>?> set)
    : Column<TRow>(name, typeof(T) == typeof(double) ? ColumnType.RealList : ColumnType.Whole32List, true, text)
    where TRow : class where T : struct
{
    public override object? Value(TRow row) => get(row);

    internal override bool HasSame(TRow a, TRow b)
    {
        IReadOnlyList<T>? some = get(a), others = get(b);
        return ReferenceEquals(some, others) || (some is not null && others is not null && some.SequenceEqual(others));
    }

    internal override Field CreateField() => new ListField(Name, new DataField(ListField.ElementName, typeof(T), isNullable: false));

    internal override Gathered<TRow> Gather(int rowCount) => new GatheredLists<TRow, T>(Name, get);

    internal override async Task ReadAsync(ParquetRowGroupReader group, DataField leaf, ReadOnlyMemory<TRow> rows, CancellationToken cancellation)
    {
        int count = checked((int)group.GetMetadata(leaf)!.MetaData!.NumValues);
        using Rented<T> values = new(count);
        using Rented<int> definitions = new(count), repetitions = new(count);
        await group.ReadRawAsync(leaf, values.Memory, definitions.Memory, repetitions.Memory, cancellation);
        int row = -1, next = 0;
        List<T>? list = null;
        for (int at = 0; at < count; at++)
        {
            if (repetitions.Array[at] == 0)
            {
                row++;
                list = definitions.Array[at] == ListLevels.NullList ? null : [];
                set(rows.Span[row], list);
            }
            if (definitions.Array[at] == ListLevels.Item) list!.Add(values.Array[next++]);
        }
    }

    internal override void Put(ArrayBufferWriter<byte> bytes, TRow row, TRow? before)
    {
        IReadOnlyList<T>? list = get(row);
        NumberBytes.Put(bytes, list?.Count ?? -1);
        for (int at = 0; at < list?.Count; at++) NumberBytes.Put(bytes, list[at]);
    }

    internal override void Take(ref ReadOnlySpan<byte> bytes, TRow row, TRow? before)
    {
        int count = NumberBytes.Take<int>(ref bytes);
        T[]? list = count < 0 ? null : new T[count];
        for (int at = 0; at < count; at++) list![at] = NumberBytes.Take<T>(ref bytes);
        set(row, list);
    }

    internal override bool TakeJson(ref Utf8JsonReader json, TRow row, TRow? before)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            set(row, null);
            return true;
        }
        if (json.TokenType != JsonTokenType.StartArray) return false;
        List<T> list = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (!NumberBytes.TryRead(ref json, out T value)) return false;
            list.Add(value);
        }
        set(row, list);
        return true;
    }
}
