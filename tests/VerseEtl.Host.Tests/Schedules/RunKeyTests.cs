using VerseEtl.Host.Schedules;

namespace VerseEtl.Host.Tests.Schedules;

public sealed class RunKeyTests
{
    [Fact]
    public void A_key_reads_back_and_is_plain_text()
    {
        RunKey key = new("verse_2-b", new DateTimeOffset(2026, 3, 29, 3, 0, 0, TimeSpan.FromHours(2)));
        Assert.Equal("verse_2-b:20260329t010000z", key.ToString());
        Assert.Equal(key with { DueUtc = key.DueUtc.ToUniversalTime() }, RunKey.Parse(key.ToString()));
        Assert.Matches("^[a-z0-9_:-]{1,100}$", new RunKey(new string('a', 63), key.DueUtc).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("verse")]
    [InlineData(":20260329t010000z")]
    [InlineData("verse:20260329t01000z")]
    [InlineData("verse:20261329t010000z")]
    public void Anything_else_is_no_key(string? text) => Assert.Null(RunKey.Parse(text));
}
