using Hangfire;
using Hangfire.InMemory;
using Serilog.Core;
using VerseEtl.Extract.Scans;
using VerseEtl.Host.Configuration;
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
    private readonly PipelineSet _pipelines;
    private readonly LocalMeasuring _here = new(new ScanMeasuring(), TimeProvider.System, Logger.None);
    private readonly BackgroundJobClient _jobs;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Source => Path.Join(_temp.Path, "s");

    private WorkBoard Board => Warehouse.OpenForReading(Path.Join(_temp.Path, "w")).Work;

    public SharedStepTests(SmallDataset dataset)
    {
        SmallDataset.Copy(dataset.Sound, _temp.Folder("s"));
        _jobs = new BackgroundJobClient(_storage);
        string yaml = _temp.File("p.yaml", "version: 1\nstorage: postgres\npipelines:\n"
            + "  a: {source: {path: s}, load: {path: w}, schedule: {cron: '30 2 * * *', misfire: skip}}\n");
        _pipelines = new PipelineSet(PipelinesFile.Read(yaml, TimeProvider.System, out _)!, TimeProvider.System, Logger.None);
    }

    public void Dispose()
    {
        _here.Dispose();
        _storage.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_long_run_is_published_also_where_missed_ones_are_left_out()
    {
        Assert.Contains("handed out", (await Step(TimeSpan.Zero)).Text, StringComparison.Ordinal);
        await MeasureAll();
        Assert.Contains("published", (await Step(TimeSpan.FromHours(1))).Text, StringComparison.Ordinal);
        Assert.Empty(Board.RunKeys());
    }

    [Fact]
    public async Task A_missed_night_that_nobody_began_is_left_out() => Assert.True((await Step(TimeSpan.FromHours(1))).Skipped);

    [Fact]
    public async Task A_run_whose_source_is_gone_when_its_chunks_come_back_ends_and_says_so()
    {
        await Step(TimeSpan.Zero);
        Directory.Delete(Source, recursive: true);
        Board.Recall(Key.ToString());
        Assert.Equal(ExitCode.SourceUnavailable, (await Step(TimeSpan.FromMinutes(20))).ExitCode);
        Assert.Empty(Board.RunKeys());
    }

    [Fact]
    public async Task Chunks_are_handed_out_again_only_once_the_queue_knows_nothing_of_them()
    {
        await Step(TimeSpan.Zero);
        Age();
        Watch().Look(_pipelines.Pipelines[0]);
        Assert.True(Board.IsHandedOut(Key.ToString()));
        Assert.Equal(0, _storage.GetMonitoringApi().EnqueuedCount("default"));

        // lost: taken from the queue, and nobody at it
        foreach (string id in _storage.GetMonitoringApi().EnqueuedJobs(MeasureJob.Queue, 0, 100).Select(job => job.Key)) _jobs.Delete(id);
        Age();
        WorkWatch watch = Watch();
        // a deleted job leaves the queue when somebody would take it
        using (Hangfire.Storage.IStorageConnection connection = _storage.GetConnection())
            while (_storage.GetMonitoringApi().EnqueuedCount(MeasureJob.Queue) > 0) connection.FetchNextJob([MeasureJob.Queue], Token).RemoveFromQueue();
        watch.Look(_pipelines.Pipelines[0]);
        Assert.False(Board.IsHandedOut(Key.ToString()));
        Assert.Equal(1, _storage.GetMonitoringApi().EnqueuedCount("default"));
    }

    private WorkWatch Watch() => new(_pipelines, _here, _storage, _jobs, TimeProvider.System, Logger.None);

    private void Age()
    {
        foreach (string file in Directory.GetFiles(Path.Join(_temp.Path, "w/work", Key.ToString())))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-3));
    }

    private Task<TriggerOutcome> Step(TimeSpan after) =>
        new ScheduledRun(_pipelines, new RunningPipelines(), TimeProvider.System, Logger.None,
            new SharedRuns(_jobs, new ScanMeasuring(), TimeProvider.System, Logger.None)).Run(Key.ToString(), Key.DueUtc + after, Token);

    private async Task MeasureAll()
    {
        MeasureJob job = new(_pipelines, _here, _jobs, TimeProvider.System, Logger.None);
        for (int chunk = 0; chunk < Board.Find(Key.ToString())!.Chunks.Count; chunk++) await job.Run(new ChunkKey(Key, chunk).ToString(), Token);
    }
}
