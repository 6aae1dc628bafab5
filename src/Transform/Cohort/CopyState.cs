using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>How whole a copy is in one cell: what a missing scan can and cannot explain.</summary>
/// <param name="Expected">Published scans of the cell.</param>
/// <param name="NotFound">Published scans that are not in the copy.</param>
/// <param name="NotRead">Published scans that are not in the copy or whose mask could not be read.</param>
/// <param name="Unexpected">Scans of the cell that are not published.</param>
/// <param name="Repeated">Scans of the cell that repeat another one's mask and count once.</param>
internal sealed record CopyState(IReadOnlyList<string> Expected, IReadOnlyList<string> NotFound, IReadOnlyList<string> NotRead,
    IReadOnlyList<string> Unexpected, IReadOnlyList<string> Repeated)
{
    public static CopyState Of(Reference reference, IReadOnlyList<ScanRow> scans, string dataset, string split)
    {
        ScanRow[] here = [.. scans.Where(scan => CohortCell.Contains(dataset, split, scan)).OrderBy(scan => scan.ScanKey, StringComparer.Ordinal)];
        Dictionary<string, ScanRow> byKey = here.ToDictionary(scan => scan.ScanKey, StringComparer.Ordinal);
        string[] expected = [.. reference.ScansOf(dataset, split).Select(scan => scan.ScanKey)];
        return new CopyState(
            expected,
            [.. expected.Where(key => !byKey.ContainsKey(key))],
            [.. expected.Where(key => !byKey.TryGetValue(key, out ScanRow? scan) || !CohortCell.HasReadableMask(scan))],
            reference.Folders.Count == 0 ? [] : [.. here.Select(scan => scan.ScanKey).Where(key => !reference.Holds(key))],
            [.. here.Except(here.DistinctBy(CohortCell.Identity)).Select(scan => scan.ScanKey)]);
    }
}
