using Hangfire;
using Hangfire.InMemory;
using Hangfire.Storage;
using Serilog.Core;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Schedules;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.Jobs;

/// <summary>The steps of a shared run one by one, with the scheduler's storage in memory and nobody who works at its queue.</summary>
public sealed class SharedStepTests : IDisposable
{
    private static readonly RunKey Key = new("a", new DateTimeOffset(2026, 5, 1, 2, 30, 0, TimeSpan.Zero));

    private readonly TempFolder _temp = new();
    private readonly InMemoryStorage _storage = new();
    private readonly MovedTime _time = new();
    private readonly Member _one;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Source => Path.Join(_temp.Path, "one", "s");

    public SharedStepTests(SmallDataset dataset)
    {
        SmallDataset.Copy(dataset.Sound, _temp.Folder("one/s"));
        _one = new Member(this, "one");
    }

    public void Dispose()
    {
        _storage.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_long_run_is_published_also_where_missed_ones_are_left_out()
    {
        Assert.Contains("handed out", (await _one.Step(TimeSpan.Zero)).Text, StringComparison.Ordinal);
        Assert.Contains("waits for", (await _one.Step(TimeSpan.Zero)).Text, StringComparison.Ordinal);
        foreach ((string part, string scans) in Parts()) await _one.Measure(part, scans);
        Assert.Equal(1, Asked());
        Assert.Contains("published", (await _one.Step(TimeSpan.FromHours(1))).Text, StringComparison.Ordinal);
        Assert.Equal(0, _one.Warehouse.Runs().Single(run => run.Outcome == RunEnding.Published).ScansMeasured);
        Assert.Empty(_one.Runs.All());
        // delivered again after the run has ended
        (string late, string carried) = Parts()[0];
        Assert.Contains("its run has ended", await _one.Measure(late, carried), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missed_night_that_nobody_began_is_left_out() => Assert.True((await _one.Step(TimeSpan.FromHours(1))).Skipped);

    [Fact]
    public async Task A_run_is_asked_for_again_where_another_host_has_the_lock_as_that_one_may_be_dead()
    {
        using (_one.Runs.TryHold("a"))
            Assert.Contains("another host is at work", (await _one.Step(TimeSpan.Zero)).Text, StringComparison.Ordinal);
        Assert.Equal(1, _storage.GetMonitoringApi().ScheduledCount());
        Assert.Contains("handed out", (await _one.Step(TimeSpan.Zero)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_source_is_gone_when_its_parts_come_back_ends_and_says_so()
    {
        await _one.Step(TimeSpan.Zero);
        Directory.Delete(Source, recursive: true);
        _one.Runs.Recall(Key.ToString());
        Assert.Equal(ExitCode.SourceUnavailable, (await _one.Step(TimeSpan.FromMinutes(20))).ExitCode);
        Assert.Empty(_one.Runs.All());
    }

    [Fact]
    public async Task Parts_are_handed_out_again_only_once_the_queue_knows_nothing_of_them_and_only_what_is_open()
    {
        await _one.Step(TimeSpan.Zero);
        (string Part, string Scans)[] parts = Parts();
        WorkWatch watch = _one.Watch();
        void Later()
        {
            watch.Look();
            _time.Moved += TimeSpan.FromSeconds(31);
            watch.Look();
        }
        Later();
        Assert.Equal((parts.Length, 0), ((int)_one.Runs.Open(Key.ToString()), Asked()));

        // lost: taken from the queue, and nobody at it
        using (IStorageConnection connection = _storage.GetConnection())
            while (_storage.GetMonitoringApi().EnqueuedCount(MeasureJob.Queue) > 0) connection.FetchNextJob([MeasureJob.Queue], Token).RemoveFromQueue();
        await _one.Measure(parts[0].Part, parts[0].Scans);
        Later();
        Assert.Equal(1, Asked());
        Assert.Contains($"handed out in {parts.Length - 1} chunks", (await _one.Step(TimeSpan.FromHours(1))).Text, StringComparison.Ordinal);
        PlannedScan done = ScanPart.Parse(parts[0].Scans)!.Scans[0];
        Assert.DoesNotContain(Parts(), part => part.Scans.Contains(done.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_part_is_refused_by_a_host_that_lacks_a_file_or_has_another_warehouse_or_measures_otherwise()
    {
        await _one.Step(TimeSpan.Zero);
        (string part, string scans) = Parts()[0];
        PlannedScan scan = ScanPart.Parse(scans)!.Scans[0];
        Member two = new(this, "two"), three = new(this, "three", warehouse: "../one/w");
        foreach (Member other in new[] { two, three }) SmallDataset.Copy(Source, _temp.Folder($"{other.Name}/s"));
        Warehouse.Open(Path.Join(_temp.Path, "two", "w"));
        RunFailedException refused = await Assert.ThrowsAsync<RunFailedException>(() => two.Measure(part, scans));
        Assert.Contains("not the warehouse that the scans were planned for", refused.Message, StringComparison.Ordinal);
        File.AppendAllText(Path.Join(_temp.Path, "three", "s", scan.Files[0].Path), " ");
        refused = await Assert.ThrowsAsync<RunFailedException>(() => three.Measure(part, scans));
        Assert.Contains($"{scan.Key} is not here as it was planned", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<RunFailedException>(() => _one.Measure(part, (ScanPart.Parse(scans)! with { Measuring = 1 }).ToString()));
        Assert.Contains("the run as 1", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Parts().Length, _one.Runs.Open(Key.ToString()));
    }

    [Fact]
    public async Task Of_two_hosts_the_one_that_sees_fewer_scans_publishes_nothing_until_the_other_sees_no_more()
    {
        Member two = new(this, "two", warehouse: "../one/w");
        SmallDataset.Copy(Source, _temp.Folder("two/s"));
        foreach (string file in Directory.GetFiles(Path.Join(_temp.Path, "two", "s"), "sub-verse902*", SearchOption.AllDirectories)) File.Delete(file);
        Warehouse.Open(Path.Join(_temp.Path, "one", "w"));
        await _one.List();
        _one.Hosts.Look();
        TriggerOutcome outcome = await two.Step(TimeSpan.Zero);
        Assert.True(outcome.Skipped);
        Assert.Contains("one has seen more scans", outcome.Text, StringComparison.Ordinal);
        Assert.Equal(1, _storage.GetMonitoringApi().ScheduledCount());
        Assert.Empty(Parts());
        // removed on purpose: the other sees no more than this one once it has looked
        foreach (string file in Directory.GetFiles(Source, "sub-verse902*", SearchOption.AllDirectories)) File.Delete(file);
        await _one.List();
        _one.Hosts.Look();
        Assert.Contains("handed out", (await two.Step(TimeSpan.Zero)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_with_other_pipelines_or_another_warehouse_takes_no_part_and_says_why_while_another_build_may()
    {
        _one.Hosts.Look();
        Assert.True(_one.Hosts.TakesPart);
        _time.Moved += TimeSpan.FromSeconds(1);
        Member same = new(this, "same", warehouse: "../one/w"), other = new(this, "other", more: "# another comment is another file\n");
        same.Hosts.Look();
        Assert.True(same.Hosts.TakesPart);
        other.Hosts.Look();
        Assert.False(other.Hosts.TakesPart);
        Assert.Contains("pipelines.yaml here is not that of one", Assert.Single(other.Hosts.Objections), StringComparison.Ordinal);
        // the one that has been there longest goes on, whatever comes
        _one.Hosts.Look();
        Assert.True(_one.Hosts.TakesPart);

        Warehouse.Open(Path.Join(_temp.Path, "one", "w"));
        Warehouse.Open(Path.Join(_temp.Path, "other", "w"));
        _one.Hosts.Look();
        other.Hosts.Look();
        Assert.Contains(other.Hosts.Objections, objection => objection.Contains("the warehouse of a here is not that of one", StringComparison.Ordinal));
        // a host that is gone is no longer right
        _time.Moved += TimeSpan.FromMinutes(2);
        other.Hosts.Look();
        Assert.True(other.Hosts.TakesPart);
        HostRecord mine = new("x", default, default, "y", 2, new Dictionary<string, string>(), new Dictionary<string, int>());
        Assert.Contains("this build measures as version 2, x as 3", Assert.Single(mine.DifferencesFrom(mine with { Measuring = 3 })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shared_run_is_cancelled_from_any_host_and_nothing_else_is_begun_beside_it()
    {
        await _one.Step(TimeSpan.Zero);
        (string part, string scans) = Parts()[0];
        Member two = new(this, "two", warehouse: "../one/w");
        Pipeline pipeline = two.Pipelines.Pipelines[0];
        Assert.Null(two.Shared.TryHoldIdle(pipeline));
        Assert.Equal("that run has ended", two.Shared.Cancel(pipeline, "a:20260430T023000Z", "anna").Refusal);
        Assert.Null(two.Shared.Cancel(pipeline, Key.ToString(), "anna").Refusal);
        RunRecord told = Assert.Single(_one.Warehouse.Runs());
        Assert.Equal((RunEnding.Cancelled, "cancelled by anna"), (told.Outcome, told.Message));
        Assert.Contains("its run has ended", await _one.Measure(part, scans), StringComparison.Ordinal);
        Assert.Contains("has ended already", (await _one.Step(TimeSpan.Zero)).Text, StringComparison.Ordinal);
        Assert.Null(_one.Warehouse.Current);
        using IDisposable? idle = two.Shared.TryHoldIdle(pipeline);
        Assert.NotNull(idle);
    }

    [Fact]
    public async Task A_host_that_ends_is_waited_for_by_nobody()
    {
        await _one.Hosts.StartAsync(Token);
        _one.Hosts.Look();
        _time.Moved += TimeSpan.FromSeconds(1);
        Member other = new(this, "other", more: "# another comment is another file\n");
        other.Hosts.Look();
        Assert.False(other.Hosts.TakesPart);
        await _one.Hosts.StopAsync(Token);
        other.Hosts.Look();
        Assert.True(other.Hosts.TakesPart);
    }

    [Fact]
    public void A_database_that_is_away_is_said()
    {
        HostAgreement hosts = new(_one.Pipelines, new SourceViews(_time), new AwayStorage(), _one.Around);
        hosts.Look();
        Assert.Contains("database cannot be reached since", Assert.Single(hosts.Objections), StringComparison.Ordinal);
        Assert.False(hosts.TakesPart);
    }

    private int Asked() => (int)_storage.GetMonitoringApi().EnqueuedCount("default");

    private (string Part, string Scans)[] Parts() =>
    [
        .. _storage.GetMonitoringApi().EnqueuedJobs(MeasureJob.Queue, 0, 100).Select(job => ((string)job.Value.Job.Args[0], (string)job.Value.Job.Args[1])),
    ];

    /// <summary>One of several hosts, each with a folder of its own.</summary>
    private sealed class Member
    {
        private readonly SourceViews _views;
        private readonly ScanMeasuring _measuring = new();
        private readonly SharedStepTests _test;

        public Member(SharedStepTests test, string name, string warehouse = "w", string more = "")
        {
            (_test, Name) = (test, name);
            test._temp.Folder($"{name}/s");
            string yaml = test._temp.File($"{name}/p.yaml", $"version: 1\nstorage: postgres\npipelines:\n{more}"
                + "  a: {source: {path: s}, load: {path: w}, schedule: {cron: '30 2 * * *', misfire: skip}}\n");
            if (warehouse != "w") Directory.CreateSymbolicLink(Path.Join(test._temp.Path, name, "w"), warehouse);
            Pipelines = new PipelineSet(PipelinesFile.Read(yaml, TimeProvider.System, out _)!, TimeProvider.System, Logger.None);
            Around = new JobSurroundings(new BackgroundJobClient(test._storage), test._time, Logger.None);
            Runs = new DividedRuns(test._storage, Around.Jobs);
            _views = new SourceViews(test._time);
            Hosts = new HostAgreement(Pipelines, _views, test._storage, Around) { Name = name };
        }

        public string Name { get; }
        public PipelineSet Pipelines { get; }
        public JobSurroundings Around { get; }
        public DividedRuns Runs { get; }
        public HostAgreement Hosts { get; }

        public SharedRuns Shared => new(Runs, _views, Hosts, _measuring, Around);

        public Warehouse Warehouse => Warehouse.OpenForReading(Pipelines.Pipelines[0].Load.Path);

        public Task<TriggerOutcome> Step(TimeSpan after) =>
            new ScheduledRun(Pipelines, new RunningPipelines(), TimeProvider.System, Logger.None, Shared).Run(Key.ToString(), Key.DueUtc + after, Token);

        public Task<string> Measure(string part, string scans) => new MeasureJob(Pipelines, _views, _measuring, Runs, Around).Run(part, scans, Token);

        public WorkWatch Watch() => new(Pipelines, Runs, Hosts, _test._storage, Around);

        public Task<TreeListing> List() => _views.Now(Pipelines.Pipelines[0], new ScanRetry(TimeProvider.System), Token);
    }

    /// <summary>The clock and its timestamps can be moved on, and timers are due at once.</summary>
    private sealed class MovedTime : TimeProvider
    {
        public TimeSpan Moved { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Moved;

        public override long GetTimestamp() => System.GetTimestamp() + (long)(Moved.TotalSeconds * TimestampFrequency);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    private sealed class AwayStorage : JobStorage
    {
        public override IMonitoringApi GetMonitoringApi() => throw new TimeoutException();

        public override IStorageConnection GetConnection() => throw new TimeoutException();
    }
}
