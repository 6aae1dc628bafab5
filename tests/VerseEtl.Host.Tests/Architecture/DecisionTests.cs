using System.Text.RegularExpressions;

namespace VerseEtl.Host.Tests.Architecture;

public sealed partial class DecisionTests
{
    private static readonly string[] Records =
    [
        .. Directory.GetFiles(Path.Join(Repository.Root, "docs/decisions"), "*.md").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Each_decision_record_that_is_cited_exists()
    {
        (string File, string Number)[] cited =
        [
            .. from file in Texts()
               from citation in Citation().Matches(File.ReadAllText(file))
               select (Path.GetRelativePath(Repository.Root, file), citation.Groups[1].Value),
        ];
        Assert.NotEmpty(cited);
        Assert.DoesNotContain(cited, one => !Records.Any(record => record.StartsWith(one.Number + "-", StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_decision_record_is_listed_in_the_architecture()
    {
        Assert.Equal(Records, Link().Matches(Repository.Text("docs/architecture.md")).Select(link => link.Groups[1].Value));
    }

    private static IEnumerable<string> Texts() =>
        new[] { "src", "tests", "bench", "docs" }.Select(folder => Path.Join(Repository.Root, folder))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root))
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" or ".css" or ".js" or ".py" or ".csproj" or ".props" or ".md");

    [GeneratedRegex(@"\b(?:decisions?|decision record)[ /](\d{4})\b", RegexOptions.IgnoreCase)]
    private static partial Regex Citation();

    [GeneratedRegex(@"\(decisions/(\d{4}-[^)]+)\)")]
    private static partial Regex Link();
}
