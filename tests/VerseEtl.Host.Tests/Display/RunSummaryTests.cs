using Spectre.Console;
using VerseEtl.Host.Commands;
using VerseEtl.Host.Display;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Tests.Display;

public sealed class RunSummaryTests
{
    private static readonly string Name = new('n', 200);
    private static readonly RunReport Report = new()
    {
        Pipeline = Name, RunId = "r", ExitCode = 0, Ending = RunEnding.Unchanged, Warehouse = "/w", Source = "/s", ScansFound = 1, ScansOk = 1,
        Findings = [new("CTD_NAME", Severity.Warning, 3, "a :bone: [red] of " + new string('x', 200))],
    };

    [Fact]
    public void Without_a_terminal_a_line_is_one_and_stands_as_it_is_but_for_its_length()
    {
        string[] lines = Written(null);
        Assert.StartsWith(Name + ": unchanged", lines[0], StringComparison.Ordinal);
        Assert.Equal("  scans      1 found: 1 ok, 0 warning, 0 failed", lines[1]);
        Assert.StartsWith("  warning    CTD_NAME x 3: a :bone: [red] of", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("...", lines[2], StringComparison.Ordinal);
        Assert.InRange(lines[2].Length, 1, 120);
        Assert.StartsWith("  exit 0", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_it_has_colours()
    {
        string text = string.Join('\n', Written(100));
        Assert.Contains("\u001b[", text, StringComparison.Ordinal);
        Assert.Contains("[red] of", text, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_a_report_says_has_its_line()
    {
        Severity[] severities = [Severity.Error, Severity.Warning, .. Enumerable.Repeat(Severity.Info, 8)];
        RunReport full = new()
        {
            Pipeline = "p", RunId = "r", ExitCode = ExitCode.PublishedWithErrors, Ending = RunEnding.Published, Warehouse = "/w", Source = "/s",
            Reasons = ["one\nline", "another"], FolderSetting = ["datasets:"],
            ScansFound = 21, ScansOk = 2, ScansWarning = 3, ScansFailed = 4, ScansExcluded = 5,
            ScansFromCache = 6, ScansHashed = 7, Failed = [new("k1", "NII_A"), new("k2", "NII_B")],
            Rows = new Dictionary<string, int> { ["scans"] = 10, ["vertebrae"] = 11 },
            Findings = [.. severities.Select((severity, at) => new FindingCount(Invariant($"F{at}"), severity, at + 30, Invariant($"m{at}")))],
            Sequence = 8, Snapshot = "8-r", Copy = new("s3://b/c", 12, 999, 13), ElapsedSeconds = 119.94,
        };
        string[] expected =
        [
            "p: published, snapshot 8 is current (119.9 s)",
            "  because    one\\u000aline",
            "  because    another",
            "  scans      21 found: 2 ok, 3 warning, 4 failed, 5 excluded; 6 unchanged since an earlier run",
            "  rows       scans 10, vertebrae 11",
            "  failed     k1: NII_A",
            "  failed     k2: NII_B",
            "  error      F0 x 30: m0",
            "  warning    F1 x 31: m1",
            .. Enumerable.Range(2, 6).Select(at => Invariant($"  info       F{at} x {at + 30}: m{at}")),
            "  ...        and 2 more kinds of finding: `findings` lists all",
            "  folders were not read; `--dataset NAME` reads the whole source as data of your own;",
            "  or put these lines into pipelines.yaml, below `source:`, with the right dataset and split:",
            "    datasets:",
            "  tables     /w/current",
            "  copy       s3://b/c (12 objects put, 13 removed)",
            "  exit 10    " + ExitCode.Meaning(ExitCode.PublishedWithErrors),
        ];
        Assert.Equal(expected, Written(null, full));
        string[] withoutMore = [.. expected.Where(line => !line.StartsWith("  ...", StringComparison.Ordinal))];
        Assert.Equal(withoutMore, Written(null, full with { Findings = [.. full.Findings.Take(8)] }));
        Assert.Contains("  ...        and 1 more kinds of finding: `findings` lists all", Written(null, full with { Findings = [.. full.Findings.Take(9)] }));
    }

    [Fact]
    public void Of_nothing_no_line_is_written()
    {
        RunReport least = new()
        {
            Pipeline = "p", RunId = "r", ExitCode = 41, Ending = RunEnding.Failed, Warehouse = "/w", Source = "/s", ElapsedSeconds = 120,
        };
        Assert.Equal([$"p: {RunEnding.Failed} (2 min)", "  exit 41    " + ExitCode.Meaning(41)], Written(null, least));
    }

    [Fact]
    public void Two_lines_of_rows_without_a_terminal_and_no_more()
    {
        RunReport rows = Report with { Rows = Enumerable.Range(0, 40).ToDictionary(at => Invariant($"table_{at}"), at => at) };
        string[] lines = Written(null, rows);
        Assert.StartsWith("  rows       table_0 0, table_1 1,", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("             9, table_10 10", lines[3], StringComparison.Ordinal);
        Assert.EndsWith("...", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("  warning", lines[4], StringComparison.Ordinal);
        Assert.Contains("table_39 39", string.Join(' ', Written(100, rows)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCode.Done, "green bold")]
    [InlineData(ExitCode.PublishedWithErrors, "yellow bold")]
    [InlineData(ExitCode.Breaker, "red bold")]
    public void The_first_line_has_the_colour_of_the_exit_code(int exitCode, string style) =>
        Assert.Equal(Coloured(style, "p: unchanged (0.0 s)"), Written(100, Report with { Pipeline = "p", ExitCode = exitCode })[0]);

    [Theory]
    [InlineData(Severity.Error, "red")]
    [InlineData(Severity.Warning, "yellow")]
    [InlineData(Severity.Info, "grey")]
    public void A_finding_has_the_colour_of_its_severity(Severity severity, string style) =>
        Assert.Contains(Coloured(style, $"  {severity.Word(),-9}  A x 1: b"), Written(100, Report with { Findings = [new("A", severity, 1, "b")] }));

    [Fact]
    public void What_looks_like_a_style_is_text()
    {
        RunReport report = Report with { Pipeline = "p", Reasons = ["[red]"], Failed = [new("[/]", "A")] };
        Assert.Superset(new HashSet<string> { "  because    [red]", "  failed     [/]: A" }, Written(100, report).ToHashSet());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100)]
    public void What_holds_the_end_of_a_line_is_one_line(int? width) =>
        Assert.Superset(new HashSet<string> { "  because    a\\u000ab", "  tables     /w\\u000a/current" },
            Written(width, Report with { Reasons = ["a\nb"], Sequence = 1, Warehouse = "/w\n" }).ToHashSet());

    private static string Coloured(string style, string line)
    {
        using StringWriter text = new();
        Watched(text, 100).OutConsole().Markup($"[{style}]{line}[/]");
        return text.ToString();
    }

    private static Terminal Watched(StringWriter text, int? width) =>
        new(text, TextWriter.Null) { Width = width, Environment = name => name == "TERM" ? "xterm-256color" : null };

    private static string[] Written(int? width, RunReport? report = null)
    {
        using StringWriter text = new();
        Terminal terminal = Watched(text, width);
        RunSummary.Write(report ?? Report, text, width is null ? null : terminal.OutConsole());
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
