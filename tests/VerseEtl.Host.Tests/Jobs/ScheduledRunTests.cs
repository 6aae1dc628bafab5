using Serilog;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Schedules;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.Jobs;

public sealed class ScheduledRunTests(SmallDataset dataset) : IDisposable
{
    private static readonly DateTimeOffset Night = new(2026, 5, 1, 2, 30, 0, TimeSpan.Zero);

    private readonly TempFolder _temp = new();
    private readonly Logger _log = new LoggerConfiguration().CreateLogger();
    private readonly RunningPipelines _running = new();

    private string Warehouse => Path.Join(_temp.Path, "w");

    public void Dispose()
    {
        _log.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_night_triggered_twice_is_committed_once_under_its_key()
    {
        ScheduledRun run = Make();
        TriggerOutcome first = await run.Run("a", Night.AddSeconds(3), TestContext.Current.CancellationToken);
        Assert.Equal((false, ExitCode.Done), (first.Skipped, first.ExitCode));
        Assert.Contains("a:20260501t023000z published", first.Text, StringComparison.Ordinal);
        TriggerOutcome second = await run.Run("a:20260501t023000z", Night.AddSeconds(9), TestContext.Current.CancellationToken);
        Assert.True(second.Skipped);
        Assert.Contains("has ended already: published", second.Text, StringComparison.Ordinal);
        Assert.Single(Open().Snapshots());
        Assert.Equal("a:20260501t023000z", Open().Current!.RunKey);
    }

    [Fact]
    public async Task A_night_with_nothing_new_publishes_nothing_and_stands_in_the_ledger()
    {
        ScheduledRun run = Make();
        await run.Run("a", Night, TestContext.Current.CancellationToken);
        TriggerOutcome next = await run.Run("a", Night.AddDays(1), TestContext.Current.CancellationToken);
        Assert.Contains("unchanged", next.Text, StringComparison.Ordinal);
        Assert.Single(Open().Snapshots());
        Assert.Equal(["a:20260501t023000z", "a:20260502t023000z"], Open().Runs().Select(record => record.RunKey!).Order());
        Assert.Equal(Night.AddDays(1), Ledger.Of("a", Warehouse, DateTimeOffset.MaxValue).DoneUntil);
    }

    [Fact]
    public async Task A_trigger_of_a_running_pipeline_is_skipped_with_a_reason()
    {
        using (IDisposable? running = _running.TryEnter(new RunKey("a", Night)))
        {
            TriggerOutcome outcome = await Make().Run("a", Night.AddDays(1), TestContext.Current.CancellationToken);
            Assert.Equal("skipped: a:20260501t023000z is still running", outcome.Text);
            Assert.False(Directory.Exists(Warehouse));
        }
        Assert.False((await Make().Run("a", Night.AddDays(1), TestContext.Current.CancellationToken)).Skipped);
    }

    [Fact]
    public async Task A_rollback_holds_nights_until_release()
    {
        ScheduledRun run = Make();
        await run.Run("a", Night, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Done, (await Commands.CommandLineTests.Invoke($"rollback 1 -w {Warehouse}")).Code);
        TriggerOutcome held = await run.Run("a", Night.AddDays(1), TestContext.Current.CancellationToken);
        Assert.True(held.Skipped);
        Assert.Contains("rolled back to snapshot 1", held.Text, StringComparison.Ordinal);
        Assert.Equal(RunEnding.Held, Open().Runs().Single(record => record.RunKey == "a:20260502t023000z").Outcome);
        Assert.Equal(ExitCode.Done, (await Commands.CommandLineTests.Invoke($"release -w {Warehouse}")).Code);
        Assert.False((await run.Run("a", Night.AddDays(2), TestContext.Current.CancellationToken)).Skipped);
    }

    [Theory]
    [InlineData("skip", 4, false)]
    [InlineData("skip", 6, true)]
    [InlineData("catch_up", 600, false)]
    public async Task A_late_trigger_is_left_out_only_where_misfires_are_skipped(string misfire, int minutes, bool skipped) =>
        Assert.Equal(skipped, (await Make(misfire).Run("a", Night.AddMinutes(minutes), TestContext.Current.CancellationToken)).Skipped);

    [Fact]
    public async Task A_pipeline_that_is_no_longer_listed_is_skipped()
    {
        TriggerOutcome outcome = await Make().Run("b", Night, TestContext.Current.CancellationToken);
        Assert.Equal("skipped: it is no longer listed with a schedule", outcome.Text);
    }

    [Fact]
    public async Task A_stopped_run_is_made_up_and_a_failed_one_is_not()
    {
        ScheduledRun run = Make();
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        await run.Run("a", Night, TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Run("a", Night.AddDays(1), stop.Token));
        Schedule schedule = Read("catch_up").Pipelines[0].Schedule!;
        Assert.Equal(Night.AddDays(1), ScheduledInstants.Missed(schedule, Ledger.Of("a", Warehouse, DateTimeOffset.MaxValue).DoneUntil, Night.AddDays(1.5)));
        Warehouse warehouse = VerseEtl.Load.Publishing.Warehouse.Open(Warehouse);
        warehouse.Record(new RunRecord
        {
            RunId = "x", RunKey = "a:20260502t023000z", Pipeline = "a",
            StartedUtc = Night, EndedUtc = Night, Outcome = RunEnding.NotPublished, ExitCode = 41
        });
        Assert.Null(ScheduledInstants.Missed(schedule, Ledger.Of("a", Warehouse, DateTimeOffset.MaxValue).DoneUntil, Night.AddDays(1.5)));
    }

    [Fact]
    public void A_first_run_that_was_killed_is_made_up()
    {
        Warehouse warehouse = VerseEtl.Load.Publishing.Warehouse.Open(Warehouse);
        warehouse.Record(new RunRecord { RunId = "killed", RunKey = "a:20260501t023000z", Pipeline = "a", StartedUtc = Night, Outcome = RunEnding.Unfinished });
        Schedule schedule = Read("catch_up").Pipelines[0].Schedule!;
        Assert.Equal(Night, ScheduledInstants.Missed(schedule, Ledger.Of("a", Warehouse, DateTimeOffset.MaxValue).DoneUntil, Night.AddHours(1)));
    }

    private Warehouse Open() => VerseEtl.Load.Publishing.Warehouse.OpenForReading(Warehouse);

    private ScheduledRun Make(string misfire = "catch_up") =>
        new(new PipelineSet(Read(misfire), TimeProvider.System, _log), _running, TimeProvider.System, _log);

    private PipelinesFile Read(string misfire)
    {
        string yaml = _temp.File("p.yaml", $"version: 1\npipelines:\n  a:\n    source: {{path: {dataset.Sound}}}\n"
            + $"    load: {{path: w}}\n    schedule: {{cron: '30 2 * * *', misfire: {misfire}}}\n");
        return PipelinesFile.Read(yaml, TimeProvider.System, out _)!;
    }
}
