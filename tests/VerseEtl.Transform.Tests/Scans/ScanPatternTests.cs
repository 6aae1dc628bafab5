using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Scans;

public sealed class ScanPatternTests
{
    [Theory]
    [InlineData("sub-verse0*", true)]
    [InlineData("sub-verse0?4", true)]
    [InlineData("sub-verse0?", false)]
    [InlineData("SUB-verse0*", false)]
    [InlineData("verse", false)]
    [InlineData("verse19/training/*", true)]
    [InlineData("verse19/*4", true)]
    [InlineData("verse19/t?aining/sub-verse0.4", false)]
    [InlineData("training/*", false)]
    public void A_pattern_without_a_slash_is_about_the_scan_and_one_with_a_slash_about_its_key(string pattern, bool matches) =>
        Assert.Equal(matches, new ScanPattern(pattern).Matches("verse19/training/sub-verse004"));

    [Theory]
    [InlineData("test", "training", "validation", "test")]
    [InlineData("validation", "validation", "training")]
    [InlineData("validation", "validation", "z")]
    [InlineData("train2", "train2", "train1")]
    public void What_lies_in_several_splits_is_held_out(string expected, params string[] splits) => Assert.Equal(expected, Splits.HeldOut(splits));
}
