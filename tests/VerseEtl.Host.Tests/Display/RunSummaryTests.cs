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

    private static string[] Written(int? width)
    {
        using StringWriter text = new();
        Terminal terminal = new(text, TextWriter.Null) { Width = width, Environment = name => name == "TERM" ? "xterm-256color" : null };
        RunSummary.Write(Report, text, width is null ? null : terminal.OutConsole());
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
