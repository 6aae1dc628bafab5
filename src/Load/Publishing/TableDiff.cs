using System.Collections;
using System.Globalization;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>Rows of one table that two snapshots do not share, by key, in key order; a key's parts are joined by a space, `-` for null.</summary>
public sealed record TableDiff(string Table, IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed)
{
    public bool IsEmpty => Added.Count + Removed.Count + Changed.Count == 0;

    /// <summary>Compares all tables of two snapshots; numbers are compared exactly.</summary>
    internal static IReadOnlyList<TableDiff> Between(PublishedTables before, PublishedTables after) =>
    [
        .. PublishedSchema.All.Select(table => Between(table, table, before, after)),
        .. Clinical(before, after),
    ];

    /// <summary>Where the declarations differ, a row that both have is changed unless all of its values say the same.</summary>
    private static IEnumerable<TableDiff> Clinical(PublishedTables before, PublishedTables after)
    {
        if ((before.Clinical ?? after.Clinical) is not ClinicalTable some) return [];
        TableSchema Schema(ClinicalTable? clinical) => ClinicalSchema.Of((clinical ?? some).Declaration);
        return [Between(Schema(before.Clinical), Schema(after.Clinical), before, after)];
    }

    /// <param name="table">As it is after.</param>
    private static TableDiff Between(TableSchema earlier, TableSchema table, PublishedTables before, PublishedTables after)
    {
        int[] keys = [.. table.Key.Select(key => table.Columns.Select(column => column.Name).ToList().IndexOf(key))];
        ILookup<string, IReadOnlyList<object?>> old = earlier.Values(before).ToLookup(row => KeyOf(row, keys));
        ILookup<string, IReadOnlyList<object?>> now = table.Values(after).ToLookup(row => KeyOf(row, keys));
        return new TableDiff(table.Name,
            [.. now.Where(rows => !old.Contains(rows.Key)).Select(rows => rows.Key)],
            [.. old.Where(rows => !now.Contains(rows.Key)).Select(rows => rows.Key)],
            [.. now.Where(rows => old.Contains(rows.Key) && !Same(old[rows.Key], rows)).Select(rows => rows.Key)]);
    }

    private static bool Same(IEnumerable<IReadOnlyList<object?>> a, IEnumerable<IReadOnlyList<object?>> b) =>
        a.SequenceEqual(b, EqualityComparer<IReadOnlyList<object?>>.Create((x, y) =>
            x!.Count == y!.Count && x.Zip(y).All(pair => SameValue(pair.First, pair.Second))));

    private static bool SameValue(object? a, object? b) =>
        a is IEnumerable x and not string && b is IEnumerable y and not string ? x.Cast<object>().SequenceEqual(y.Cast<object>()) : Equals(a, b);

    private static string KeyOf(IReadOnlyList<object?> row, int[] keys) =>
        string.Join(' ', keys.Select(key => row[key] is object value ? Convert.ToString(value, CultureInfo.InvariantCulture) : "-"));
}
