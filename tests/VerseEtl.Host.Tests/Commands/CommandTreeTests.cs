using System.CommandLine;
using VerseEtl.Host.Commands;

namespace VerseEtl.Host.Tests.Commands;

/// <summary>A command line that begins with a command is parsed without the other commands, and must say the same.</summary>
public sealed class CommandTreeTests
{
    private static readonly RootCommand All = CommandTree.Build(new Terminal(TextWriter.Null, TextWriter.Null), TimeProvider.System);

    public static TheoryData<string> Names => [.. All.Subcommands.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_command_alone_has_its_help_and_its_errors(string name)
    {
        RootCommand alone = For(name);
        Assert.Equal([name], alone.Subcommands.Select(command => command.Name));
        foreach (string[] line in new[] { [name, "--help"], [name, "--jsn"], [name, "plan", "--output"], new[] { name, "a", "b", "c", "d" } })
        {
            Assert.Equal(Said(All, line), Said(alone, line));
        }
    }

    [Fact]
    public void Any_other_line_has_all_commands()
    {
        foreach (string[] line in new[] { [], ["--help"], ["--quiet", "run"], ["rnu"], new[] { "[suggest:0]", "ru" } })
        {
            Assert.Equal(All.Subcommands.Count, For(line).Subcommands.Count);
        }
    }

    private static RootCommand For(params string[] line) => CommandTree.BuildFor(line, new Terminal(TextWriter.Null, TextWriter.Null), TimeProvider.System);

    /// <summary>Help, where that was asked for, and what is wrong with the line.</summary>
    private static string Said(RootCommand root, string[] line)
    {
        ParseResult parsed = root.Parse(line, new ParserConfiguration { ResponseFileTokenReplacer = null });
        using StringWriter help = new();
        if (line.Contains("--help")) parsed.Invoke(new InvocationConfiguration { Output = help, Error = help });
        return $"{help}{string.Join('\n', UsageErrors.Of(parsed).Select(problem => problem.Message))}";
    }
}
