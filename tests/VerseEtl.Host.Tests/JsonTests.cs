namespace VerseEtl.Host.Tests;

public sealed class JsonTests
{
    [Fact]
    public void An_answer_is_written_as_it_is_told_and_before_its_last_item_is_made()
    {
        using StringWriter writer = new();
        int before = -1;
        IEnumerable<object> Items()
        {
            for (int at = 0; at < 5_000; at++)
            {
                before = writer.GetStringBuilder().Length;
                yield return new { Number = at, Text = "ä \"<>\" 字 𝄞" };
            }
        }

        Json.WriteAnswer(writer, 10, new { Of = 5_000, Items = Items() });
        string written = writer.ToString();
        Assert.InRange(before, written.Length - 100_000, written.Length);
        Assert.Equal(Json.Answer(10, new { Of = 5_000, Items = Items().ToArray() }), written);
    }
}
