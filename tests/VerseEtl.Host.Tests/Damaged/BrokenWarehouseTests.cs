using Serilog;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Serving.Health;
using VerseEtl.Host.Tests.Commands;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Tests.Damaged;

/// <summary>The rows of the table in docs/reliability.md: what is broken, and what happens.</summary>
public sealed class BrokenWarehouseTests(WholeWarehouse whole) : IClassFixture<WholeWarehouse>, IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly TempFolder _temp = new();
    private readonly Logger _log = new LoggerConfiguration().CreateLogger();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _log.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public async Task One_bit_of_a_table_is_refused_to_readers_and_mended_by_any_run()
    {
        string warehouse = Copy();
        Flip(Newest(warehouse, "vertebrae"));
        Assert.Equal(ExitCode.Integrity, (await Ask(warehouse, "export vertebrae")).Code);
        Assert.Equal(ExitCode.Integrity, (await Ask(warehouse, "path vertebrae --verify")).Code);
        (int code, string output) = await Ask(warehouse, "snapshots verify");
        Assert.Equal(ExitCode.Integrity, code);
        Assert.Contains("`run` publishes the tables anew", output, StringComparison.Ordinal);

        RunReport report = await Run(warehouse);
        Assert.Equal((ExitCode.Done, RunEnding.Published, 4L), (report.ExitCode, report.Ending, report.Sequence));
        FindingCount mended = report.Findings.Single(finding => finding.Code == Faults.SnapshotMended.Code);
        Assert.Equal(Severity.Warning, mended.Severity);
        Assert.Equal(RunEnding.Unchanged, (await Run(warehouse)).Ending);
        Assert.Equal(ExitCode.Integrity, (await Ask(warehouse, "export vertebrae --sequence 3")).Code);
        Assert.Contains("lost; snapshot 4 was published for it", (await Ask(warehouse, "snapshots verify")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_is_gone_is_seen_by_path_readiness_and_page_without_a_run()
    {
        string warehouse = Copy();
        (PipelineStatuses statuses, _) = Serve(warehouse, new FixedTime(Now));
        Assert.Empty(new WarehouseCheck(statuses, TimeProvider.System).Objections());
        PipelineStatus sound = Assert.Single(await statuses.All(Token));
        Assert.NotNull(sound.VerifiedUtc);
        Assert.Null(sound.Trouble);

        File.Delete(Newest(warehouse, "scans"));
        Assert.Equal(ExitCode.Integrity, (await Ask(warehouse, "path vertebrae")).Code);
        Assert.Contains("scans-0000000003-00000.parquet: it is missing",
            Assert.Single(new WarehouseCheck(statuses, TimeProvider.System).Objections()), StringComparison.Ordinal);
        Assert.Contains("it is missing", Assert.Single(await statuses.All(Token)).Trouble, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("commits/0000000003.json")]
    [InlineData("current/manifest.json")]
    public async Task The_newest_commit_or_manifest_gone_never_makes_the_snapshot_before_it_current(string file)
    {
        string warehouse = Copy();
        File.Delete(Path.Join(warehouse, file));
        foreach (string line in new[] { "path scans", "export scans", "audit", "snapshots", "snapshots verify" })
            Assert.Equal(ExitCode.Integrity, (await Ask(warehouse, line)).Code);
        Assert.Equal(4, (await Run(warehouse)).Sequence);
        Assert.Contains("-0000000004-", (await Ask(warehouse, "path scans")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_that_cannot_be_mended_ends_with_50_and_names_both_reasons()
    {
        string warehouse = Copy();
        Flip(Newest(warehouse, "scans"));
        RunReport away = await Run(warehouse, source: Path.Join(_temp.Path, "gone"));
        Assert.Equal((ExitCode.Integrity, RunEnding.NotPublished), (away.ExitCode, away.Ending));
        Assert.Contains(away.Reasons, reason => reason.Contains("SHA-256", StringComparison.Ordinal));
        Assert.Contains(away.Reasons, reason => reason.Contains("cannot be reached", StringComparison.Ordinal));

        // a hold is not overridden
        (_, ScheduledRun scheduled) = Serve(warehouse, TimeProvider.System);
        TriggerOutcome held = await scheduled.Run("a", DateTimeOffset.UtcNow, Token);
        Assert.Equal(ExitCode.Integrity, held.ExitCode);
        Assert.Contains("rolled back to snapshot 1", held.Text, StringComparison.Ordinal);
        Assert.Equal(3, Open(warehouse).Parent);
        RunRecord last = Open(warehouse).Runs()[^1];
        Assert.Equal((RunEnding.Held, ExitCode.Integrity), (last.Outcome, last.ExitCode!.Value));
    }

    [Fact]
    public async Task A_full_run_publishes_though_nothing_changed()
    {
        string warehouse = Copy();
        Assert.Equal(4, (await Run(warehouse, new RunOptions { Full = true })).Sequence);
    }

    [Fact]
    public async Task A_run_compares_itself_with_the_newest_rows_that_can_be_read()
    {
        string warehouse = Copy(), source = Path.Join(_temp.Path, "shrunken");
        SmallDataset.Copy(whole.Source, source);
        foreach (string file in Directory.GetFiles(source, "*sub-verse902*", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(source, "*sub-verse907*", SearchOption.AllDirectories))) File.Delete(file);
        File.Delete(Path.Join(warehouse, "commits", "0000000003.json"));
        Flip(Directory.GetFiles(Path.Join(warehouse, "snapshots"), "scans-0000000002-*", SearchOption.AllDirectories).Single());
        RunReport report = await Run(warehouse, source: source);
        Assert.Equal(ExitCode.Integrity, report.ExitCode);
        Assert.Contains(report.Reasons, reason => reason.Contains("as in the previous snapshot", StringComparison.Ordinal));
        Assert.Contains(report.Reasons, reason => reason.Contains("0000000003.json: it is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_whose_clock_was_ahead_does_not_count_once_the_clock_is_right()
    {
        string warehouse = Path.Join(_temp.Path, "w");
        DateTimeOffset future = Now.AddYears(5);
        (_, ScheduledRun ahead) = Serve(warehouse, new FixedTime(future));
        Assert.Equal(ExitCode.Done, (await ahead.Run("a", future, Token)).ExitCode);

        FixedTime right = new(Now);
        (PipelineStatuses statuses, ScheduledRun scheduled) = Serve(warehouse, right);
        PipelineStatus status = Assert.Single(statuses.Outside());
        Assert.Null(status.LastSuccess);
        Assert.Null(status.VerifiedUtc);
        Assert.Single(status.Ahead);
        Assert.Null(Ledger.Of("a", warehouse, Now).DoneUntil);
        Assert.Contains("ahead: its clock was wrong", (await Ask(warehouse, "runs")).Output, StringComparison.Ordinal);
        Assert.Contains("ahead: a clock was wrong", (await Ask(warehouse, "snapshots")).Output, StringComparison.Ordinal);

        // nights go on, and readiness follows them
        Assert.Equal(ExitCode.Done, (await scheduled.Run("a", Now, Token)).ExitCode);
        status = Assert.Single(statuses.Outside());
        Assert.Equal(RunEnding.Unchanged, status.LastSuccess!.Outcome);
        Assert.NotNull(status.VerifiedUtc);
        Assert.NotNull(status.OverdueSince(Now.AddDays(3)));
        Assert.NotNull(Ledger.Of("a", warehouse, Now).DoneUntil);
    }

    [Fact]
    public async Task A_damaged_entry_of_the_ledger_is_told_and_by_the_next_run_known_as_lost()
    {
        string warehouse = Copy(), entry = Directory.GetFiles(Path.Join(warehouse, "runs"), "*.json").Order(StringComparer.Ordinal).First();
        Flip(entry);
        (int code, string output) = await Ask(warehouse, "runs");
        Assert.Equal(ExitCode.Integrity, code);
        Assert.Contains(Path.GetFileName(entry), output, StringComparison.Ordinal);
        Assert.Contains("\"damaged\": [", (await Ask(warehouse, "runs --json")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Integrity, (await Ask(warehouse, $"runs show {Path.GetFileNameWithoutExtension(entry)}")).Code);
        await Run(warehouse);
        (code, output) = await Ask(warehouse, "runs");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("  lost ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_tells_damage_as_one_line_or_one_object()
    {
        string warehouse = Copy();
        File.WriteAllText(Path.Join(warehouse, "commits", "0000000003.json"), "{\"\\ud800\": 1}");
        foreach (string line in new[] { "path scans -w ", "export scans -w ", "audit -w ", "diff 1 3 -w ", "rollback 3 -w ", $"plan -s {whole.Source} -o " })
        {
            (int code, string output, string error) = await CommandLineTests.Invoke(line + warehouse);
            Assert.Equal((ExitCode.Integrity, ""), (code, output));
            Assert.Equal("verse-etl: snapshot 3 commits/0000000003.json: it is not the JSON it should be; `run` publishes it anew\n", error);
            (code, output, _) = await CommandLineTests.Invoke($"{line}{warehouse} --json");
            Assert.Equal(ExitCode.Integrity, code);
            Assert.Contains("\"exit_code\": 50", output, StringComparison.Ordinal);
        }
    }

    private string Copy() => whole.CopyTo(Guid.NewGuid().ToString("N"));

    private static Warehouse Open(string warehouse) => Warehouse.OpenForReading(warehouse);

    private static string Newest(string warehouse, string table) => Directory.GetFiles(Path.Join(warehouse, "current", table)).Single();

    private static void Flip(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = file.Length / 2;
        int before = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(before ^ 1));
    }

    private static async Task<(int Code, string Output)> Ask(string warehouse, string line)
    {
        (int code, string output, _) = await CommandLineTests.Invoke($"{line} -w {warehouse}");
        return (code, output);
    }

    private async Task<RunReport> Run(string warehouse, RunOptions? options = null, string? source = null)
    {
        Source from = new() { Path = source ?? whole.Source };
        Pipeline pipeline = new() { Name = "a", Parallelism = 1, Source = from, Load = new Destination { Path = warehouse } };
        return await new PipelineRun(pipeline, options ?? new RunOptions(), TimeProvider.System, _log).Execute(null, Token);
    }

    private (PipelineStatuses Statuses, ScheduledRun Scheduled) Serve(string warehouse, TimeProvider time)
    {
        string yaml = _temp.File("p.yaml", $"version: 1\npipelines:\n"
            + $"  a: {{source: {{path: {whole.Source}}}, load: {{path: {warehouse}}}, schedule: {{cron: '30 2 * * *'}}}}\n");
        PipelineSet pipelines = new(PipelinesFile.Read(yaml, TimeProvider.System, out _)!, TimeProvider.System, _log);
        RunningPipelines running = new(time);
        return (new PipelineStatuses(pipelines, running, time, _log), new ScheduledRun(pipelines, running, time, _log));
    }
}
