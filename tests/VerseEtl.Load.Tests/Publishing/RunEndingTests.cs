using VerseEtl.Load.Publishing;

namespace VerseEtl.Load.Tests.Publishing;

public sealed class RunEndingTests
{
    // word; refreshed the tables, settles the instant, was cut off, is neutral, shows health
    [Theory]
    [InlineData("published", true, true, false, false, true)]
    [InlineData("unchanged", true, true, false, false, true)]
    [InlineData("already published", true, true, false, false, false)]
    [InlineData("held", false, true, false, true, false)]
    [InlineData("overtaken", false, false, false, true, false)]
    [InlineData("stopped", false, false, true, true, false)]
    [InlineData("unfinished", false, false, true, true, false)]
    [InlineData("not published", false, false, false, false, true)]
    [InlineData("failed", false, false, false, false, true)]
    [InlineData("rolled back", false, false, false, false, true)]
    [InlineData("lost", false, false, false, true, false)]
    [InlineData("of a later version", false, false, false, false, true)]
    public void What_follows_from_an_ending_follows_from_its_word(string word, bool refreshed, bool settles, bool cutOff, bool neutral, bool health)
    {
        RunEnding ending = RunEnding.Of(word);
        Assert.Equal((refreshed, settles, cutOff, neutral, health),
            (ending.RefreshedTables, ending.SettlesInstant, ending.WasCutOff, ending.IsNeutral, ending.ShowsHealth));
    }

    [Theory]
    [InlineData("already published")]
    [InlineData("of a later version, \"quoted\"")]
    public void The_ledger_holds_the_word_and_gives_back_the_ending_also_one_that_this_version_does_not_know(string word)
    {
        using TempFolder directory = new();
        Warehouse warehouse = Warehouse.Open(directory["w"]);
        warehouse.Record(new RunRecord { RunId = "a", Outcome = RunEnding.Of(word), StartedUtc = DateTimeOffset.UnixEpoch });
        Assert.Contains($"\"outcome\": \"{word.Replace("\"", "\\u0022", StringComparison.Ordinal)}\",",
            File.ReadAllText(Path.Join(warehouse.Root, "runs", "a.json")), StringComparison.Ordinal);
        Assert.Equal(RunEnding.Of(word), Assert.Single(warehouse.Runs()).Outcome);
        Assert.Equal(word, Assert.Single(warehouse.Runs()).Outcome.ToString());
    }

    [Fact]
    public void An_entry_whose_outcome_is_no_word_is_left_out_as_any_damaged_one()
    {
        using TempFolder directory = new();
        Warehouse warehouse = Warehouse.Open(directory["w"]);
        warehouse.Record(new RunRecord { RunId = "a", Outcome = RunEnding.Published, StartedUtc = DateTimeOffset.UnixEpoch });
        string file = Path.Join(warehouse.Root, "runs", "a.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"published\"", "1", StringComparison.Ordinal));
        Assert.Empty(warehouse.Runs());
    }
}
