namespace VerseEtl.Load.Tables;

/// <summary>Two tables walked side by side in key order: no more of either is held than the rows of one key.</summary>
internal static class SideBySide
{
    /// <summary>Each key once, in order, with its rows on either side: none where that side lacks it. The lists are filled anew for the next key.</summary>
    /// <exception cref="InvalidDataException">The rows of a side are not in key order.</exception>
    public static IEnumerable<(IReadOnlyList<TRow> Before, IReadOnlyList<TRow> After)> Of<TRow>(TableSchema<TRow> table, IEnumerable<TRow> before,
        IEnumerable<TRow> after) where TRow : class
    {
        using IEnumerator<TRow> was = before.GetEnumerator(), isNow = after.GetEnumerator();
        TRow? earlier = Next(was), later = Next(isNow);
        List<TRow> some = [], others = [];
        while (earlier is not null || later is not null)
        {
            int order = earlier is null ? 1 : later is null ? -1 : table.Compare(earlier, later);
            some.Clear();
            others.Clear();
            if (order <= 0) earlier = Take(was, earlier!, some);
            if (order >= 0) later = Take(isNow, later!, others);
            yield return (some, others);
        }

        // the first row of the next key; null at the end
        TRow? Take(IEnumerator<TRow> rows, TRow first, List<TRow> sameKey)
        {
            for (TRow? row = first; ; row = Next(rows))
            {
                int order = row is null ? 1 : table.Compare(row, first);
                if (order < 0) throw new InvalidDataException($"the rows of {table.Name} are not in key order");
                if (order > 0) return row;
                sameKey.Add(row!);
            }
        }
    }

    private static TRow? Next<TRow>(IEnumerator<TRow> rows) where TRow : class => rows.MoveNext() ? rows.Current : null;
}
