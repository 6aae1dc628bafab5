using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>Two tables of scans side by side.</summary>
internal static class ScanJoin
{
    /// <summary>Each scan of either in key order, null where it is not; both are enumerated once, as far as the other.</summary>
    /// <param name="before">In key order.</param>
    /// <param name="now">In key order.</param>
    public static IEnumerable<(ScanRow? Before, ScanRow? Now)> Of(IEnumerable<ScanRow> before, IEnumerable<ScanRow> now)
    {
        using IEnumerator<ScanRow> older = before.GetEnumerator(), newer = now.GetEnumerator();
        bool hasOlder = older.MoveNext(), hasNewer = newer.MoveNext();
        while (hasOlder || hasNewer)
        {
            int order = !hasOlder ? 1 : !hasNewer ? -1 : string.CompareOrdinal(older.Current.ScanKey, newer.Current.ScanKey);
            yield return (order <= 0 ? older.Current : null, order >= 0 ? newer.Current : null);
            if (order <= 0) hasOlder = older.MoveNext();
            if (order >= 0) hasNewer = newer.MoveNext();
        }
    }
}
