using VerseEtl.Host.Commands;

namespace VerseEtl.Host.Tests.Commands;

public sealed class DocumentationTests
{
    private static readonly string Page = Repository.Text("docs/cli.md");

    [Fact]
    public void The_page_has_every_exit_code_with_the_programs_own_words()
    {
        foreach ((int code, string meaning) in ExitCode.All) Assert.Contains($"| {code} | {meaning} |", Page, StringComparison.Ordinal);
        Assert.Equal(ExitCode.All.Count, Page.Split('\n').Count(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2])));
    }

    [Fact]
    public void The_page_names_every_command_and_only_options_that_exist()
    {
        System.CommandLine.RootCommand root = CommandTree.Build(new Terminal(TextWriter.Null, TextWriter.Null), TimeProvider.System);
        foreach (System.CommandLine.Command command in root.Subcommands) Assert.Contains($"verse-etl {command.Name}", Page, StringComparison.Ordinal);
        HashSet<string> options = [.. root.Options.Concat(root.Subcommands.SelectMany(command => command.Options)).Select(option => option.Name),
            "--help", "--project", "--", "--source"];
        foreach (System.Text.RegularExpressions.Match option in System.Text.RegularExpressions.Regex.Matches(Page, "--[a-z][a-z-]+"))
            Assert.Contains(option.Value, options);
    }
}
