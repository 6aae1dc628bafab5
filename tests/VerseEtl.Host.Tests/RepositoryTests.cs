using System.Globalization;
using System.Text.RegularExpressions;

namespace VerseEtl.Host.Tests;

/// <summary>Rules of the repository's own files.</summary>
public sealed partial class RepositoryTests
{
    [Fact]
    public void Every_project_is_in_the_solution()
    {
        IEnumerable<string> listed = ProjectLine().Matches(Repository.Text("VerseEtl.sln")).Select(match => match.Groups[1].Value.Replace('\\', '/'));
        Assert.Equal(Files("*.csproj"), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_line_is_longer_than_the_editor_is_told()
    {
        int limit = int.Parse(LimitLine().Match(Repository.Text(".editorconfig")).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Empty(from pattern in new[] { "*.cs", "*.razor" }
                     from file in Files(pattern)
                     from line in File.ReadLines(Path.Join(Repository.Root, file)).Select((text, at) => (Length: text.Length, Number: at + 1))
                     where line.Length > limit
                     select $"{file}:{line.Number} has {line.Length} columns");
    }

    [GeneratedRegex("""^max_line_length = (\d+)$""", RegexOptions.Multiline)]
    private static partial Regex LimitLine();

    [GeneratedRegex("""^Project\(.*, "(.*\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();

    /// <summary>Below src, tests and bench, as paths from the root, in order.</summary>
    private static IEnumerable<string> Files(string pattern) => new[] { "src", "tests", "bench" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Join(Repository.Root, folder), pattern, SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Repository.Root, path))
        .Order(StringComparer.Ordinal);
}
