using Serilog;
using VerseEtl.Extract;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Commands;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Flow;

public sealed class PipelineRunTests(SmallDataset dataset) : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly FixedTime _time = new(DateTimeOffset.UtcNow.AddHours(1)); // the files were made long ago

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Pipeline Pipeline =>
        new() { Name = "test", Parallelism = 1, Source = new Source { Path = dataset.Sound }, Load = new Destination { Path = Output } };

    private string Output => Path.Join(_temp.Path, "tables");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task One_unavailable_scan_is_published_as_failed_and_tried_again_the_next_night()
    {
        RunReport report = await Run((scan, limits, token) => Is907(scan) ? throw new IOException("EIO") : new ScanMeasuring().Measure(scan, limits, token));
        Assert.Equal((ExitCode.PublishedWithErrors, RunEnding.Published, 1), (report.ExitCode, report.Ending, report.ScansFailed));
        Assert.Contains(report.Findings, finding => finding.Code == Faults.SrcUnavailable.Code);
        RunReport next = await Run(new ScanMeasuring().Measure);
        Assert.Equal((ExitCode.Done, RunEnding.Published, 0, 2L), (next.ExitCode, next.Ending, next.ScansFailed, next.Sequence));
    }

    [Fact]
    public async Task Two_unavailable_scans_of_four_publish_nothing()
    {
        RunReport report = await Run((scan, limits, token) => Is907(scan) || scan.SubjectId == "verse902"
            ? throw new IOException("EIO")
            : new ScanMeasuring().Measure(scan, limits, token));
        Assert.Equal((ExitCode.Breaker, RunEnding.NotPublished), (report.ExitCode, report.Ending));
        Warehouse warehouse = Warehouse.OpenForReading(Output);
        Assert.Null(warehouse.Current);
        // a night that published nothing keeps what it noticed
        IReadOnlyList<Finding> kept = (await warehouse.FindingsOf(warehouse.Runs()[^1], TestContext.Current.CancellationToken))!;
        Assert.Equal(["verse19/training/sub-verse902", "verse19/training/sub-verse907"],
            kept.Where(finding => finding.Code == Faults.SrcUnavailable.Code).Select(finding => finding.ScanKey));
        Assert.Equal(ExitCode.PublishedWithErrors, (await Run((scan, limits, token) => Is907(scan) || scan.SubjectId == "verse902"
            ? throw new IOException("EIO") : new ScanMeasuring().Measure(scan, limits, token), new RunOptions { AcceptShrink = true })).ExitCode);
    }

    [Fact]
    public async Task A_part_is_measured_and_kept_and_the_whole_is_published_once_all_are_measured()
    {
        List<string> measured = [];
        ScanResult Measure(ScanFiles scan, ReadingLimits limits, CancellationToken token)
        {
            lock (measured) measured.Add(scan.Key.ScanId);
            return new ScanMeasuring().Measure(scan, limits, token);
        }
        RunReport part = await Run(Measure, new RunOptions { Scan = new("sub-verse90*") });
        Assert.Equal((ExitCode.Done, RunEnding.Measured, null), (part.ExitCode, part.Ending, part.Sequence));
        Assert.Equal(["sub-verse902", "sub-verse907"], measured.Order());
        Assert.Contains("2 others have no result yet", part.Reasons[0], StringComparison.Ordinal);
        Assert.Null(Warehouse.OpenForReading(Output).Current);

        measured.Clear();
        RunReport whole = await Run(Measure, new RunOptions { Scan = new("verse19/validation/*") });
        Assert.Equal(RunEnding.Measured, whole.Ending);
        whole = await Run(Measure, new RunOptions { Scan = new("verse20/*") });
        Assert.Equal((RunEnding.Published, 4, 3), (whole.Ending, whole.ScansFound, whole.ScansFromCache));
        Assert.Equal(2, measured.Count);

        measured.Clear();
        Assert.Equal(RunEnding.Published, (await Run(Measure, new RunOptions { Scan = new("*907"), Full = true })).Ending);
        Assert.Equal(["sub-verse907"], measured);
        RunReport none = await Run(Measure, new RunOptions { Scan = new("sub-gl*") });
        Assert.Equal(ExitCode.Configuration, none.ExitCode);
    }

    [Fact]
    public async Task A_scan_that_is_left_out_stays_in_scans_counts_in_no_statistic_and_is_never_opened()
    {
        await Run(new ScanMeasuring().Measure);
        IReadOnlyList<DatasetStatisticRow> before = (await Warehouse.ReadTables(Warehouse.OpenForReading(Output).Current!, Token)).DatasetStatistics;
        Pipeline without = Pipeline with
        {
            Source = Pipeline.Source with { Tree = new TreeOptions { Exclude = [new("sub-verse907", "a collar") { By = "A. Reader" }] } },
        };
        RunPlan plan = await RunPlan.Make(without, _time, Token);
        Assert.Equal((4, 1, 3), (plan.Scans, plan.Excluded, plan.ToTake));
        PipelineRun run = new(without, new RunOptions { Full = true }, _time, Serilog.Core.Logger.None)
        {
            Measure = (scan, limits, token) => Is907(scan) ? throw new InvalidOperationException() : new ScanMeasuring().Measure(scan, limits, token),
        };
        RunReport report = await run.Execute(progress: null, Token);
        Assert.Equal((ExitCode.Done, 4, 1, 0), (report.ExitCode, report.ScansFound, report.ScansExcluded, report.ScansFailed));
        PublishedTables tables = await Warehouse.ReadTables(Warehouse.OpenForReading(Output).Current!, Token);
        ScanRow row = tables.Scans.Single(scan => scan.ScanId == "sub-verse907");
        Assert.Equal(ScanStatus.Excluded, row.Status);
        Assert.DoesNotContain(tables.Vertebrae, vertebra => vertebra.ScanKey == row.ScanKey);
        Assert.Equal("a collar (A. Reader)", tables.Findings.Single(finding => finding.Code == "TREE_EXCLUDED").Observed);
        double? Scans(IReadOnlyList<DatasetStatisticRow> rows, string metric) =>
            rows.Single(each => (each.Dataset, each.Split, each.Metric) == ("verse19", "training", metric)).Value;
        Assert.Equal(Scans(before, "scans") - 1, Scans(tables.DatasetStatistics, "scans"));
        Assert.Equal(Scans(before, "patients") - 1, Scans(tables.DatasetStatistics, "patients"));
        Assert.Equal(1, Warehouse.OpenForReading(Output).Current!.Manifest.ScansExcluded);
        // taken in again it is no news that anything is missing
        Assert.Equal(ExitCode.Done, (await Run(new ScanMeasuring().Measure)).ExitCode);
    }

    [Fact]
    public async Task The_other_scans_rows_are_those_of_a_clean_run()
    {
        RunReport report = await Run((scan, limits, token) => Is907(scan)
            ? throw new KeyNotFoundException()
            : new ScanMeasuring().Measure(scan, limits, token));
        Assert.Equal(ExitCode.PublishedWithErrors, report.ExitCode);
        IReadOnlyList<VertebraRow> spoilt = await Vertebrae();
        await Run(new ScanMeasuring().Measure);
        Assert.Equal((await Vertebrae()).Where(row => row.SubjectId != "verse907"), spoilt);
    }

    [Fact]
    public async Task A_result_under_another_scans_name_stops_the_publish()
    {
        RunReport report = await Run((scan, limits, token) =>
        {
            ScanResult result = new ScanMeasuring().Measure(scan, limits, token);
            return Is907(scan) ? result with { Scan = result.Scan with { ScanKey = "verse19/training/sub-verse902" } } : result;
        });
        Assert.Equal(ExitCode.Internal, report.ExitCode);
        Assert.Contains(Faults.RunConservation.Code, Assert.Single(report.Reasons), StringComparison.Ordinal);
        Assert.Null(Warehouse.OpenForReading(Output).Current);
    }

    [Fact]
    public async Task A_run_of_the_same_key_is_published_once()
    {
        RunOptions night = new() { RunKey = "sample:2026-01-01T02:30Z" };
        Assert.Equal(RunEnding.Published, (await Run(new ScanMeasuring().Measure, night)).Ending);
        RunReport again = await Run(new ScanMeasuring().Measure, night);
        Assert.Equal((RunEnding.AlreadyPublished, ExitCode.Done), (again.Ending, again.ExitCode));
    }

    [Fact]
    public async Task A_stop_publishes_nothing_keeps_what_was_measured_and_is_in_the_ledger()
    {
        using CancellationTokenSource stop = new();
        RunReport report = (await Assert.ThrowsAsync<RunInterruptedException>(() => Run((scan, limits, token) =>
        {
            if (Is907(scan)) stop.Cancel();
            token.ThrowIfCancellationRequested();
            return Noticed(new ScanMeasuring().Measure(scan, limits, token));
        }, token: stop.Token))).Report;
        Warehouse warehouse = Warehouse.OpenForReading(Output);
        Assert.Null(warehouse.Current);
        RunRecord run = Assert.Single(warehouse.Runs());
        Assert.Equal((RunEnding.Stopped, 4, 1), (run.Outcome, run.ScansFound, run.ScansMeasured));
        Assert.Equal("stopped: 1 of 4 scans are measured and kept; run again to go on", Assert.Single(report.Reasons));
        Assert.Equal(1, report.ScansOk + report.ScansWarning);
        Assert.Contains(await warehouse.FindingsOf(run, Token) ?? [], finding => finding.Code == Faults.MskFragment.Code);
        Assert.Contains("1 measured, 0 unchanged, 3 not looked at", (await Ask($"runs show {run.RunId}")).Out, StringComparison.Ordinal);
        Assert.Equal(1, (await Run(new ScanMeasuring().Measure)).ScansFromCache);
    }

    [Theory]
    [InlineData(0, 1, "TREE_EXCLUDED")]
    [InlineData(-1, 0, "TREE_EXCLUDE_EXPIRED")]
    public async Task An_exclusion_holds_until_the_end_of_its_last_day_and_then_is_told(int days, int excluded, string code)
    {
        DateOnly last = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime).AddDays(days);
        Pipeline pipeline = Pipeline with
        {
            Source = Pipeline.Source with { Tree = new TreeOptions { Exclude = [new("sub-verse907", "a collar") { Until = last }] } },
        };
        RunPlan plan = await RunPlan.Make(pipeline, _time, Token);
        Assert.Equal(excluded, plan.Excluded);
        Assert.Contains(plan.Findings, finding => finding.Code == code);
    }

    [Fact]
    public async Task Who_looks_on_hears_of_each_scan_as_it_ends_and_of_the_end()
    {
        string heard = Path.Join(_temp.Path, "heard");
        Task<int>? watch = null;
        await using StreamWriter output = new(heard) { AutoFlush = true };
        RunReport report = await Run((scan, limits, token) =>
        {
            Terminal terminal = new(output, TextWriter.Null) { Environment = _ => null };
            Assert.True(watch is null || SpinWait.SpinUntil(HasHeard, TimeSpan.FromSeconds(20)));
            watch ??= CommandTree.Invoke(["findings", "--watch", "--severity", "warning", "-w", Output], terminal, TimeProvider.System);
            return Noticed(new ScanMeasuring().Measure(scan, limits, token));
        });
        Assert.Equal(ExitCode.Done, await watch!.WaitAsync(TimeSpan.FromSeconds(20), Token));
        string[] lines = File.ReadAllLines(heard);
        Assert.Equal(4, lines.Count(line => line.StartsWith("warning  MSK_FRAGMENT ", StringComparison.Ordinal)));
        Assert.Contains($"run {report.RunId} of ", lines[^2], StringComparison.Ordinal);
        Assert.EndsWith("published, snapshot 1", lines[^2], StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(Path.Join(Output, "runs")), file => Path.GetExtension(file) is ".journal" or ".lock");
        Assert.StartsWith("no run is under way; the last one:\n", (await Ask("findings --watch")).Out, StringComparison.Ordinal);
        Assert.Contains("exclude each other", (await Ask("findings --watch --csv")).Error, StringComparison.Ordinal);

        bool HasHeard() => File.ReadAllText(heard).Contains("MSK_FRAGMENT", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_run_that_was_killed_it_is_told_how_far_it_came_and_what_it_noticed()
    {
        await Run(new ScanMeasuring().Measure);
        const string Id = "29990101T000000-killed";
        Warehouse.Open(Output).Record(new RunRecord
        {
            RunId = Id, StartedUtc = _time.GetUtcNow().AddMinutes(1), Outcome = RunEnding.Unfinished, ScansFound = 4,
        });
        File.WriteAllText(Path.Join(Output, "runs", Id + ".journal"), """
            {"scans":4}
            {"scan_key":"verse19/test/a","status":"ok","findings":[{"code":"GZ_CRC","severity":"error","scan_key":"verse19/test/a","message":"m"}]}
            {"scan_key":"verse19/te
            """);
        string shown = (await Ask($"runs show {Id}")).Out;
        Assert.Contains("unfinished: it was killed", shown, StringComparison.Ordinal);
        Assert.Contains("1 of 4 are done", shown, StringComparison.Ordinal);
        Assert.Contains("GZ_CRC               verse19/test/a: m", string.Concat(await Ask("findings")), StringComparison.Ordinal);
    }

    private static ScanResult Noticed(ScanResult result)
    {
        ScanKey key = new(result.Scan.Dataset, result.Scan.Split, result.Scan.ScanId);
        return result with { Findings = [.. result.Findings, Finding.Of(Faults.MskFragment, new(key))] };
    }

    private Task<(int Code, string Out, string Error)> Ask(string line) => Tests.Commands.CommandLineTests.Invoke($"{line} -w {Output}");

    [Fact]
    public async Task A_run_stands_in_the_ledger_before_its_first_scan_is_read()
    {
        List<RunRecord> seen = [];
        await Run((scan, limits, token) =>
        {
            lock (seen) seen.AddRange(Warehouse.OpenForReading(Output).Runs());
            return new ScanMeasuring().Measure(scan, limits, token);
        });
        Assert.All(seen, run => Assert.Equal((RunEnding.Unfinished, null, null), (run.Outcome, run.EndedUtc, run.ExitCode)));
        RunRecord ended = Assert.Single(Warehouse.OpenForReading(Output).Runs());
        Assert.Equal((RunEnding.Published, seen[0].RunId), (ended.Outcome, ended.RunId));
        Assert.NotNull(ended.EndedUtc);
    }

    [Fact]
    public async Task A_publish_removes_results_that_no_scan_has_and_that_are_old()
    {
        await Run(new ScanMeasuring().Measure);
        string[] stored = Directory.GetFiles(Path.Join(Output, "cache/scans"), "*.json", SearchOption.AllDirectories);
        string old = Path.Join(Path.GetDirectoryName(stored[0]), new string('a', 64) + ".json"),
            young = Path.Join(Path.GetDirectoryName(stored[0]), new string('b', 64) + ".json");
        File.Copy(stored[0], old);
        File.Copy(stored[0], young);
        foreach (string entry in stored.Append(old)) File.SetLastWriteTimeUtc(entry, DateTime.UtcNow.AddDays(-31));
        foreach (string commit in Directory.GetFiles(Path.Join(Output, "commits"))) File.Delete(commit);
        Assert.Equal(stored.Length, (await Run(new ScanMeasuring().Measure)).ScansFromCache);
        Assert.Equal(stored.Append(young).Order(), Directory.GetFiles(Path.Join(Output, "cache/scans"), "*.json", SearchOption.AllDirectories).Order());
    }

    [Fact]
    public async Task A_damaged_snapshot_is_published_anew_though_nothing_changed()
    {
        await Run(new ScanMeasuring().Measure);
        string scans = Directory.GetFiles(Path.Join(Output, "current", "scans")).Single();
        File.WriteAllBytes(scans, File.ReadAllBytes(scans)[..^40]);
        RunReport report = await Run(new ScanMeasuring().Measure);
        Assert.Equal((ExitCode.Done, RunEnding.Published, 2L), (report.ExitCode, report.Ending, report.Sequence));
        Assert.Equal(Severity.Warning, report.Findings.Single(finding => finding.Code == Faults.SnapshotMended.Code).Severity);
        Assert.Equal(RunEnding.Unchanged, (await Run(new ScanMeasuring().Measure)).Ending);
    }

    [Fact]
    public async Task A_damaged_stored_result_is_measured_again_and_changes_no_table()
    {
        await Run(new ScanMeasuring().Measure);
        foreach (string entry in Directory.GetFiles(Path.Join(Output, "cache", "scans"), "*.json", SearchOption.AllDirectories))
        {
            byte[] bytes = File.ReadAllBytes(entry);
            bytes[^10] ^= 1;
            File.WriteAllBytes(entry, bytes);
        }
        RunReport report = await Run(new ScanMeasuring().Measure, new RunOptions { Verify = true });
        Assert.Equal((0, RunEnding.Unchanged), (report.ScansFromCache, report.Ending));
        Assert.Contains(report.Findings, finding => finding.Code == Faults.CacheCorrupt.Code);
    }

    private static bool Is907(ScanFiles scan) => scan.SubjectId == "verse907";

    private async Task<IReadOnlyList<VertebraRow>> Vertebrae() =>
        await Warehouse.ReadTable(Warehouse.OpenForReading(Output).Current!, PublishedSchema.Vertebrae, TestContext.Current.CancellationToken);

    private async Task<RunReport> Run(Func<ScanFiles, ReadingLimits, CancellationToken, ScanResult> measure,
        RunOptions? options = null, CancellationToken? token = null)
    {
        using Serilog.Core.Logger silent = new LoggerConfiguration().CreateLogger();
        PipelineRun run = new(Pipeline, options ?? new RunOptions(), _time, silent) { Measure = measure };
        return await run.Execute(null, token ?? TestContext.Current.CancellationToken);
    }
}
