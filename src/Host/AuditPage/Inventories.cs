using VerseEtl.Transform.Cohort;

namespace VerseEtl.Host.AuditPage;

/// <summary>The published folders and what of them is here.</summary>
internal static class Inventories
{
    private const int MostNamesInTheOpen = 12;

    public static HtmlText Section(AuditView view)
    {
        if (view.Report is not { Inventory.IsPublishedDataset: true } report || report.Inventory.Folders.Count == 0) return new HtmlText();
        HtmlText section = HtmlText.Of($"<h2 id=\"scans\">Scans</h2>\n<div class=\"scroll\"><table>\n<tr><th class=\"l\">folder</th><th>published</th><th>here</th><th class=\"l\">missing</th><th class=\"l\">unexpected</th></tr>\n");
        foreach (FolderInventory folder in report.Inventory.Folders)
        {
            string mark = folder.Missing.Count > 0 ? "incomplete" : "";
            section.Add($"<tr><td class=\"l\">{folder.Folder}</td><td>{folder.Published}</td><td class=\"{mark}\">{folder.Published - folder.Missing.Count}</td><td class=\"l\">{Names(folder.Missing)}</td><td class=\"l\">{Names(folder.Unexpected)}</td></tr>\n");
        }
        return section.Add($"</table></div>\n");
    }

    /// <summary>Names in the open while they are few, folded away when they are many.</summary>
    public static HtmlText Names(IReadOnlyList<string> names) => names.Count switch
    {
        0 => HtmlText.Of($"<span class=\"p\">none</span>"),
        <= MostNamesInTheOpen => HtmlText.Of($"<div class=\"names\">{string.Join(", ", names)}</div>"),
        _ => HtmlText.Of($"<details><summary>{names.Count} scans</summary><div class=\"names\">{string.Join(", ", names)}</div></details>"),
    };
}
