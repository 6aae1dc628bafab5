using System.Reflection;
using System.Text.RegularExpressions;

namespace VerseEtl.Host.Tests.Architecture;

public sealed partial class ProjectTests
{
    [Theory]
    [InlineData("Transform", "VerseEtl.Transform", "")]
    [InlineData("Extract", "VerseEtl.Extract", "Transform")]
    [InlineData("Load", "VerseEtl.Load", "Transform")]
    [InlineData("Host", "verse-etl", "Extract, Load, Transform")]
    public void Projects_reference_each_other_only_along_the_arrows(string project, string assembly, string expected)
    {
        string file = Repository.Text($"src/{project}/VerseEtl.{project}.csproj");
        Assert.Equal(expected, string.Join(", ", ProjectReference().Matches(file).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)));
        IEnumerable<string> used = References(assembly).Where(name => name.StartsWith("VerseEtl.", StringComparison.Ordinal));
        Assert.Equal(expected, string.Join(", ", used.Select(name => name["VerseEtl.".Length..]).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("VerseEtl.Transform")]
    [InlineData("VerseEtl.Extract")]
    [InlineData("VerseEtl.Load")]
    public void Only_Host_logs_and_retries(string assembly) =>
        Assert.DoesNotContain(References(assembly), name => LogsOrRetries().IsMatch(name));

    private static IEnumerable<string> References(string assembly) => Assembly.Load(assembly).GetReferencedAssemblies().Select(name => name.Name!);

    [GeneratedRegex(@"^(Serilog|Microsoft\.Extensions\.Logging|Polly|Hangfire)")]
    private static partial Regex LogsOrRetries();

    [GeneratedRegex(@"<ProjectReference Include=""[^""]*VerseEtl\.(\w+)\.csproj""")]
    private static partial Regex ProjectReference();
}
