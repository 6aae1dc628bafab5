using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Tables;
using static VerseEtl.Host.AuditPage.AuditView;

namespace VerseEtl.Host.AuditPage;

/// <summary>Every difference with its likely cause and the scans behind it, and the contradictions in the reference.</summary>
internal static class Differences
{
    public static HtmlText Section(AuditView view)
    {
        if (view.Report is not { HasDifferences: true } report) return new HtmlText();
        HtmlText section = HtmlText.Of($"<h2 id=\"differences\">Differences</h2>\n<div class=\"scroll\"><table class=\"stack\">\n<tr><th class=\"l\">table</th><th class=\"l\">cell</th><th class=\"l\">what</th><th>published</th><th>here</th><th>difference</th><th class=\"l\">likely cause, scans behind it</th></tr>\n");
        foreach (AuditRow row in report.Differences)
        {
            section.Add($"<tr id=\"{HtmlPage.Anchor(row)}\"><td class=\"l\">{row.Table}</td><td class=\"l\">{row.Dataset}/{row.Split}</td><td class=\"l\">{row.Item} {row.Field}</td><td class=\"p\" data-name=\"published\">{Number(row, row.Published)}</td><td class=\"differs\" data-name=\"here\">{Number(row, row.Recomputed)}</td><td data-name=\"difference\">{Signed(row.Difference)}</td><td class=\"l w\">{row.Note}{Behind(report.Evidence.GetValueOrDefault(row))}</td></tr>\n");
        }
        return section.Add($"</table></div>\n");
    }

    public static HtmlText Contradictions(AuditView view)
    {
        AuditRow[] rows = [.. (view.Report?.Rows ?? []).Where(row => row.Table == Audit.ReferenceTable)
            .OrderBy(row => row.Item.Length).ThenBy(row => row.Item, StringComparer.Ordinal)];
        if (rows.Length == 0) return new HtmlText();
        HtmlText section = HtmlText.Of($"<h2 id=\"reference\">Where the published figures contradict each other</h2>\n<div class=\"scroll\"><table>\n<tr><th class=\"l\">no.</th><th>published</th><th>elsewhere</th><th class=\"l\">how</th></tr>\n");
        section.Add($"{HtmlText.Join(rows, row => $"<tr><td class=\"l\">{row.Item}</td><td>{Blank(row.Published)}</td><td>{Blank(row.Recomputed)}</td><td class=\"l w\">{row.Note}</td></tr>\n")}");
        return section.Add($"</table></div>\n");
    }

    private static HtmlText Behind(ScansBehind? scans)
    {
        HtmlText text = new();
        if (scans is null) return text;
        if (scans.Extreme is string extreme) text.Add($"<div class=\"names\">extreme value in {extreme}</div>");
        if (scans.Unexpected.Count > 0) text.Add($"<div class=\"names\">not published:</div>{Inventories.Names(scans.Unexpected)}");
        if (scans.Missing.Count > 0) text.Add($"<div class=\"names\">missing or unreadable:</div>{Inventories.Names(scans.Missing)}");
        return text;
    }

    private static string Blank(double? value) => value is null ? "" : Number(value);
}
