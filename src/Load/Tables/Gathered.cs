using Parquet;
using Parquet.Schema;

namespace VerseEtl.Load.Tables;

/// <summary>The values of one column chunk, taken from its rows block by block and then written.</summary>
internal abstract class Gathered<TRow> : IDisposable where TRow : class
{
    /// <summary>Takes the values of the next rows.</summary>
    /// <exception cref="InvalidDataException">A value that must not be published: NaN, infinity, or null where the contract has none.</exception>
    public abstract void Take(ReadOnlySpan<TRow> rows);

    /// <summary>Writes what was taken as the next column chunk.</summary>
    /// <returns>What its statistics need to be right.</returns>
    public abstract Task<ChunkFacts> WriteAsync(ParquetRowGroupWriter group, DataField leaf, CancellationToken cancellation);

    public abstract void Dispose();
}

/// <summary>Numbers or truth values, never null.</summary>
internal sealed class GatheredNumbers<TRow, T>(string column, Func<TRow, T> get, int rowCount) : Gathered<TRow>
    where TRow : class where T : struct
{
    private readonly Rented<T> _values = new(rowCount);
    private int _taken;

    public override void Take(ReadOnlySpan<TRow> rows)
    {
        Span<T> values = _values.Memory.Span.Slice(_taken, rows.Length);
        for (int at = 0; at < rows.Length; at++) values[at] = ColumnTypes.Finite(get(rows[at]), column);
        _taken += rows.Length;
    }

    public override async Task<ChunkFacts> WriteAsync(ParquetRowGroupWriter group, DataField leaf, CancellationToken cancellation)
    {
        await group.WriteAllPartsAsync<T>(leaf, _values.Memory, null, null, cancellation);
        return ChunkFacts.Of<T>(_values.Memory.Span);
    }

    public override void Dispose() => _values.Dispose();
}

/// <summary>Numbers or truth values with nulls.</summary>
internal sealed class GatheredNullableNumbers<TRow, T>(string column, Func<TRow, T?> get, int rowCount) : Gathered<TRow>
    where TRow : class where T : struct
{
    private readonly Rented<T> _values = new(rowCount);
    private readonly Rented<int> _definitions = new(rowCount);
    private int _taken, _known;

    public override void Take(ReadOnlySpan<TRow> rows)
    {
        Span<T> values = _values.Memory.Span;
        Span<int> definitions = _definitions.Memory.Span.Slice(_taken, rows.Length);
        int known = _known;
        for (int at = 0; at < rows.Length; at++)
        {
            T? value = get(rows[at]);
            definitions[at] = value.HasValue ? 1 : 0;
            if (value.HasValue) values[known++] = ColumnTypes.Finite(value.GetValueOrDefault(), column);
        }
        _known = known;
        _taken += rows.Length;
    }

    public override async Task<ChunkFacts> WriteAsync(ParquetRowGroupWriter group, DataField leaf, CancellationToken cancellation)
    {
        ReadOnlyMemory<T> known = _values.Memory[.._known];
        await group.WriteAllPartsAsync(leaf, known, _definitions.Memory, null, cancellation);
        return ChunkFacts.Of(known.Span);
    }

    public override void Dispose()
    {
        _values.Dispose();
        _definitions.Dispose();
    }
}

/// <summary>Texts, with or without nulls.</summary>
internal sealed class GatheredTexts<TRow>(string column, bool nullable, Func<TRow, string?> get, int rowCount) : Gathered<TRow>
    where TRow : class
{
    private readonly Rented<ReadOnlyMemory<char>> _values = new(rowCount);
    private readonly Rented<int> _definitions = new(rowCount);
    private int _taken, _known;
    private bool _byteOrder = true;
    private string? _last;

    public override void Take(ReadOnlySpan<TRow> rows)
    {
        Span<ReadOnlyMemory<char>> values = _values.Memory.Span;
        Span<int> definitions = _definitions.Memory.Span;
        foreach (TRow row in rows)
        {
            string? value = get(row);
            if (value is null && !nullable) throw new InvalidDataException($"{column} is null in row {_taken}; the contract has no nulls there.");
            definitions[_taken++] = value is null ? 0 : 1;
            if (value is null) continue;
            values[_known++] = value.AsMemory();
            // UTF-16 and UTF-8 order differ from the surrogates on; the library compares UTF-16
            if (!ReferenceEquals(value, _last) && value.AsSpan().IndexOfAnyInRange('\ud800', '\uffff') >= 0) _byteOrder = false;
            _last = value;
        }
    }

    public override async Task<ChunkFacts> WriteAsync(ParquetRowGroupWriter group, DataField leaf, CancellationToken cancellation)
    {
        ReadOnlyMemory<int>? definitions = nullable ? _definitions.Memory : default(ReadOnlyMemory<int>?);
        await group.WriteAllPartsAsync<ReadOnlyMemory<char>>(leaf, _values.Memory[.._known], definitions, null, cancellation);
        return new ChunkFacts(_byteOrder);
    }

    public override void Dispose()
    {
        _values.Dispose();
        _definitions.Dispose();
    }
}

/// <summary>Lists of numbers; the list may be null or empty, its items are never null.</summary>
internal sealed class GatheredLists<TRow, T>(string column, Func<TRow, IReadOnlyList<T>?> get) : Gathered<TRow>
    where TRow : class where T : struct
{
    private readonly List<T> _values = [];
    private readonly List<int> _definitions = [], _repetitions = [];

    public override void Take(ReadOnlySpan<TRow> rows)
    {
        foreach (TRow row in rows)
        {
            IReadOnlyList<T>? list = get(row);
            if (list is null || list.Count == 0)
            {
                _definitions.Add(list is null ? ListLevels.NullList : ListLevels.EmptyList);
                _repetitions.Add(0);
                continue;
            }
            for (int at = 0; at < list.Count; at++)
            {
                _values.Add(ColumnTypes.Finite(list[at], column));
                _definitions.Add(ListLevels.Item);
                _repetitions.Add(at == 0 ? 0 : 1);
            }
        }
    }

    public override async Task<ChunkFacts> WriteAsync(ParquetRowGroupWriter group, DataField leaf, CancellationToken cancellation)
    {
        await group.WriteAllPartsAsync<T>(leaf, _values.ToArray(), _definitions.ToArray(), _repetitions.ToArray(), cancellation);
        return new ChunkFacts(ByteOrder: true);
    }

    public override void Dispose()
    {
    }
}

/// <summary>Definition levels of an optional list with required items.</summary>
internal static class ListLevels
{
    public const int NullList = 0;
    public const int EmptyList = 1;
    public const int Item = 2;
}
