using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Schedules;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Jobs;

public sealed class RunWatchTests
{
    private readonly FixedTime _time = new();

    [Fact]
    public void Rate_and_time_left_follow_the_last_scans_not_the_stored_ones_before()
    {
        RunWatch watch = new(_time);
        Assert.Equal("starting", watch.Now().Phase);
        watch.Report(new RunStep.Phase("listing scans"));
        Assert.Equal("listing scans", watch.Now().Phase);
        watch.Report(new RunStep.Listed(200));
        Assert.Null(watch.Now().ScansPerMinute);
        for (int taken = 0; taken < 100; taken++) watch.Report(Measured());
        for (int read = 0; read < 50; read++)
        {
            Pass(TimeSpan.FromSeconds(30));
            watch.Report(Measured());
        }
        RunProgress now = watch.Now();
        Assert.Equal((150, 200, (string?)null), (now.Done, now.Total, now.Phase));
        Assert.Equal(2, now.ScansPerMinute!.Value, 6);
        Assert.Equal(25, now.Left!.Value.TotalMinutes, 6);
    }

    [Fact]
    public void A_run_that_stands_still_is_seen_to_slow_down()
    {
        RunWatch watch = new(_time);
        watch.Report(new RunStep.Listed(10));
        Pass(TimeSpan.FromMinutes(1));
        watch.Report(Measured());
        double before = watch.Now().ScansPerMinute!.Value;
        Pass(TimeSpan.FromMinutes(9));
        Assert.Equal(before / 10, watch.Now().ScansPerMinute!.Value, 6);
    }

    [Fact]
    public void A_pipeline_that_left_has_no_progress()
    {
        RunningPipelines running = new(_time);
        RunKey key = new("a", _time.GetUtcNow());
        using (RunningPipelines.Entry? entry = running.TryEnter(key))
        {
            Assert.NotNull(running.Progress("a"));
            Assert.Null(running.TryEnter(key));
        }
        Assert.Null(running.Progress("a"));
    }

    private static RunStep.Measured Measured() => new(new ScanResult(CohortRows.Scan("verse19", "test", "sub-verse001", []), [], []), TimeSpan.Zero);

    private void Pass(TimeSpan span)
    {
        using ITimer timer = _time.CreateTimer(_ => { }, null, span, Timeout.InfiniteTimeSpan);
    }
}
