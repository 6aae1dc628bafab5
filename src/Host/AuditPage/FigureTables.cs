using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Tables;
using static VerseEtl.Host.AuditPage.AuditView;

namespace VerseEtl.Host.AuditPage;

/// <summary>The published tables, each number beside the one recomputed here.</summary>
internal static class FigureTables
{
    private static readonly (string Field, string Heading)[] LabelFields =
    [
        ("cases", "cases"),
        ("percentage", "% of scans"),
        ("volume_cm3_min", "min cm³"),
        ("volume_cm3_median", "median cm³"),
        ("volume_cm3_max", "max cm³"),
    ];

    /// <summary>The label table over both editions; without a reference, the recomputed numbers of every dataset alone.</summary>
    public static HtmlText Labels(AuditView view)
    {
        HtmlText section = HtmlText.Of($"<h2 id=\"labels\">Labels</h2>\n");
        if (view.Report is not { Inventory.IsPublishedDataset: true } report || view.Reference?.LabelTable is not PublishedLabelTable table)
        {
            foreach (IGrouping<string, LabelStatisticRow> dataset in view.Tables.LabelStatistics.Where(row => row.Split == CohortCell.All && row.ScanCount > 0).GroupBy(row => row.Dataset))
                section.Add($"{Alone(dataset.Key, dataset)}");
            return section;
        }
        Dictionary<(string, string), AuditRow> cells = report.Rows.Where(row => row.Table == Audit.LabelTable).ToDictionary(row => (row.Item, row.Field));
        section.Add($"<p class=\"legend\">Published number first, then the one from this copy ({table.Dataset}, {table.Split}). ≠ differs, ◌ incomplete copy, ‡ reference contradicts itself, – not comparable; the likely cause is in each mark's tooltip.</p>\n<div class=\"scroll\"><table>\n<tr><th class=\"l\">level</th>");
        foreach ((_, string heading) in LabelFields) section.Add($"<th class=\"group\" colspan=\"2\">{heading}</th>");
        section.Add($"</tr>\n");
        foreach (PublishedLabel label in table.Labels.OrderBy(row => Transform.Labels.VertebraLabel.AnatomicalOrder(row.Label)))
        {
            section.Add($"<tr><td class=\"l\">{label.Vertebra}</td>");
            foreach ((string field, _) in LabelFields) section.Add($"{Pair(cells.GetValueOrDefault((label.Vertebra, field)))}");
            section.Add($"</tr>\n");
        }
        return section.Add($"</table></div>\n");
    }

    /// <summary>Editions, splits, folders and geometry.</summary>
    public static HtmlText Datasets(AuditView view)
    {
        AuditRow[] rows = [.. (view.Report?.Rows ?? []).Where(row => row.Table is Audit.DatasetTable or Audit.FolderTable)];
        if (rows.Length == 0) return new HtmlText();
        HtmlText section = HtmlText.Of($"<h2 id=\"datasets\">Editions, splits and geometry</h2>\n<div class=\"scroll\"><table class=\"stack\">\n<tr><th class=\"l\">table</th><th class=\"l\">cell</th><th class=\"l\">metric</th><th>published</th><th>here</th><th class=\"l\">note</th></tr>\n");
        foreach (AuditRow row in rows)
            section.Add($"<tr><td class=\"l\">{row.Table}</td><td class=\"l\">{row.Dataset}/{row.Split}</td><td class=\"l\">{row.Item}</td>{Pair(row)}<td class=\"l w\">{row.Note}</td></tr>\n");
        return section.Add($"</table></div>\n");
    }

    private static HtmlText Pair(AuditRow? row)
    {
        if (row is null) return HtmlText.Of($"<td class=\"group\"></td><td></td>");
        (string look, string mark) = HtmlPage.Look(row.Verdict);
        HtmlText published = HtmlText.Of($"<td class=\"group p\" data-name=\"published\">{Number(row, row.Published)}</td>");
        if (row.Verdict == Verdict.Match) return published.Add($"<td data-name=\"here\">{Number(row, row.Recomputed)}</td>");
        HtmlText number = row.Verdict == Verdict.Differs
            ? HtmlText.Of($"<a href=\"#{HtmlPage.Anchor(row)}\">{Number(row, row.Recomputed)}</a>")
            : HtmlText.Of($"{Number(row, row.Recomputed)}");
        return published.Add($"<td class=\"{look}\" data-name=\"here\" title=\"{row.Verdict}: {row.Note}\"><span class=\"mark\">{mark}</span>{number}</td>");
    }

    private static HtmlText Alone(string dataset, IEnumerable<LabelStatisticRow> rows)
    {
        HtmlText table = HtmlText.Of($"<p>{dataset}</p>\n<div class=\"scroll\"><table>\n<tr><th class=\"l\">level</th>");
        foreach ((_, string heading) in LabelFields) table.Add($"<th>{heading}</th>");
        table.Add($"</tr>\n");
        foreach (LabelStatisticRow row in rows.Where(row => row.Cases > 0))
            table.Add($"<tr><td class=\"l\">{row.Vertebra}</td><td>{row.Cases}</td><td>{Number(row.Percentage)}</td><td>{Number(row.VolumeCm3Min)}</td><td>{Number(row.VolumeCm3Median)}</td><td>{Number(row.VolumeCm3Max)}</td></tr>\n");
        return table.Add($"</table></div>\n");
    }
}
