using VerseEtl.Extract.Scans;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tests.Scans;

public sealed class KeptRunsTests
{
    // a first byte and the place in the row
    private const int Runs = KeptRuns.MostBytes / 2;

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(Runs / 2)]
    public void Runs_come_back_as_they_went_in_however_they_came(int count)
    {
        LabelRun[] runs = [.. Enumerable.Range(0, count).Select(at => new LabelRun(20, at % 100, at / 100 % 100, at / 10_000, 1))];
        foreach (int batch in new[] { 1000, 4096, Runs }) ComeBack(runs, batch);
    }

    [Fact]
    public void Any_labels_places_and_lengths_come_back()
    {
        Random random = new(26);
        int[] labels = [1, 20, 127, 128, 300, int.MaxValue, int.MinValue, -1];
        int[] steps = [0, 1, 2, 30, 31, 32, 127, 128, 129, 16_383, 16_384, 1_000_000];
        List<LabelRun> runs = [];
        (int i, int j, int k) = (0, 0, 0);
        for (int at = 0; at < 20_000; at++)
        {
            if (random.Next(3) == 0) (i, j) = (0, j + 1 + random.Next(3));
            if (random.Next(50) == 0) (i, j, k) = (0, random.Next(3), k + 1 + random.Next(300));
            i += steps[random.Next(steps.Length)];
            LabelRun run = new(labels[random.Next(labels.Length)], i, j, k, Math.Max(1, steps[random.Next(steps.Length)]));
            runs.Add(run);
            i += run.Length;
        }
        ComeBack([.. runs], 4096);
    }

    [Fact]
    public void Of_more_runs_than_are_held_none_is_kept()
    {
        LabelRun[] runs = [.. Enumerable.Range(0, Runs - 100).Select(at => new LabelRun(20, 2 * at, 0, 0, 1))];
        using KeptRuns kept = new();
        kept.Add(runs);
        Assert.NotNull(kept.Whole);
        kept.Add(runs.AsSpan(0, 1000));
        Assert.Null(kept.Whole);
        kept.Add(runs.AsSpan(0, 1));
        Assert.Null(kept.Whole);
    }

    private static void ComeBack(LabelRun[] runs, int batch)
    {
        using KeptRuns kept = new();
        foreach (LabelRun[] some in runs.Chunk(batch)) kept.Add(some);
        for (int pass = 0; pass < 2; pass++) Assert.Equal(runs, kept.Whole!.SelectMany(some => some.ToArray()));
    }
}
