using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;
using static VerseEtl.Host.AuditPage.AuditView;

namespace VerseEtl.Host.AuditPage;

/// <summary>Findings by code and what changed since the previous snapshot.</summary>
internal static class Notices
{
    private const int MostMessages = 50;
    private const int MostMoved = 60;

    public static HtmlText Findings(AuditView view)
    {
        HtmlText section = HtmlText.Of($"<h2 id=\"findings\">Findings</h2>\n");
        if (view.Tables.Findings.Count == 0) return section.Add($"<p>None.</p>\n");
        foreach (IGrouping<(Severity Severity, string Code), Finding> group in view.Tables.Findings.GroupBy(finding => (finding.Severity, finding.Code))
            .OrderByDescending(group => group.Key.Severity).ThenBy(group => group.Key.Code, StringComparer.Ordinal))
        {
            Finding[] ordered = [.. group.Order(Comparer<Finding>.Create(Finding.CompareByKey))];
            section.Add($"<details><summary><b>{group.Key.Code}</b> {AuditText.Word(group.Key.Severity)}, {ordered.Length}</summary>\n<ul class=\"names\">{HtmlText.Join(ordered.Take(MostMessages), finding => $"<li>{finding.Message}</li>")}</ul>");
            if (ordered.Length > MostMessages) section.Add($"<p class=\"names\">and {ordered.Length - MostMessages} more in the table findings</p>");
            section.Add($"</details>\n");
        }
        return section;
    }

    public static HtmlText Drift(AuditView view)
    {
        if (view.Drift is not Drift drift) return new HtmlText();
        HtmlText section = HtmlText.Of($"<h2 id=\"drift\">Since the previous snapshot</h2>\n");
        if (drift.IsNone) return section.Add($"<p>Nothing changed.</p>\n");
        section.Add($"<div class=\"scroll\"><table>\n<tr><td class=\"l\">added</td><td class=\"l\">{Inventories.Names(drift.Added)}</td></tr>\n<tr><td class=\"l\">removed</td><td class=\"l\">{Inventories.Names(drift.Removed)}</td></tr>\n<tr><td class=\"l\">changed</td><td class=\"l\">{Inventories.Names([.. drift.Changed.Select(scan => $"{scan.ScanKey} ({string.Join(", ", scan.Columns)})")])}</td></tr>\n</table></div>\n");
        MovedStatistic[] moved = [.. drift.Moved.Where(moved => moved.After.Split == CohortCell.All)];
        if (moved.Length == 0) return section;
        section.Add($"<p>Statistics that moved, over all splits:</p>\n<div class=\"scroll\"><table>\n<tr><th class=\"l\">dataset</th><th class=\"l\">level</th><th>cases before</th><th>now</th><th>median before</th><th>now</th></tr>\n");
        foreach ((LabelStatisticRow before, LabelStatisticRow after) in moved.Take(MostMoved).Select(pair => (pair.Before, pair.After)))
            section.Add($"<tr><td class=\"l\">{after.Dataset}</td><td class=\"l\">{after.Vertebra}</td><td class=\"p\">{before.Cases}</td><td>{after.Cases}</td><td class=\"p\">{Number(before.VolumeCm3Median)}</td><td>{Number(after.VolumeCm3Median)}</td></tr>\n");
        section.Add($"</table></div>\n");
        return moved.Length > MostMoved ? section.Add($"<p class=\"names\">and {moved.Length - MostMoved} more</p>\n") : section;
    }
}
