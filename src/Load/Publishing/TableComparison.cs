using System.Runtime.Versioning;
using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>How much of what differs between two snapshots is kept; all of it is counted.</summary>
/// <param name="Most">Rows of a table of each kind: the first that came and went, and those that changed most.</param>
/// <param name="Changed">Is told of every row that changed, in key order, with its table.</param>
internal sealed record DiffKept(int Most = int.MaxValue, Action<string, RowChange>? Changed = null);

/// <summary>Compares a table of two snapshots, side by side in key order; numbers are compared exactly.</summary>
/// <param name="earlier">The table as it was before. Where columns are not the same, one that only one side has is null on the other.</param>
[SupportedOSPlatform("linux")]
internal sealed class TableComparison(Snapshot before, TableSchema earlier, Snapshot after, DiffKept kept, CancellationToken cancellation)
    : ITableWork<TableDiff>
{
    /// <param name="table">As it is after.</param>
    public TableDiff Of<TRow>(TableSchema<TRow> table) where TRow : class
    {
        TableSchema<TRow> old = (TableSchema<TRow>)earlier;
        ColumnPair<TRow>[] columns = ColumnPair<TRow>.Of(old, table);
        MostChanged changed = new(kept.Most);
        List<RowKey> added = [], removed = [];
        (int addedCount, int removedCount) = (0, 0);
        IEnumerable<TRow> oldRows = Warehouse.InKeyOrder(before, old, cancellation), rows = Warehouse.InKeyOrder(after, table, cancellation);
        foreach ((IReadOnlyList<TRow> was, IReadOnlyList<TRow> isNow) in SideBySide.Of(table, oldRows, rows))
        {
            if (was.Count == 0)
            {
                if (addedCount++ < kept.Most) added.Add(Key(table, isNow[0]));
            }
            else if (isNow.Count == 0)
            {
                if (removedCount++ < kept.Most) removed.Add(Key(old, was[0]));
            }
            else if (Change(was, isNow) is RowChange change)
            {
                kept.Changed?.Invoke(table.Name, change);
                changed.Add(change);
            }
        }
        return new TableDiff(table.Name, added, removed, changed.InOrder())
        {
            AddedCount = addedCount, RemovedCount = removedCount, ChangedCount = changed.Count,
        };

        RowChange? Change(IReadOnlyList<TRow> was, IReadOnlyList<TRow> isNow)
        {
            if (was.Count != 1 || isNow.Count != 1)
            {
                bool same = was.Count == isNow.Count && was.Zip(isNow).All(pair => AreSame(pair.First, pair.Second));
                return same ? null : new RowChange(Key(table, isNow[0]), []);
            }
            IEnumerable<CellChange> cells = columns.Where(column => !column.IsSame(was[0], isNow[0])).Select(column => column.Change(was[0], isNow[0]));
            return AreSame(was[0], isNow[0]) ? null
                : new RowChange(Key(table, isNow[0]), [.. cells.OrderByDescending(cell => Math.Abs(cell.RelativeChange ?? 0))]);
        }

        bool AreSame(TRow was, TRow isNow) => Array.TrueForAll(columns, column => column.IsSame(was, isNow));
    }

    private static RowKey Key<TRow>(TableSchema<TRow> table, TRow row) where TRow : class => new(new OrderedDictionary<string, object?>(
        table.Key.Select(key => KeyValuePair.Create(key, table.TypedColumns.First(column => column.Name == key).Value(row)))));

    /// <summary>The rows that changed most, the largest relative change first, else in the order they came in.</summary>
    private sealed class MostChanged(int most)
    {
        private List<RowChange> _rows = [];

        public int Count { get; private set; }

        public void Add(RowChange row)
        {
            Count++;
            _rows.Add(row);
            if (_rows.Count / 2 > most) _rows = InOrder();
        }

        public List<RowChange> InOrder() => [.. _rows.OrderByDescending(row => row.LargestRelativeChange).Take(most)];
    }
}
