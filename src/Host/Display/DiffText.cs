using System.Globalization;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Host.Display;

/// <summary>What changed between two snapshots, in words for people.</summary>
internal static class DiffText
{
    /// <inheritdoc cref="DiffSummary.Of"/>
    /// <param name="tables">Whole, as <see cref="Warehouse.Diff(Snapshot, Snapshot, CancellationToken)"/> gives them.</param>
    public static IReadOnlyList<string> Summary(IReadOnlyList<TableDiff> tables)
    {
        DiffSummary summary = new();
        foreach (TableDiff table in tables)
            foreach (RowChange row in table.Changed)
                summary.Add(table.Table, row);
        return summary.Of(tables);
    }

    /// <summary>`scans: 1 added, 0 removed, 4 changed`.</summary>
    public static string Counts(TableDiff table) =>
        Invariant($"{table.Table}: {table.AddedCount} added, {table.RemovedCount} removed, {table.ChangedCount} changed");

    /// <summary>The key's values in its order, a vertebra by its name.</summary>
    public static string Key(RowKey key) => string.Join(' ', key.Columns.Select(column => column switch
    {
        { Key: "label", Value: int label } when VertebraLabel.IsKnown(label) => VertebraLabel.Name(label),
        { Value: null } => "-",
        _ => Convert.ToString(column.Value, CultureInfo.InvariantCulture),
    }));

    /// <summary>Column, before and after, and the relative change where there is one.</summary>
    public static string Cell(CellChange cell)
    {
        string relative = cell.RelativeChange is double change ? $" ({Relative(change)})" : "";
        return $"{cell.Column} {Value(cell.Before)} -> {Value(cell.After)}{relative}";
    }

    public static string Relative(double change) => Invariant($"{100 * change:+0.##;-0.##;0} %");

    public static string Value(object? value) => value switch
    {
        null => "null",
        double number => number.ToString("0.######", CultureInfo.InvariantCulture),
        string text => text,
        System.Collections.IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Value))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
