using Spectre.Console;
using VerseEtl.Host.Flow;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Display;

/// <summary>What people see at the end of a run: one screen, lines broken between words, long messages cut.</summary>
public static class RunSummary
{
    private const int MostKinds = 8, MostLines = 2;
    private const string Ellipsis = "...";

    /// <param name="console">Colours and columns of the terminal behind the text; null where there is none, as making one takes longer than writing.</param>
    public static void Write(RunReport report, TextWriter text, IAnsiConsole? console)
    {
        int? width = console?.Profile.Width;
        int columns = width ?? WrappedText.WidthWithoutTerminal;
        Line(Invariant($"{report.Pipeline}: {Headline(report)}"),
            report.ExitCode is ExitCode.Done ? "green bold" : report.ExitCode == ExitCode.PublishedWithErrors ? "yellow bold" : "red bold");
        foreach (string reason in report.Reasons) Line($"  because    {reason}");
        if (report.ScansFound > 0)
        {
            string cached = report.ScansFromCache > 0 ? Invariant($"; {report.ScansFromCache} unchanged since an earlier run") : "";
            string excluded = report.ScansExcluded > 0 ? Invariant($", {report.ScansExcluded} excluded") : "";
            string sound = Invariant($"{report.ScansOk} ok, {report.ScansWarning} warning, {report.ScansFailed} failed");
            Line(Invariant($"  scans      {report.ScansFound} found: {sound}{excluded}{cached}"));
        }
        string rows = string.Join(", ", report.Rows.Select(table => Invariant($"{table.Key} {table.Value}")));
        if (rows.Length > 0) Line("  rows       " + rows, most: width is null ? MostLines : int.MaxValue);
        foreach (FailedEntry failed in report.Failed) Line($"  failed     {failed.ScanKey}: {failed.Code}");
        foreach (FindingCount finding in report.Findings.Take(MostKinds))
        {
            Line(Invariant($"  {finding.Severity.Word(),-9}  {finding.Code} x {finding.Count}: {finding.Example}"),
                finding.Severity switch { Severity.Error => "red", Severity.Warning => "yellow", _ => "grey" }, MostLines);
        }
        if (report.Findings.Count > MostKinds)
            Line(Invariant($"  ...        and {report.Findings.Count - MostKinds} more kinds of finding: `findings` lists all"));
        foreach (string line in FolderSetting.Told(report.FolderSetting)) Whole("  " + line);
        if (report.Sequence is not null) Whole($"  tables     {Path.Join(report.Warehouse, "current")}");
        if (report.Copy is CopyReport copy) Whole(Invariant($"  copy       {copy.Place} ({copy.Objects} objects put, {copy.Removed} removed)"));
        Line(Invariant($"  exit {report.ExitCode,-5} {ExitCode.Meaning(report.ExitCode)}"));

        // a path must not be broken in two: the terminal wraps it
        void Whole(string line) => text.WriteLine(Finding.OneLine(line));

        void Line(string line, string? style = null, int most = int.MaxValue)
        {
            line = Finding.OneLine(line);
            // who reads a file or a mail searches it: there a line is one, though a long message is cut
            string[] lines = [.. WrappedText.Lines(line, width ?? (most == int.MaxValue ? null : columns))];
            if (width is null && style is not null) most = Math.Min(most, 1);
            if (lines.Length > most) lines = [.. lines[..(most - 1)], Cut(lines[most - 1])];
            foreach (string part in lines)
                if (console is null) Whole(part);
                else console.MarkupLine(style is null ? Markup.Escape(part) : $"[{style}]{Markup.Escape(part)}[/]");
        }

        string Cut(string line) => line[..Math.Max(0, Math.Min(line.Length, columns - Ellipsis.Length))] + Ellipsis;
    }

    private static string Headline(RunReport report)
    {
        string took = report.ElapsedSeconds < 120 ? Invariant($"{report.ElapsedSeconds:0.0} s") : Invariant($"{report.ElapsedSeconds / 60:0} min");
        return report.Sequence is long sequence ? Invariant($"{report.Ending}, snapshot {sequence} is current ({took})") : $"{report.Ending} ({took})";
    }
}
