using System.Globalization;

namespace VerseEtl.Load.Publishing;

/// <summary>The key columns of a row with their values: what JSON is joined by.</summary>
public sealed class RowKey(IReadOnlyDictionary<string, object?> columns)
{
    public IReadOnlyDictionary<string, object?> Columns { get; } = columns;

    /// <summary>The values in the key's order, joined by a space, `-` for null.</summary>
    public override string ToString() =>
        string.Join(' ', Columns.Values.Select(value => value is null ? "-" : Convert.ToString(value, CultureInfo.InvariantCulture)));
}

/// <summary>One value that changed.</summary>
/// <param name="RelativeChange">After over before, less 1; null unless both are sizes and the first is not 0.</param>
public sealed record CellChange(string Column, object? Before, object? After, double? RelativeChange);

/// <summary>A row that both snapshots have, with what differs, the largest relative change first.</summary>
/// <param name="Cells">None where several rows share a key and it cannot be told which became which.</param>
public sealed record RowChange(RowKey Key, IReadOnlyList<CellChange> Cells)
{
    /// <summary>0 where nothing that changed is a number.</summary>
    public double LargestRelativeChange => Cells.Select(cell => Math.Abs(cell.RelativeChange ?? 0)).DefaultIfEmpty(0).Max();
}

/// <summary>
/// Rows of one table that two snapshots do not share: those of one only in key order, changed ones by their largest relative change; of many
/// perhaps only the first.
/// </summary>
public sealed record TableDiff(string Table, IReadOnlyList<RowKey> Added, IReadOnlyList<RowKey> Removed, IReadOnlyList<RowChange> Changed)
{
    /// <summary>Of all, also those that are not in <see cref="Added"/>.</summary>
    public int AddedCount { get; init; } = Added.Count;

    /// <summary>Of all, also those that are not in <see cref="Removed"/>.</summary>
    public int RemovedCount { get; init; } = Removed.Count;

    /// <summary>Of all, also those that are not in <see cref="Changed"/>.</summary>
    public int ChangedCount { get; init; } = Changed.Count;

    public int Count => AddedCount + RemovedCount + ChangedCount;

    public bool IsEmpty => Count == 0;
}
