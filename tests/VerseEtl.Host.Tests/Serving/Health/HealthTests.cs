using Serilog;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Schedules;
using VerseEtl.Host.Serving.Health;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.Serving.Health;

public sealed class HealthTests(SmallDataset dataset) : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _temp = new();
    private readonly Logger _log = new LoggerConfiguration().CreateLogger();

    private string Root => Path.Join(_temp.Path, "w");

    public void Dispose()
    {
        _log.Dispose();
        _temp.Dispose();
    }

    // hours after the last success at noon; due is 02:30 each night
    [Theory]
    [InlineData(14, false)]
    [InlineData(15, false)]
    [InlineData(38, false)]
    [InlineData(39, true)]
    public void Two_nights_without_a_success_are_too_many(int hours, bool overdue)
    {
        PipelineStatus status = Status(Start.AddHours(-1), "published");
        Assert.Equal(overdue ? Start.AddHours(-1) : null, status.OverdueSince(Start.AddHours(hours)));
        Assert.Null((status with { Running = new RunProgress(Start, null, 1, 2, 0, 0, null, null) }).OverdueSince(Start.AddHours(hours)));
        Assert.Null((status with { Hold = new Hold(Start, 1, "") }).OverdueSince(Start.AddHours(hours)));
        Assert.Null((status with { Runs = [] }).OverdueSince(Start.AddHours(hours)));
    }

    [Fact]
    public void A_pipeline_that_has_only_ever_failed_is_overdue_from_its_first_run_on()
    {
        PipelineStatus status = Status(Start, "not published");
        Assert.Null(status.OverdueSince(Start.AddHours(15)));
        Assert.Equal(Start, status.OverdueSince(Start.AddHours(39)));
    }

    [Fact]
    public async Task Ready_means_readable_writable_with_room_and_refreshed()
    {
        FixedTime time = new(DateTimeOffset.UtcNow);
        PipelineStatuses statuses = await Published(time);
        Assert.Empty(new WarehouseCheck(statuses, time).Objections());
        Assert.DoesNotContain(Directory.GetFileSystemEntries(Root), entry => Path.GetFileName(entry).StartsWith(".ready", StringComparison.Ordinal));

        Assert.Equal(["a: less than 16 MiB are free for the next snapshot"], new WarehouseCheck(statuses, time) { FreeBytes = _ => 16 << 20 }.Objections());
        FixedTime later = new(DateTimeOffset.UtcNow.AddDays(3));
        Assert.StartsWith("a: no refresh has succeeded since ", Assert.Single(new WarehouseCheck(statuses, later).Objections()), StringComparison.Ordinal);

        if (!Environment.IsPrivilegedProcess)
        {
            File.SetUnixFileMode(Root, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Assert.Equal(["a: the warehouse cannot be written"], new WarehouseCheck(statuses, time).Objections());
            File.SetUnixFileMode(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        File.WriteAllText(Path.Join(Root, "hold.json"), "{}{");
        Assert.Contains("cannot be read", Assert.Single(new WarehouseCheck(statuses, time).Objections()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_asks_often_is_told_what_was_seen_a_moment_ago()
    {
        FixedTime time = new(DateTimeOffset.UtcNow);
        PipelineStatuses statuses = await Published(time);
        int asked = 0;
        WarehouseCheck check = new(statuses, time) { FreeBytes = _ => Interlocked.Increment(ref asked) * (1L << 40) };
        for (int times = 0; times < 1_000; times++) check.Objections();
        Assert.Equal(1, asked);
        using ITimer passed = time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(6), Timeout.InfiniteTimeSpan);
        check.Objections();
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Metrics_count_runs_and_scans_by_pipeline_and_name_no_path()
    {
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        RunningPipelines running = (RunningPipelines)pages.Services.GetService(typeof(RunningPipelines))!;
        PipelineSet pipelines = (PipelineSet)pages.Services.GetService(typeof(PipelineSet))!;
        using (RunningPipelines.Entry entry = running.TryEnter(new RunKey("a", Start))!)
        {
            entry.End(pipelines.Find("a")!, new RunReport
            {
                Pipeline = "a", RunId = "r", ExitCode = ExitCode.Done, Ending = RunEnding.Published, Warehouse = "/secret", Source = "/secret",
                ScansFound = 10, ScansFromCache = 7, ScansFailed = 1, BytesRead = 12_345, ElapsedSeconds = 42,
            });
        }
        using HttpClient client = pages.Client();
        string text = await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Matches("verse_etl_scans_total\\{[^}]*outcome=\"measured\",pipeline=\"a\"\\} 3", text);
        Assert.Matches("verse_etl_scans_total\\{[^}]*outcome=\"cached\",pipeline=\"a\"\\} 7", text);
        Assert.Matches("verse_etl_scans_total\\{[^}]*outcome=\"failed\",pipeline=\"a\"\\} 1", text);
        Assert.Matches("verse_etl_read_bytes_total\\{[^}]*pipeline=\"a\"[^}]*\\} 12345", text);
        Assert.Matches("verse_etl_run_duration_seconds_sum\\{[^}]*outcome=\"published\"[^}]*\\} 42", text);
        Assert.Matches("verse_etl_snapshot_age_seconds\\{[^}]*pipeline=\"a\"[^}]*\\} [0-9]", text);
        Assert.Matches("verse_etl_snapshot_sequence\\{[^}]*pipeline=\"a\"[^}]*\\} 1", text);
        Assert.Matches($"verse_etl_build_info\\{{[^}}]*commit=\"{BuildVersion.Commit}\",version=\"{BuildVersion.Number}\"\\}} 1", text);
        Assert.DoesNotMatch("secret|" + System.Text.RegularExpressions.Regex.Escape(pages.Folder), text);
    }

    private async Task<PipelineStatuses> Published(TimeProvider time)
    {
        string yaml = _temp.File("p.yaml", $"version: 1\npipelines:\n  a: {{source: {{path: {dataset.Sound}}}, load: {{path: w}}, "
            + $"schedule: {{cron: '30 5 * * *'}}}}\n  b: {{source: {{path: {dataset.Sound}}}, load: {{path: never-made}}}}\n");
        PipelineSet pipelines = new(PipelinesFile.Read(yaml, TimeProvider.System, out _)!, TimeProvider.System, _log);
        await new PipelineRun(pipelines.Find("a")!, new RunOptions(), TimeProvider.System, _log).Execute(null, TestContext.Current.CancellationToken);
        return new PipelineStatuses(pipelines, new RunningPipelines(), time, _log);
    }

    private static PipelineStatus Status(DateTimeOffset ended, string outcome)
    {
        Problems problems = new("/p.yaml");
        Pipeline pipeline = PipelinesFile.Parse("version: 1\npipelines:\n"
            + "  a: {source: {path: s}, load: {path: w}, schedule: {cron: '30 2 * * *'}}\n", problems.File, new FixedTime(), problems)!.Pipelines[0];
        return new PipelineStatus(pipeline, null, null, [new RunRecord { RunId = "r", Pipeline = "a", StartedUtc = ended,
            EndedUtc = ended, Outcome = RunEnding.Of(outcome), ExitCode = 0 }], null, null, null, null);
    }
}
