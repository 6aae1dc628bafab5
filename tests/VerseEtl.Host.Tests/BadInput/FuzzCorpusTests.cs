using VerseEtl.Fuzz;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>The inputs that coverage-guided fuzzing kept because each goes another way through a parser; see bench/VerseEtl.Fuzz.</summary>
public sealed class FuzzCorpusTests
{
    private const int FewestFiles = 20;

    public static TheoryData<string> Parsers => [.. Targets.All.Keys];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Every_input_that_fuzzing_kept_is_read_or_refused(string parser)
    {
        string[] files = Directory.GetFiles(Path.Join(Repository.Root, "bench/VerseEtl.Fuzz/corpus", parser));
        Assert.True(files.Length >= FewestFiles, $"{files.Length} files");
        Assert.All(files, file => Targets.All[parser](File.ReadAllBytes(file)));
    }
}
