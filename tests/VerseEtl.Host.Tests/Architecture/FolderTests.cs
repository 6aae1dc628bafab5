using System.Text.RegularExpressions;
using Mono.Cecil;

namespace VerseEtl.Host.Tests.Architecture;

/// <summary>Folders of a project depend one way: on the rows above their own in the table of docs/architecture.md.</summary>
public sealed partial class FolderTests
{
    /// <summary>Folders below `src`, in the order of the page.</summary>
    private static readonly string[] Rows = [.. Row().Matches(Repository.Text("docs/architecture.md")).Select(row => row.Groups[1].Value)];

    [Fact]
    public void Every_folder_has_a_row_and_every_row_a_folder()
    {
        string source = Path.Join(Repository.Root, "src");
        IEnumerable<string> folders = SourceFiles("").Select(file => Path.GetRelativePath(source, Path.GetDirectoryName(file)!)).Distinct();
        Assert.Equal(folders.Order(StringComparer.Ordinal), Rows.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Transform", "VerseEtl.Transform.dll")]
    [InlineData("Extract", "VerseEtl.Extract.dll")]
    [InlineData("Load", "VerseEtl.Load.dll")]
    [InlineData("Host", "verse-etl.dll")]
    public void Types_refer_only_to_rows_above(string project, string assembly)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(Path.Join(AppContext.BaseDirectory, assembly));
        (TypeDefinition From, TypeDefinition To)[] references = [.. TypeReferences.Of(module)];
        Assert.NotEmpty(references);
        Assert.Empty(
            from reference in references
            let own = FolderOf(reference.From.Namespace)
            let other = FolderOf(reference.To.Namespace)
            where IsBelow(project, own, other)
            select $"{own}/{reference.From.Name} → {reference.To.Name}");
    }

    [Theory]
    [InlineData("Transform")]
    [InlineData("Extract")]
    [InlineData("Load")]
    [InlineData("Host")]
    public void Sources_name_only_rows_above(string project)
    {
        // constants leave no trace in an assembly; Program stands outside
        string source = Path.Join(Repository.Root, "src");
        Assert.Empty(
            from file in SourceFiles(project)
            where Path.GetFileName(file) != "Program.cs"
            let own = Path.GetRelativePath(source, Path.GetDirectoryName(file)!)
            from named in Using().Matches(File.ReadAllText(file))
            let other = FolderOf(named.Groups[1].Value)
            where IsBelow(project, own, other)
            select $"{Path.GetRelativePath(source, file)} uses {other}");
    }

    private static bool IsBelow(string project, string? own, string? other) =>
        own is not null && other is not null && other.Split('/')[0] == project && Array.IndexOf(Rows, other) > Array.IndexOf(Rows, own);

    /// <summary>The folder of a namespace, or of a type that is named with its namespace; null outside the rows.</summary>
    private static string? FolderOf(string name)
    {
        string path = name.Replace('.', '/') + '/';
        return Rows.Where(row => path.StartsWith($"VerseEtl/{row}/", StringComparison.Ordinal)).MaxBy(row => row.Length);
    }

    private static IEnumerable<string> SourceFiles(string project) =>
        Directory.EnumerateFiles(Path.Join(Repository.Root, "src", project), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" && !file.Contains("/obj/", StringComparison.Ordinal));

    [GeneratedRegex("^\\| `src/([^`]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\s*@?(?:global )?using (?:static )?(?:\w+ = )?(VerseEtl(?:\.\w+)+)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
