using VerseEtl.Host.AuditPage;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Serving.Page;

/// <summary>The last runs: how long each took, drawn, and how it ended, in a table.</summary>
internal static class RunHistory
{
    private const int MostDrawn = 60;
    private const int MostListed = 25;
    private const int BarWidth = 9;
    private const int BarStep = 11;
    private const int Height = 44;
    private const int Left = 62;

    public static HtmlText Section(string pipeline, IReadOnlyList<RunRecord> runs)
    {
        RunRecord[] ended = [.. runs.Where(run => run.EndedUtc is not null)];
        if (ended.Length == 0) return new HtmlText();
        HtmlText section = ended.Length > 1 ? Plot([.. ended.TakeLast(MostDrawn)]) : new HtmlText();
        section.Add($"<details id=\"runs-{pipeline}\"><summary>{(ended.Length > MostListed ? $"Last {MostListed} of {ended.Length} runs" : ended.Length == 1 ? "The only run" : $"All {ended.Length} runs")}</summary>\n<div class=\"scroll\"><table>\n<tr><th class=\"l\">started</th><th class=\"l\">ended</th><th>took</th><th>scans</th><th>measured</th><th>failed</th><th>snapshot</th><th class=\"l\">why</th></tr>\n");
        foreach (RunRecord run in ended.TakeLast(MostListed).Reverse())
            section.Add($"<tr><td class=\"l\">{Words.At(run.StartedUtc)}</td><td class=\"l {Class(run)}-text\">{run.Outcome}, exit {run.ExitCode}</td><td>{Words.Took(Took(run))}</td><td>{run.ScansFound}</td><td>{run.ScansMeasured}</td><td>{run.ScansFailed}</td><td>{run.Sequence}</td><td class=\"message\">{run.Message}</td></tr>\n");
        return section.Add($"</table></div></details>\n");
    }

    /// <summary>`fine`, `some` (published with errors), `bad` or `quiet` (neither good nor bad).</summary>
    public static string Class(RunRecord run) => run switch
    {
        { Outcome.IsNeutral: true } => "quiet",
        { ExitCode: ExitCode.Done } => "fine",
        { ExitCode: ExitCode.PublishedWithErrors } => "some",
        _ => "bad",
    };

    /// <summary>Nothing for one that has not ended.</summary>
    public static TimeSpan Took(RunRecord run) => run.EndedUtc - run.StartedUtc ?? TimeSpan.Zero;

    private static HtmlText Plot(RunRecord[] runs)
    {
        double longest = Math.Max(1e-3, runs.Max(run => Took(run).TotalSeconds));
        int width = Left + (runs.Length * BarStep) + 2;
        HtmlText svg = HtmlText.Of($"<svg class=\"durations\" viewBox=\"0 0 {width} {Height + 8}\" width=\"{width}\" role=\"img\" aria-label=\"How long the last {runs.Length} runs took, at most {Words.Took(TimeSpan.FromSeconds(longest))}\">\n<line x1=\"{Left}\" x2=\"{width}\" y1=\"4\" y2=\"4\"/><text x=\"{Left - 6}\" y=\"9\" text-anchor=\"end\">{Words.Took(TimeSpan.FromSeconds(longest))}</text><line x1=\"{Left}\" x2=\"{width}\" y1=\"{Height + 4}\" y2=\"{Height + 4}\"/><text x=\"{Left - 6}\" y=\"{Height + 7}\" text-anchor=\"end\">0</text>\n");
        for (int at = 0; at < runs.Length; at++)
        {
            RunRecord run = runs[at];
            int high = Math.Max(2, (int)Math.Round(Height * Math.Max(0, Took(run).TotalSeconds) / longest));
            svg.Add($"<rect class=\"{Class(run)}\" x=\"{Left + 2 + (at * BarStep)}\" y=\"{Height + 4 - high}\" width=\"{BarWidth}\" height=\"{high}\"><title>{Words.At(run.StartedUtc)}: {run.Outcome}, {Words.Took(Took(run))}</title></rect>\n");
        }
        return svg.Add($"</svg>\n");
    }
}
