using System.Globalization;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Display;

/// <summary>What changed between two snapshots, in words for people.</summary>
internal static class DiffText
{
    private const string Volume = "volume_cm3", Status = "status";

    /// <summary>
    /// Two lines at most, for a notice or a headline: how many scans and vertebrae came, went and changed, then the largest change of a volume.
    /// </summary>
    /// <param name="tables">As <see cref="Warehouse.Diff"/> gives them.</param>
    public static IReadOnlyList<string> Summary(IReadOnlyList<TableDiff> tables)
    {
        if (tables.All(table => table.IsEmpty)) return ["no row differs"];
        TableDiff? scans = Find(tables, PublishedSchema.Scans.Name), vertebrae = Find(tables, PublishedSchema.Vertebrae.Name);
        string[] counts = [.. new[] { scans, vertebrae }.OfType<TableDiff>().Select(table => $"{Counts(table)}{NewlyFailed(table)}")];
        List<string> lines = [counts.Length > 0 ? string.Join("; ", counts) : "no scan and no vertebra differs, other tables do"];
        IEnumerable<(RowKey Key, CellChange Cell)> volumes =
            (vertebrae?.Changed ?? []).SelectMany(row => row.Cells.Where(cell => cell.Column == Volume).Select(cell => (row.Key, cell)));
        (RowKey? largest, CellChange? change) = volumes.OrderByDescending(each => Math.Abs(each.Cell.RelativeChange ?? 0)).FirstOrDefault();
        if (largest is not null) lines.Add($"largest change of a volume: {Key(largest)} {Cell(change!)}");
        return lines;
    }

    /// <summary>`scans: 1 added, 0 removed, 4 changed`.</summary>
    public static string Counts(TableDiff table) =>
        Invariant($"{table.Table}: {table.Added.Count} added, {table.Removed.Count} removed, {table.Changed.Count} changed");

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

    private static TableDiff? Find(IReadOnlyList<TableDiff> tables, string name) =>
        tables.FirstOrDefault(table => table.Table == name && !table.IsEmpty);

    private static string NewlyFailed(TableDiff scans)
    {
        int failed = scans.Changed.Count(row => row.Cells.Any(cell => cell is { Column: Status, After: ScanStatus.Failed }));
        return failed == 0 ? "" : Invariant($" ({failed} newly failed)");
    }
}
