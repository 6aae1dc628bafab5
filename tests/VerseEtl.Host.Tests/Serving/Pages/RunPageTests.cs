using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Serilog;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Pages;
using VerseEtl.Host.Serving.Access;
using VerseEtl.Host.Serving.Pages;
using VerseEtl.Load.Publishing;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Serving.Pages;

public sealed partial class RunPageTests(SmallDataset dataset)
{
    private const string Hostile = "<script>alert(1)</script>\"'&";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_tells_what_failed_and_what_changed_and_leads_to_the_report_of_each_scan()
    {
        using TempFolder temp = new();
        string source = temp.Folder("s");
        SmallDataset.Copy(dataset.Faulty, source);
        await using ServedPages pages = await ServedPages.Start(source);
        using HttpClient client = await pages.SignedIn(Role.Viewer);
        File.Delete(Directory.GetFiles(source, "sub-verse902*ct.nii.gz", SearchOption.AllDirectories).Single());
        await Run(pages);
        RunRecord run = Runs(pages)[^1];
        string home = await client.GetStringAsync("/", Token);
        Assert.Contains($"href=\"/pipelines/a/runs/{run.RunId}\"", home, StringComparison.Ordinal);

        string page = await client.GetStringAsync($"/pipelines/a/runs/{run.RunId}", Token);
        Assert.Contains($">Published, snapshot 2; {run.ScansFailed} of {run.ScansFound} scans failed<", page, StringComparison.Ordinal);
        Assert.NotEqual(0, run.ScansFailed);
        string[] reports = [.. ReportLink().Matches(page).Select(link => link.Groups[1].Value).Distinct()];
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(reports[0], Token)).StatusCode);
        Assert.Contains("Snapshot 2 against 1:", page, StringComparison.Ordinal);
        Assert.Matches("verse19/training/sub-verse902 [CTL][0-9]+</td>[^/]*body_hu_median [0-9.]+ -&gt; null|mask_hu_mean [0-9.]+ -&gt; null", page);
        Assert.Contains("on the command line", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-refresh", page, StringComparison.Ordinal);
        // of another process
        Assert.Contains("is not kept here; the log file has it", page, StringComparison.Ordinal);

        // the source is gone: nothing is published, and the night says why
        Directory.Move(source, source + ".away");
        await Run(pages);
        run = Runs(pages)[^1];
        page = await client.GetStringAsync($"/pipelines/a/runs/{run.RunId}", Token);
        Assert.Contains("<p class=\"verdict differs\" role=\"status\">Not published</p>", page, StringComparison.Ordinal);
        Assert.Contains(WebUtility.HtmlEncode(run.Message!), page, StringComparison.Ordinal);
        Assert.Matches("class=\"state bad\">last run failed<", await client.GetStringAsync("/", Token));

        foreach (string unknown in new[] { "20260101T000000-00000000", run.RunId[..^1], "..%2fhold" })
            Assert.Equal((unknown, HttpStatusCode.NotFound), (unknown, (await client.GetAsync($"/pipelines/a/runs/{unknown}", Token)).StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/pipelines/b/runs/{run.RunId}", Token)).StatusCode);
    }

    [Fact]
    public async Task A_run_under_way_shows_scans_as_they_end_and_what_it_says_and_asks_to_be_looked_at_again()
    {
        await using ServedPages pages = await ServedPages.Start(null);
        using HttpClient client = await pages.SignedIn(Role.Operator), viewer = await pages.SignedIn(Role.Viewer);
        using RunningPipelines.Entry entry = pages.Services.GetRequiredService<RunningPipelines>().TryEnter("a", "operator")!;
        using (Logger log = new LoggerConfiguration().WriteTo.Sink(entry.Trace).CreateLogger())
        {
            log.Warning("Try {Try} failed: {Kind}", 2, "IOException");
            log.Information("Scan {Scan} was looked at", "verse19/test/sub-verse001");
        }
        entry.Progress.Report(new RunStep.Phase("listing scans"));
        entry.Progress.Report(new RunStep.Listed(4));
        ScanRow scan = CohortRows.Scan("verse19", "test", "sub-verse001", []);
        entry.Progress.Report(new RunStep.Measured(new ScanResult(scan with { Status = ScanStatus.Failed }, [],
            [Finding.Of(Faults.GzTruncated, new(), "9", "10")]), TimeSpan.FromSeconds(3)));

        string page = await client.GetStringAsync($"/pipelines/a/runs/{entry.RunId}", Token);
        Assert.Contains(">Under way; 1 of 1 scans failed so far<", page, StringComparison.Ordinal);
        Assert.Contains("<progress max=\"4\" value=\"1\">", page, StringComparison.Ordinal);
        Assert.Matches("verse19/test/sub-verse001</td>\\s*<td class=\"l bad-text\">failed</td>\\s*<td class=\"l\">GZ_TRUNCATED</td>\\s*<td>3.0 s</td>", page);
        Assert.Matches("<li class=\"some-text\"><time [^>]+>[^<]+</time> Try 2 failed: IOException</li>", page);
        Assert.Matches("</time> listing scans</li>", page);
        Assert.DoesNotContain("was looked at", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/pipelines/a/cancel\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/pipelines/a/cancel\"", await viewer.GetStringAsync($"/pipelines/a/runs/{entry.RunId}", Token), StringComparison.Ordinal);
        Assert.Contains($"href=\"/pipelines/a/runs/{entry.RunId}\"", await client.GetStringAsync("/pipelines", Token), StringComparison.Ordinal);

        string now = Regex.Match(page, "data-refresh=\"2\" data-from=\"([^\"]+)\"").Groups[1].Value;
        Assert.StartsWith("<div data-refresh=\"2\"", await client.GetStringAsync(now, Token), StringComparison.Ordinal);
        // what a script asks for is not led to the sign-in
        using HttpClient script = pages.Client(("X-Requested-With", "XMLHttpRequest"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetAsync(now, Token)).StatusCode);
    }

    [Fact]
    public async Task Nothing_that_a_run_says_becomes_markup()
    {
        RunRecord run = new()
        {
            RunId = "r", Pipeline = Hostile, By = Hostile, Message = Hostile, Outcome = RunEnding.Of(Hostile),
            StartedUtc = DateTimeOffset.UnixEpoch, EndedUtc = DateTimeOffset.UnixEpoch,
        };
        RunView view = new()
        {
            Pipeline = Hostile, RunId = Hostile, Record = run, Now = DateTimeOffset.UnixEpoch, Trouble = Hostile, HasReports = true,
            Errors = new FirstFindings([Finding.Of(Faults.GzTruncated, new(), Hostile, Hostile) with { ScanKey = Hostile }], [(Severity.Error, 1)]),
            Changes = new SnapshotChanges(1, 2, [Hostile], [new TableChanges(Hostile, [], [], [], 1)]),
        };
        string page = await PageRenderer.Render<RunPage>(new() { ["View"] = view, ["MayAct"] = true });
        Assert.Single(Regex.Matches(page, "<script"));
        Assert.DoesNotMatch("=\"[^\"]*[<>]", page);
    }

    private static async Task Run(ServedPages pages)
    {
        Pipeline pipeline = pages.Services.GetRequiredService<PipelineSet>().Find("a")!;
        await new PipelineRun(pipeline, new RunOptions(), TimeProvider.System, Logger.None).Execute(null, Token);
    }

    private static IReadOnlyList<RunRecord> Runs(ServedPages pages) => Warehouse.OpenForReading(Path.Join(pages.Folder, "w")).Runs();

    [GeneratedRegex("href=\"(/pipelines/a/scans/[^\"]+)\"")]
    private static partial Regex ReportLink();
}
