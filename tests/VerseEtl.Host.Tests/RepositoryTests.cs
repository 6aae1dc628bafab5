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

    [GeneratedRegex("""^Project\(.*, "(.*\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();

    /// <summary>Below src, tests and bench, as paths from the root, in order.</summary>
    private static IEnumerable<string> Files(string pattern) => new[] { "src", "tests", "bench" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Join(Repository.Root, folder), pattern, SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Repository.Root, path))
        .Order(StringComparer.Ordinal);
}
