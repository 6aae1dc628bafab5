using System.Text.RegularExpressions;

namespace VerseEtl.Host.Tests.Serving;

/// <summary>Each test that docs/security.md names as proof is there.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public void Each_test_that_is_named_exists()
    {
        string[] named = [.. Named().Matches(Repository.Text("docs/security.md")).Select(match => match.Groups[1].Value).Distinct()];
        Assert.InRange(named.Length, 30, 200);
        HashSet<string> there = [.. Directory.EnumerateFiles(Path.Join(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Method().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)];
        Assert.DoesNotContain(named, name => !there.Contains(name));
    }

    [GeneratedRegex("`([A-Z][a-z]*_[A-Za-z0-9_]+)`")]
    private static partial Regex Named();

    [GeneratedRegex(@"public (?:async Task|void|static async Task) ([A-Z][A-Za-z0-9_]+)\(")]
    private static partial Regex Method();
}
