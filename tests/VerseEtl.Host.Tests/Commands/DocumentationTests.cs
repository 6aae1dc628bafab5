using System.Text.RegularExpressions;
using VerseEtl.Host.Commands;

namespace VerseEtl.Host.Tests.Commands;

public sealed class DocumentationTests
{
    private static readonly string Page = Repository.Text("docs/cli.md"), Docs = Path.Join(Repository.Root, "docs");

    [Fact]
    public void The_page_has_every_exit_code_with_the_programs_own_words()
    {
        foreach ((int code, string meaning) in ExitCode.All) Assert.Contains($"| {code} | {meaning} |", Page, StringComparison.Ordinal);
        Assert.Equal(ExitCode.All.Count, Page.Split('\n').Count(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2])));
    }

    [Fact]
    public void The_page_lists_each_command_once()
    {
        System.CommandLine.RootCommand root = CommandTree.Build(new Terminal(TextWriter.Null, TextWriter.Null), TimeProvider.System);
        string[] lines = Page.Split("```")[1].Split('\n');
        string[] listed = [.. lines.Where(line => line.StartsWith("verse-etl ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1])];
        Assert.Equal(root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name).Order(StringComparer.Ordinal),
            listed.Order(StringComparer.Ordinal));
        foreach (System.CommandLine.Command parent in root.Subcommands)
            foreach (System.CommandLine.Command command in parent.Subcommands)
                Assert.Contains($"`{parent.Name} {command.Name}", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_page_and_example_is_reached_from_the_README()
    {
        HashSet<string> reached = new(StringComparer.Ordinal);
        Queue<string> pages = new(["README.md"]);
        while (pages.TryDequeue(out string? page))
        {
            if (!reached.Add(page) || !page.EndsWith(".md", StringComparison.Ordinal)) continue;
            foreach (Match link in Regex.Matches(Repository.Text(page), @"\]\((?![a-z]+:)([^)#\s]+)"))
            {
                string linked = Path.GetFullPath(Path.Join(Repository.Root, Path.GetDirectoryName(page), link.Groups[1].Value));
                string target = Path.GetRelativePath(Repository.Root, linked);
                Assert.True(Path.Exists(Path.Join(Repository.Root, target)), $"{page} links to {target}");
                pages.Enqueue(target);
            }
        }
        IEnumerable<string> all = new[] { "docs", "examples" }.SelectMany(folder =>
            Directory.EnumerateFiles(Path.Join(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path)).Where(path => Path.GetExtension(path) is ".md" or ".py" or ".sql" or ".mjs");
        Assert.DoesNotContain(all, path => !reached.Contains(path));
    }

    [Fact]
    public void Every_page_is_in_the_contents_of_the_site()
    {
        string[] listed = [.. Regex.Matches(Repository.Text("eng/site/docs.toc.yml"), @"href: (\S+\.md)").Select(match => match.Groups[1].Value)];
        Assert.All(listed.Where(page => !page.EndsWith("index.md", StringComparison.Ordinal)), page => Assert.True(File.Exists(Path.Join(Docs, page)), page));
        Assert.Empty(Directory.EnumerateFiles(Docs, "*.md", SearchOption.AllDirectories).Select(page => Path.GetRelativePath(Docs, page))
            .Where(page => !page.StartsWith("decisions/", StringComparison.Ordinal)).Except(listed));
    }

    [Fact]
    public void Commands_of_the_tutorial_and_of_each_how_to_are_commands()
    {
        System.CommandLine.RootCommand root = CommandTree.Build(new Terminal(TextWriter.Null, TextWriter.Null), TimeProvider.System);
        int lines = 0;
        foreach (string page in Directory.EnumerateFiles(Path.Join(Docs, "howto")).Append(Path.Join(Docs, "tutorial.md")))
            foreach (Match line in Regex.Matches(File.ReadAllText(page), @"^verse-etl ([^#>|&\n]*)", RegexOptions.Multiline))
            {
                Assert.True(root.Parse(line.Groups[1].Value.Trim()).Errors.Count == 0, $"{page}: {line.Value}");
                lines++;
            }
        Assert.InRange(lines, 15, 100);
    }

    [Fact]
    public void The_page_names_every_command_and_only_options_that_exist()
    {
        System.CommandLine.RootCommand root = CommandTree.Build(new Terminal(TextWriter.Null, TextWriter.Null), TimeProvider.System);
        foreach (System.CommandLine.Command command in root.Subcommands) Assert.Contains($"verse-etl {command.Name}", Page, StringComparison.Ordinal);
        IEnumerable<System.CommandLine.Command> commands = root.Subcommands.SelectMany(command => command.Subcommands.Prepend(command)).Prepend(root);
        HashSet<string> options = [.. commands.SelectMany(command => command.Options).Select(option => option.Name), "--help", "--project", "--", "--source"];
        foreach (Match option in Regex.Matches(Page, "--[a-z][a-z-]+"))
            Assert.Contains(option.Value, options);
    }
}
