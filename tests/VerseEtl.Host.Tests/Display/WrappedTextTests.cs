using VerseEtl.Host.Display;

namespace VerseEtl.Host.Tests.Display;

public sealed class WrappedTextTests
{
    [Theory]
    [InlineData("short", 20, "short")]
    [InlineData("one two three four five", 12, "one two|    three|    four|    five")]
    [InlineData("  because    a scan that is gone", 40, "  because    a scan that is gone")]
    [InlineData("  because    a scan that is gone and two that are damaged", 40, "  because    a scan that is gone and two|             that are damaged")]
    [InlineData("  /a/path/that/is/longer/than/a/line and more", 12, "  /a/path/that/is/longer/than/a/line|      and|      more")]
    [InlineData("averylongwordthatisalone", 10, "averylongwordthatisalone")]
    public void Lines_are_broken_between_words_and_hang_below_what_began(string text, int width, string expected) =>
        Assert.Equal(expected.Split('|'), WrappedText.Lines(text, width));

    [Fact]
    public void Every_word_survives_and_no_line_is_too_wide()
    {
        Random random = new(1);
        for (int round = 0; round < 2_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 40))
                .Select(_ => new string('x', random.Next(1, 9)) + new string(' ', random.Next(1, 4))));
            int width = random.Next(16, 90);
            string[] lines = [.. WrappedText.Lines(text, width)];
            Assert.All(lines, line => Assert.InRange(line.Length, 0, Math.Max(width, text.Length <= width ? text.Length : 0)));
            Assert.Equal(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), string.Join(' ', lines).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Fact]
    public void Without_a_terminal_a_line_stays_as_it_is() => Assert.Equal([new string('a', 500) + " b"], WrappedText.Lines(new string('a', 500) + " b", null));
}
