using System.Reflection;

namespace VerseEtl.Host.Tests;

public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("VerseEtl.Transform", "")]
    [InlineData("VerseEtl.Extract", "VerseEtl.Transform")]
    [InlineData("VerseEtl.Load", "VerseEtl.Transform")]
    [InlineData("verse-etl", "VerseEtl.Extract, VerseEtl.Load, VerseEtl.Transform")]
    public void Projects_reference_each_other_only_along_the_arrows(string assembly, string expected)
    {
        IEnumerable<string> own = Assembly.Load(assembly).GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => name.StartsWith("VerseEtl", StringComparison.Ordinal) || name == "verse-etl").Order(StringComparer.Ordinal);
        Assert.Equal(expected, string.Join(", ", own));
    }

    [Theory]
    [InlineData("Transform", "")]
    [InlineData("Extract", "Transform")]
    [InlineData("Load", "Transform")]
    public void Project_files_name_no_other_arrow(string project, string expected)
    {
        string text = Repository.Text($"src/{project}/VerseEtl.{project}.csproj");
        IEnumerable<string> named = new[] { "Extract", "Transform", "Load", "Host" }.Where(other => text.Contains($"VerseEtl.{other}.csproj", StringComparison.Ordinal));
        Assert.Equal(expected, string.Join(", ", named));
    }

    [Fact]
    public void Transform_uses_no_file_no_clock_and_no_log()
    {
        string[] banned = ["System.IO.FileSystem", "Serilog", "Microsoft.Extensions.Logging", "Polly.Core"];
        IEnumerable<string> used = Assembly.Load("VerseEtl.Transform").GetReferencedAssemblies().Select(name => name.Name!);
        Assert.DoesNotContain(used, name => banned.Contains(name));
        foreach (string file in Directory.EnumerateFiles(Path.Join(Repository.Root, "src/Transform"), "*.cs", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file);
            Assert.DoesNotContain("File.Open", text, StringComparison.Ordinal);
            Assert.DoesNotContain("UtcNow", text, StringComparison.Ordinal);
            Assert.DoesNotContain("DateTime.Now", text, StringComparison.Ordinal);
        }
    }
}
