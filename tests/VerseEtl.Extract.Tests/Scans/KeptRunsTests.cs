using VerseEtl.Extract.Scans;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tests.Scans;

public sealed class KeptRunsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(KeptRuns.MostRuns)]
    public void Runs_come_back_as_they_went_in_however_they_came(int count)
    {
        LabelRun[] runs = [.. Enumerable.Range(0, count).Select(at => new LabelRun(20, at % 100, at / 100 % 100, at / 10_000, 1))];
        foreach (int batch in new[] { 1000, 4096, KeptRuns.MostRuns })
        {
            using KeptRuns kept = new();
            foreach (LabelRun[] some in runs.Chunk(batch)) kept.Add(some);
            for (int pass = 0; pass < 2; pass++) Assert.Equal(runs, kept.Whole!.SelectMany(some => some.ToArray()));
        }
    }

    [Fact]
    public void Of_more_runs_than_are_held_none_is_kept()
    {
        LabelRun[] runs = [.. Enumerable.Range(0, KeptRuns.MostRuns).Select(at => new LabelRun(20, at, 0, 0, 1))];
        using KeptRuns kept = new();
        kept.Add(runs);
        Assert.NotNull(kept.Whole);
        kept.Add(runs.AsSpan(0, 1));
        Assert.Null(kept.Whole);
        kept.Add(runs.AsSpan(0, 1));
        Assert.Null(kept.Whole);
    }
}
