using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

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

/// <summary>Rows of one table that two snapshots do not share: those of one only in key order, changed ones by their largest relative change.</summary>
public sealed partial record TableDiff(string Table, IReadOnlyList<RowKey> Added, IReadOnlyList<RowKey> Removed, IReadOnlyList<RowChange> Changed)
{
    public bool IsEmpty => Added.Count + Removed.Count + Changed.Count == 0;

    /// <summary>Compares all tables of two snapshots; numbers are compared exactly.</summary>
    internal static IReadOnlyList<TableDiff> Between(PublishedTables before, PublishedTables after) =>
    [
        .. PublishedSchema.All.Select(table => Between(table, table, before, after)),
        .. Clinical(before, after),
    ];

    /// <summary>Where the declarations differ, columns are compared by name; one that only one side has is null on the other.</summary>
    private static IEnumerable<TableDiff> Clinical(PublishedTables before, PublishedTables after)
    {
        if ((before.Clinical ?? after.Clinical) is not ClinicalTable some) return [];
        TableSchema Schema(ClinicalTable? clinical) => ClinicalSchema.Of((clinical ?? some).Declaration);
        return [Between(Schema(before.Clinical), Schema(after.Clinical), before, after)];
    }

    /// <param name="table">As it is after.</param>
    private static TableDiff Between(TableSchema earlier, TableSchema table, PublishedTables before, PublishedTables after)
    {
        string[] names = [.. table.Columns.Select(column => column.Name)], once = [.. earlier.Columns.Select(column => column.Name)];
        int[] place = [.. names.Select(name => Array.IndexOf(once, name))];
        ILookup<string, IReadOnlyList<object?>> old = Rows(earlier, before), now = Rows(table, after);
        return new TableDiff(table.Name,
            [.. now.Where(rows => !old.Contains(rows.Key)).Select(rows => Key(table, rows.First()))],
            [.. old.Where(rows => !now.Contains(rows.Key)).Select(rows => Key(earlier, rows.First()))],
            [.. now.Where(rows => old.Contains(rows.Key)).Select(rows => Change([.. old[rows.Key]], [.. rows])).OfType<RowChange>()
                .OrderByDescending(change => change.LargestRelativeChange)]);

        RowChange? Change(IReadOnlyList<object?>[] was, IReadOnlyList<object?>[] isNow)
        {
            RowKey key = Key(table, isNow[0]);
            if (was.Length != 1 || isNow.Length != 1)
                return was.Length == isNow.Length && was.Zip(isNow).All(pair => !Cells(pair.First, pair.Second).Any()) ? null : new RowChange(key, []);
            CellChange[] cells = [.. Cells(was[0], isNow[0]).OrderByDescending(cell => Math.Abs(cell.RelativeChange ?? 0))];
            return cells.Length == 0 ? null : new RowChange(key, cells);
        }

        IEnumerable<CellChange> Cells(IReadOnlyList<object?> was, IReadOnlyList<object?> isNow)
        {
            for (int at = 0; at < names.Length; at++)
            {
                object? a = place[at] < 0 ? null : was[place[at]], b = isNow[at];
                if (!SameValue(a, b)) yield return new CellChange(names[at], a, b, IsMeasure(table.Columns[at]) ? Relative(a, b) : null);
            }
            foreach (int gone in Enumerable.Range(0, once.Length).Where(at => !names.Contains(once[at]) && was[at] is not null))
                yield return new CellChange(once[gone], was[gone], null, null);
        }
    }

    private static ILookup<string, IReadOnlyList<object?>> Rows(TableSchema table, PublishedTables tables) =>
        table.Values(tables).ToLookup(row => Key(table, row).ToString());

    private static RowKey Key(TableSchema table, IReadOnlyList<object?> row) => new(new OrderedDictionary<string, object?>(
        table.Key.Select(key => KeyValuePair.Create(key, row[IndexOf(table, key)]))));

    private static int IndexOf(TableSchema table, string column)
    {
        for (int at = 0; at < table.Columns.Count; at++)
            if (table.Columns[at].Name == column)
                return at;
        throw new ArgumentException($"{table.Name} has no column {column}.", nameof(column));
    }

    /// <summary>A size, of which a relative change says something: no coordinate, direction, angle, percentage or score.</summary>
    private static bool IsMeasure(Column column) => column.Text.Unit is not ("degree" or "percent") && !Coordinate().IsMatch(column.Name);

    [GeneratedRegex("_[xyzijk](?:_mm)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Coordinate();

    private static double? Relative(object? before, object? after) =>
        Number(before) is double a && Number(after) is double b && a != 0 ? b / a - 1 : null;

    private static double? Number(object? value) => value is double or int or long ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : null;

    private static bool SameValue(object? a, object? b) =>
        a is IEnumerable x and not string && b is IEnumerable y and not string ? x.Cast<object>().SequenceEqual(y.Cast<object>()) : Equals(a, b);
}
