using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Quality;

public sealed class PublishGateTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(100, 1, 0)]
    [InlineData(100, 2, 1)]
    [InlineData(374, 1, 0)]
    [InlineData(374, 2, 1)]
    [InlineData(400, 2, 0)]
    [InlineData(400, 3, 1)]
    [InlineData(1000, 5, 0)]
    [InlineData(1000, 6, 1)]
    public void Unreadable_scans_are_allowed_up_to_half_a_percent_and_at_least_one(int found, int unavailable, int objections) =>
        Assert.Equal(objections, Objections(Scans(found, failed: unavailable), unavailable, null, new()).Count);

    [Theory]
    [InlineData(100, 3, 0)]
    [InlineData(100, 4, 1)]
    [InlineData(374, 7, 0)]
    [InlineData(374, 8, 1)]
    [InlineData(400, 8, 0)]
    [InlineData(400, 9, 1)]
    public void Newly_failed_scans_are_allowed_up_to_two_percent_and_at_least_three(int found, int failed, int objections) =>
        Assert.Equal(objections, Objections(Scans(found, failed), 0, Scans(found, 0), new()).Count);

    [Fact]
    public void Scans_that_had_failed_before_are_not_newly_failed() =>
        Assert.Empty(Objections(Scans(100, failed: 50), 0, Scans(100, failed: 50), new()));

    [Fact]
    public void New_scans_that_fail_do_not_hold_back_the_others() =>
        Assert.Empty(Objections(Scans(100, failed: 50), 0, [.. Scans(100, 0).Skip(50)], new()));

    [Theory]
    [InlineData(98, 0)]
    [InlineData(97, 1)]
    public void Fewer_than_98_percent_of_the_previous_scans_publish_nothing(int found, int objections) =>
        Assert.Equal(objections, Objections(Scans(found, 0), 0, Scans(100, 0), new()).Count);

    [Fact]
    public void The_scans_that_are_gone_or_newly_failed_are_named()
    {
        string gone = Assert.Single(Objections([.. Scans(30, 0).Skip(25)], 0, Scans(30, 0), new()));
        // 98 % of 30 are 29.4
        Assert.StartsWith($"5 of the previous snapshot's 30 scans were found again (needed 30); gone: {Scans(30, 0)[0].ScanKey}, ", gone,
            StringComparison.Ordinal);
        Assert.EndsWith(" and 5 more", gone, StringComparison.Ordinal);
        string failed = Assert.Single(Objections(Scans(10, failed: 4), 0, Scans(10, 0), new()));
        Assert.All(Scans(10, failed: 4).Where(scan => scan.Status == ScanStatus.Failed),
            scan => Assert.Contains(scan.ScanKey, failed, StringComparison.Ordinal));
        string many = Assert.Single(Objections(Scans(30, failed: 24), 0, Scans(30, 0), new()));
        Assert.StartsWith("24 scans failed that had not failed in the previous snapshot (allowed 3): ", many, StringComparison.Ordinal);
        Assert.EndsWith($"{Scans(30, 0)[19].ScanKey} and 4 more", many, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_scans_under_other_names_are_not_the_previous_ones()
    {
        IReadOnlyList<ScanRow> renamed = [.. Scans(100, 0).Select(scan => scan with { ScanKey = "other/" + scan.ScanKey })];
        Assert.Contains("0 of the previous snapshot's 100",
            Assert.Single(Objections(renamed, 0, Scans(100, 0), new())), StringComparison.Ordinal);
    }

    [Fact]
    public void No_scan_at_all_publishes_nothing_even_the_first_time() =>
        Assert.Single(Objections([], 0, null, new()));

    [Fact]
    public void Thresholds_of_the_pipeline_count() =>
        Assert.Empty(Objections(Scans(10, failed: 9), 0, Scans(100, 0), new() { FoundPercent = 10, NewlyFailedPercent = 100 }));

    [Fact]
    public void A_first_run_over_bad_scans_is_published() =>
        Assert.Empty(Objections(Scans(100, failed: 100), 0, null, new()));

    private static IReadOnlyList<string> Objections(IReadOnlyList<ScanRow> scans, int unavailable, IReadOnlyList<ScanRow>? previous,
        PublishThresholds thresholds)
    {
        PublishGate gate = new();
        foreach ((ScanRow? before, ScanRow? now) in ScanJoin.Of((previous ?? []).OrderBy(scan => scan.ScanKey, StringComparer.Ordinal),
            scans.OrderBy(scan => scan.ScanKey, StringComparer.Ordinal))) gate.Add(before, now);
        return gate.Objections(unavailable, thresholds);
    }

    private static IReadOnlyList<ScanRow> Scans(int count, int failed) =>
    [
        .. Enumerable.Range(0, count).Select(number => new ScanRow
        {
            ScanKey = $"verse19/training/sub-verse{number:000}",
            Dataset = "verse19",
            Split = "training",
            SubjectId = $"verse{number:000}",
            ScanId = $"sub-verse{number:000}",
            SeriesId = $"verse{number:000}",
            Status = number < failed ? ScanStatus.Failed : ScanStatus.Ok,
        }),
    ];
}
