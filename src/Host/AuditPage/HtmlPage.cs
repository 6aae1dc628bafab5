using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.AuditPage;

/// <summary>
/// audit.html: one file without scripts, fonts or anything from a network, the same bytes for the same snapshot. Every text from the
/// data is encoded (<see cref="HtmlText"/>).
/// </summary>
public static class HtmlPage
{
    public static string Render(AuditView view)
    {
        HtmlText body = HtmlText.Of($"<h1>VerseEtl audit: label statistics against the published tables</h1>\n");
        body.Add($"<p class=\"verdict {ClassOf(view.Attention)}\">{view.Verdict}</p>\n");
        body.Add($"{Tally(view)}{Inventories.Section(view)}{Differences.Section(view)}{FigureTables.Labels(view)}{Volumes(view)}{FigureTables.Datasets(view)}{Differences.Contradictions(view)}{Notices.Findings(view)}{Notices.Drift(view)}");
        return HtmlText.Of(
            $"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>VerseEtl audit</title>\n<style>\n{HtmlText.Own(PageStyle.Css)}\n</style>\n</head>\n<body>\n{body}</body>\n</html>\n").ToString();
    }

    /// <summary>The class and the mark of a verdict: the mark tells it without colour.</summary>
    internal static (string Class, string Mark) Look(string verdict) => verdict switch
    {
        Verdict.Differs => ("differs", "≠"),
        Verdict.IncompleteCopy => ("incomplete", "◌"),
        Verdict.ReferenceContradictsItself => ("contra", "‡"),
        Verdict.NotComparable => ("apart", "–"),
        _ => ("", "="),
    };

    /// <summary>Where a row of the audit stands in the list of differences.</summary>
    internal static string Anchor(AuditRow row) => $"{row.Table}-{row.Dataset}-{row.Split}-{row.Item}-{row.Field}".Replace(' ', '_');

    private static string ClassOf(AuditView.Weight weight) => weight switch { AuditView.Weight.Differs => "differs", AuditView.Weight.Incomplete => "incomplete", _ => "fine" };

    private static HtmlText Tally(AuditView view)
    {
        int failed = view.Tables.Scans.Count(scan => scan.Status == ScanStatus.Failed);
        int warning = view.Tables.Scans.Count(scan => scan.Status == ScanStatus.Warning);
        HtmlText list = HtmlText.Of($"<ul class=\"tally\"><li><b>{view.Tables.Scans.Count}</b> scans here</li><li><b>{failed}</b> failed</li><li><b>{warning}</b> with warnings</li><li><b>{view.Tables.Vertebrae.Count}</b> vertebrae</li>");
        if (view.Report is { Inventory.IsPublishedDataset: true } report)
        {
            foreach ((string verdict, int count) in report.Tally)
                list.Add($"<li><span class=\"mark\">{Look(verdict).Mark}</span><b>{count}</b> {verdict}</li>");
        }
        return list.Add($"</ul>\n");
    }

    private static HtmlText Volumes(AuditView view)
    {
        Reference? reference = view.Report is { Inventory.IsPublishedDataset: true } ? view.Reference : null;
        HtmlText section = HtmlText.Of($"<h2 id=\"volumes\">Volumes by level</h2>\n");
        string[] others = [.. view.Tables.Scans.Select(scan => scan.Dataset).Where(dataset => !CohortCell.Editions.Contains(dataset)).Distinct().Order(StringComparer.Ordinal)];
        bool editions = view.Tables.Scans.Any(scan => CohortCell.Editions.Contains(scan.Dataset));
        string[] datasets = [.. editions || others.Length == 0 ? [CohortCell.All] : Array.Empty<string>(), .. others];
        section.Add($"<p class=\"legend\">One dot per vertebra, hollow if it touches the border; <i>━</i> median here; <i>├─┤</i> published minimum and maximum, <i>◇</i> published median. Below each level: how many.</p>\n");
        foreach (string dataset in datasets)
        {
            ScanRow[] scans = [.. view.Tables.Scans.Where(scan => CohortCell.Contains(dataset, CohortCell.All, scan))];
            string name = dataset == CohortCell.All ? "VerSe19 and VerSe20 together" : dataset;
            section.Add($"<p>{name}</p>\n<div class=\"scroll\">{VolumePlot.Draw(scans, view.Tables.Vertebrae, dataset == CohortCell.All ? reference : null)}</div>\n");
        }
        return section;
    }
}
