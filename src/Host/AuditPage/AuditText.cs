using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;
using static VerseEtl.Host.Pages.Numbers;

namespace VerseEtl.Host.AuditPage;

/// <summary>The audit as text: a verdict that fits a screen, Markdown for a report, JSON for other programs.</summary>
public static class AuditText
{
    private const int MostDifferences = 5;
    private const int MostNames = 4;
    private const int MostNamesOfMany = 3;
    private const int Width = 96;

    /// <summary>At most 24 lines; what does not fit is counted.</summary>
    public static IReadOnlyList<string> Screen(AuditView view)
    {
        List<string> lines = ["audit: " + view.Verdict];
        if (view.Report is { Inventory.IsPublishedDataset: true } report)
        {
            lines.Add("  " + string.Join(", ", report.Tally.Where(tally => tally.Count > 0).Select(tally => Invariant($"{tally.Count} {tally.Verdict}"))));
            foreach (FolderInventory folder in report.Inventory.Folders.Where(folder => folder.Missing.Count > 0))
                lines.Add(Cut(Invariant($"  missing in {folder.Folder}: ") + Names([.. folder.Missing], folder.Published)));
            foreach (FolderInventory folder in report.Inventory.Folders.Where(folder => folder.Elsewhere.Count > 0).Take(2))
                lines.Add(Cut(Invariant($"  of {folder.Folder}, elsewhere: ") + Names([.. folder.Elsewhere], folder.Published)));
            foreach (FolderInventory folder in report.Inventory.Folders.Where(folder => folder.Unexpected.Count > 0).Take(2))
                lines.Add(Cut(Invariant($"  unexpected in {folder.Folder}: ") + Names(folder.Unexpected, 0)));
            AuditRow[] differences = [.. report.Differences];
            foreach (AuditRow row in differences.Take(MostDifferences))
            {
                lines.Add(Cut($"  {row.Table} {row.Dataset}/{row.Split} {row.Item} {row.Field}: published {Number(row.Published)}, "
                    + $"here {Number(row.Recomputed)} ({Signed(row.Difference)})"));
                if (differences.Length <= MostDifferences / 2) lines.Add(Cut("    " + row.Note));
            }
            if (differences.Length > MostDifferences)
                lines.Add(Invariant($"  and {differences.Length - MostDifferences} more: see audit.html or the table audit"));
            int contradictions = report.Rows.Count(row => row.Table == Audit.ReferenceTable);
            if (contradictions > 0) lines.Add(Invariant($"  the published figures contradict each other in {contradictions} places (docs/audit.md)"));
        }
        lines.Add("  findings: " + string.Join(", ", Enum.GetValues<Severity>().OrderDescending()
            .Select(severity => Invariant($"{view.Tally.Count(severity)} {severity.Word()}"))));
        if (view.Drift is { IsNone: false } drift)
        {
            string scans = Invariant($"{drift.Added.Count} scans added, {drift.Removed.Count} removed, {drift.Changed.Count} changed");
            lines.Add(Invariant($"  since the previous snapshot: {scans}; {drift.Moved.Count} statistics moved"));
        }
        return lines;
    }

    /// <summary>The audit for a report or an issue. Names and notes are escaped where Markdown would read them as its own.</summary>
    public static string Markdown(AuditView view)
    {
        List<string> lines = ["# Audit", "", Escape(view.Verdict), ""];
        if (view.Report is { Inventory.IsPublishedDataset: true } report)
        {
            lines.AddRange(["| verdict | cells |", "|---|---:|"]);
            lines.AddRange(report.Tally.Select(tally => Invariant($"| {tally.Verdict} | {tally.Count} |")));
            lines.AddRange(["", "## Scans", "", "| folder | published | missing | unexpected |", "|---|---:|---|---|"]);
            foreach (FolderInventory folder in report.Inventory.Folders)
                lines.Add(Row(folder.Folder, Invariant($"{folder.Published}"), Listed([.. folder.Missing], folder.Published), Listed(folder.Unexpected, 0)));
            foreach (string verdict in Verdict.All.Where(verdict => verdict != Verdict.Match && report.Rows.Any(row => row.Verdict == verdict)))
            {
                lines.AddRange(["", $"## {char.ToUpperInvariant(verdict[0])}{verdict[1..]}", "",
                    "| table | dataset | split | item | field | published | here | difference | note |", "|---|---|---|---|---|---:|---:|---:|---|"]);
                lines.AddRange(report.Rows.Where(row => row.Verdict == verdict).Select(row => Row(row.Table, row.Dataset, row.Split, row.Item, row.Field,
                    Number(row.Published), Number(row.Recomputed), Signed(row.Difference), row.Note ?? "")));
            }
        }
        lines.AddRange(["", "## Findings", "", "| code | severity | count |", "|---|---|---:|"]);
        lines.AddRange(view.Tally.Groups.OrderBy(group => group.Code, StringComparer.Ordinal).ThenByDescending(group => (int)group.Severity)
            .Select(group => Invariant($"| {group.Code} | {group.Severity.Word()} | {group.Count} |")));
        return string.Join('\n', lines) + "\n";
    }

    /// <summary>Verdict, tally, inventory, every row of `audit` and the drift, with names as in the tables.</summary>
    public static string Json(AuditView view) => Host.Json.Text(new
    {
        view.Verdict,
        Differences = view.Report?.Differences.Count() ?? 0,
        Tally = (view.Report?.Tally ?? []).Select(tally => new { tally.Verdict, tally.Count }),
        Inventory = view.Report is { Inventory.IsPublishedDataset: true } ? view.Report.Inventory.Folders : [],
        Audit = view.Report?.Rows ?? [],
        Drift = view.Drift is null ? null : new { view.Drift.Added, view.Drift.Removed, view.Drift.Changed, Moved = view.Drift.Moved.Count },
    });

    private static string Names(Counted<string> names, int all) => names.Count == all
        ? Invariant($"all {all} scans")
        : names.Count <= MostNames ? string.Join(", ", names) : Invariant($"{names.Count} scans, {string.Join(", ", names.Take(MostNamesOfMany))}, ...");

    private static string Listed(Counted<string> names, int all) => names.Count == 0 ? "none" : names.Count == all ? "all"
        : string.Join(", ", names) + (names.Count > Counted.MostKept ? Invariant($" and {names.Count - Counted.MostKept} more") : "");

    private static string Row(params IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(Escape))} |";

    private static string Cut(string line) => line.Length <= Width ? line : line[..(Width - 3)] + "...";

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal)
        .Replace("[", "\\[", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
