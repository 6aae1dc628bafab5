using System.Buffers;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace VerseEtl.Load.Tables;

/// <summary>The types a published column may have; nothing else reads the same in every engine.</summary>
public enum ColumnType { Text, Whole32, Whole64, Real, Truth, RealList, Whole32List }

/// <summary>What a reader needs to know about a column; the same words stand in docs/tables.md and in each file's footer.</summary>
public sealed record ColumnText(string Definition)
{
    /// <summary>Unit of the value (mm, mm3, HU, voxel, percent); null for names, labels and counts.</summary>
    public string? Unit { get; init; }

    /// <summary>Space of a coordinate: voxel index (0-based, stored order) or world (mm, RAS+); null if it is none.</summary>
    public string? Space { get; init; }

    /// <summary>What a null says; null for a column without nulls.</summary>
    public string? NullMeaning { get; init; }

    public string? Example { get; init; }
}

/// <summary>One published column: name, type, nullability and meaning.</summary>
public abstract class Column(string name, ColumnType type, bool nullable, ColumnText text)
{
    public string Name { get; } = name;
    public ColumnType Type { get; } = type;
    public bool Nullable { get; } = nullable;
    public ColumnText Text { get; } = text;

    /// <summary>The type as docs/tables.md writes it.</summary>
    public string TypeName => Type switch
    {
        ColumnType.Text => "string",
        ColumnType.Whole32 => "int32",
        ColumnType.Whole64 => "int64",
        ColumnType.Real => "double",
        ColumnType.Truth => "boolean",
        ColumnType.RealList => "list of double",
        ColumnType.Whole32List => "list of int32",
        _ => throw new InvalidOperationException(),
    };
}

/// <summary>A column that can take its values from rows and put them back.</summary>
public abstract class Column<TRow>(string name, ColumnType type, bool nullable, ColumnText text) : Column(name, type, nullable, text)
    where TRow : class
{
    /// <summary>The value in a row, null if not measured; lists as IReadOnlyList.</summary>
    public abstract object? Value(TRow row);

    /// <summary>Two rows have the same value, of lists the same items; numbers are compared exactly.</summary>
    internal abstract bool HasSame(TRow a, TRow b);

    /// <summary>Sets the value from those of earlier columns, for a file of a schema version without the column; null where it cannot be told.</summary>
    internal Action<TRow>? Restore { get; init; }

    /// <summary>A new Parquet field; one belongs to one schema.</summary>
    internal abstract Field CreateField();

    /// <summary>Begins a column chunk.</summary>
    /// <param name="rowCount">Rows that it is going to have.</param>
    internal abstract Gathered<TRow> Gather(int rowCount);

    /// <summary>An older schema version stored the column with this type, and <see cref="ReadAsync"/> takes it.</summary>
    internal virtual bool WasOnce(Type type) => false;

    /// <summary>Reads a column chunk into rows.</summary>
    internal abstract Task ReadAsync(ParquetRowGroupReader group, DataField leaf, ReadOnlyMemory<TRow> rows, CancellationToken cancellation);

    /// <summary>The property of the row that holds the value; null where no property of its own does.</summary>
    internal string? Property { get; init; }

    /// <summary>Appends the value in a form of this process's own: what is read back has its very bits.</summary>
    /// <param name="before">The row that was put before; null for the first.</param>
    internal abstract void Put(ArrayBufferWriter<byte> bytes, TRow row, TRow? before);

    /// <summary>Takes what <see cref="Put"/> appended.</summary>
    /// <param name="bytes">Moved behind the value.</param>
    /// <param name="before">The row that was taken before; null for the first.</param>
    internal abstract void Take(ref ReadOnlySpan<byte> bytes, TRow row, TRow? before);

    /// <summary>Takes the JSON value at which a reader stands.</summary>
    /// <param name="before">A row that may say the same; null for none.</param>
    /// <returns>False for a value of another form.</returns>
    internal abstract bool TakeJson(ref Utf8JsonReader json, TRow row, TRow? before);
}
