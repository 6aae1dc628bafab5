using VerseEtl.Fuzz;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>The inputs that coverage-guided fuzzing kept because each goes another way through a parser; see bench/VerseEtl.Fuzz.</summary>
public sealed class FuzzCorpusTests
{
    private const int FewestInputs = 20;

    public static TheoryData<string> Parsers => [.. Targets.All.Keys];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Every_input_that_fuzzing_kept_is_read_or_refused(string parser)
    {
        SortedDictionary<string, byte[]> inputs = Corpus.Read(Path.Join(Repository.Root, $"bench/VerseEtl.Fuzz/corpus/{parser}.zip"));
        Assert.True(inputs.Count >= FewestInputs, $"{inputs.Count} inputs");
        Assert.All(inputs, input => Targets.All[parser](input.Value));
    }

    [Fact]
    public void Inputs_are_kept_once_and_the_same_inputs_are_the_same_bytes()
    {
        using TempFolder temp = new();
        string named = temp.File("cut", "abc"), same = temp.File("id:000001,src:000000", "abc"), other = temp.File("id:000002,src:000000", "def");
        string one = Path.Join(temp.Path, "one.zip"), two = Path.Join(temp.Path, "two.zip");
        Assert.Equal(2, Corpus.Add(one, [named, same, other]));
        Assert.Equal(1, Corpus.Add(two, [other]));
        Assert.Equal(1, Corpus.Add(two, [named]));
        Assert.Equal(0, Corpus.Add(two, [same]));
        Assert.Equal(["cb8379ac2098", "cut"], Corpus.Read(one).Keys);
        Assert.Equal(File.ReadAllBytes(one), File.ReadAllBytes(two));
        Assert.Throws<ArgumentException>(() => Corpus.Add(one, [temp.File("elsewhere/cut", "ghi")]));
        Assert.Equal(2, Corpus.Read(one).Count);
    }
}
