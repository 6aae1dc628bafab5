using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Clinical;

/// <summary>Puts the contents of clinical files together as one table.</summary>
public static class ClinicalJoin
{
    /// <summary>A row for each scan that at least one file knows; a row of a file that several scans ask for is given to each.</summary>
    /// <returns>Null where no file is declared.</returns>
    public static ClinicalTable? Of(IReadOnlyList<ClinicalContent> contents, IReadOnlyList<ScanFiles> scans)
    {
        if (contents.Count == 0) return null;
        List<ClinicalRow> rows = [];
        foreach (ScanFiles scan in scans.OrderBy(scan => scan.Key.Text, StringComparer.Ordinal))
        {
            IReadOnlyList<object?>?[] found = [.. contents.Select(content => content.Values.GetValueOrDefault(ClinicalRows.KeyOf(content.File, scan)))];
            if (found.All(values => values is null)) continue;
            rows.Add(new ClinicalRow
            {
                ScanKey = scan.Key.Text,
                Values = [.. contents.SelectMany((content, at) => found[at] ?? new object?[content.File.Columns.Count])],
            });
        }
        return new ClinicalTable(new ClinicalDeclaration(
            [.. contents.Select(content => new ClinicalSource(content.File.Name, content.Sha256))],
            [.. contents.SelectMany(content => content.File.Columns)]), rows);
    }
}
