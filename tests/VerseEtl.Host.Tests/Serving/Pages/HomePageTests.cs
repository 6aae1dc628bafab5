using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Antiforgery;
using VerseEtl.Host.AuditPage;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Pages;
using VerseEtl.Host.Serving.Access;
using VerseEtl.Host.Serving.Pages;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Tests.Serving.Pages;

public sealed partial class HomePageTests(SmallDataset dataset)
{
    private const string Browser = "/usr/bin/chromium";
    private const string Hostile = "<script>alert(1)</script>\"'&";

    private static readonly DateTimeOffset Now = new(2026, 5, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Text_from_files_and_names_never_becomes_markup()
    {
        string cards = await Cards(Status() with
        {
            Pipeline = Pipeline() with { Name = Hostile, Description = Hostile },
            Hold = new Hold(Now, 3, Hostile),
            Trouble = Hostile,
            Runs = [Run("not published", 41, 1, message: Hostile), Run(Hostile, 0, 1)],
            Summary = new SnapshotSummary(Hostile, AuditView.Weight.Differs, [], [new FindingCount(Hostile, Severity.Error, 1, Hostile)], 3),
        });
        Assert.DoesNotContain("<script", cards, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("=\"[^\"]*[<>]", cards);
        XDocument.Parse(cards);
    }

    [Fact]
    public async Task Names_never_become_markup_around_the_cards_either()
    {
        PipelineStatus running = Status() with { Pipeline = Pipeline() with { Name = Hostile }, Running = new RunProgress(Now, null, 1, 2, 0, 0, null, null) };
        string page = await PageRenderer.Render<HomePage>(new()
        {
            [nameof(HomePage.Statuses)] = new[] { running },
            [nameof(HomePage.Now)] = Now,
            [nameof(HomePage.Account)] = new SignedIn(Hostile, new AntiforgeryTokenSet(Hostile, null, Hostile, null)),
        });
        string[] parts = page.Split(["<title>", "</title>", "<body>", "</body>"], StringSplitOptions.None);
        Assert.Equal(Hostile + " 1/2 - VerseEtl", Text(parts[1]));
        Assert.DoesNotContain("<", parts[1], StringComparison.Ordinal);
        XElement body = XElement.Parse($"<body>{parts[3]}</body>");
        Assert.Equal("signed in as " + Hostile, body.Element("header")!.Element("span")!.Value);
        Assert.Equal((Hostile, Hostile), body.Descendants("input").Select(input => (input.Attribute("name")!.Value, input.Attribute("value")!.Value)).Single());
        Assert.Empty(body.Descendants("script"));
    }

    [Fact]
    public async Task A_running_pipeline_shows_how_far_it_is_and_is_asked_for_again_soon()
    {
        string cards = await Cards(Status() with { Running = new RunProgress(Now.AddMinutes(-3), null, 120, 374, 2, 1, 41.6, TimeSpan.FromMinutes(6.5)) });
        Assert.Contains("<progress max=\"374\" value=\"120\">", cards, StringComparison.Ordinal);
        Assert.Contains("120 of 374 scans", Text(cards), StringComparison.Ordinal);
        Assert.Contains("2 with warnings · 1 failed · 42 scans a minute · about 6 min 30 s left · started 3 min ago", Text(cards), StringComparison.Ordinal);
        Assert.Contains("data-refresh=\"2\"", cards, StringComparison.Ordinal);
        Assert.Contains("data-refresh=\"15\"", await Cards(Status()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no run yet", "quiet")]
    [InlineData("idle", "quiet")]
    [InlineData("held", "some")]
    [InlineData("unreadable", "bad")]
    [InlineData("running", "good")]
    [InlineData("last run failed", "bad")]
    [InlineData("2 scans failed", "some")]
    [InlineData("overdue", "bad")]
    public async Task Each_state_has_its_words_and_a_bad_night_never_passes_for_rest(string state, string look)
    {
        PipelineStatus status = Status() with
        {
            Hold = state == "held" ? new Hold(Now, 3, "rolled back") : null,
            Trouble = state == "unreadable" ? "STO_IO" : null,
            Running = state == "running" ? new RunProgress(Now, "listing scans", 0, 0, 0, 0, null, null) : null,
            Runs = state switch
            {
                "idle" or "2 scans failed" => [Run("published", 0, 60)],
                // what was kept from its work says nothing of it
                "last run failed" => [Run("published", 0, 60), Run("not published", 20, 60, day: 2), Run("stopped", 130, 5, day: 2)],
                "overdue" => [Run("published", 0, 60, day: -40)],
                _ => [],
            },
            Current = state == "2 scans failed" ? Snapshot(failed: 2) : null,
        };
        if (state == "overdue") status = status with { Pipeline = Pipeline() with { Schedule = Nightly } };
        Assert.Equal(state, status.StateAt(Now).Words);
        Assert.Contains($"<span class=\"state {look}\">{state}</span>", await Cards(status), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_draws_each_run_by_its_length_and_lists_the_last_ones_first()
    {
        RunRecord[] runs = [Run("published", 0, 60, day: 1), Run("unchanged", 0, 3, day: 2),
            Run("not published", 41, 30, day: 3, message: "the source is not there")];
        string cards = await Cards(Status() with { Runs = runs });
        Assert.Equal(["fine", "fine", "bad"], RectPattern().Matches(cards).Select(bar => bar.Groups[1].Value));
        Assert.Equal(["44", "2", "22"], RectPattern().Matches(cards).Select(bar => bar.Groups[2].Value));
        Assert.True(cards.IndexOf("2026-05-03", cards.IndexOf("<table>", StringComparison.Ordinal),
            StringComparison.Ordinal) < cards.LastIndexOf("2026-05-01", StringComparison.Ordinal));
        Assert.Contains("the source is not there", cards, StringComparison.Ordinal);
        XDocument.Parse(cards);
    }

    [Fact]
    public async Task Hosts_that_share_the_work_are_listed_with_what_they_do()
    {
        SharedHost busy = new("one:17", Now.AddHours(-5), Now.AddSeconds(-3), ["a:20260502t023000z:4"]);
        SharedHosts hosts = new([busy, new SharedHost(Hostile, Now, Now, [])], 12);
        string card = await PageRenderer.Render<HostsCard>(new() { [nameof(HostsCard.Hosts)] = hosts, [nameof(HostsCard.Now)] = Now });
        XDocument.Parse(card);
        Assert.Contains("12 chunks wait for a host", card, StringComparison.Ordinal);
        Assert.Contains("one:17 5 h 0 min ago 3 s ago a:20260502t023000z:4", Text(card), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_over_HTTP_tells_snapshot_findings_and_runs()
    {
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        using HttpClient client = await pages.SignedIn(Role.Viewer);
        string page = await client.GetStringAsync("/", TestContext.Current.CancellationToken);
        Assert.Contains("four &lt;b&gt;scans&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.Matches("1, [0-9]+ (s|min) ago: 4 scans \\([0-9] ok, [0-9] with warnings, 0 failed\\), [0-9]+ vertebrae", Text(page));
        Assert.Contains("<a href=\"/audit/a\">", page, StringComparison.Ordinal);
        Assert.Matches("findings-a\"><summary>Findings: [0-9]+", page);
        Assert.Contains("<h2>b <span class=\"state quiet\">no run yet</span>", page, StringComparison.Ordinal);
        Assert.Contains("not scheduled", page, StringComparison.Ordinal);
        Assert.Contains(FirstCardHead(await client.GetStringAsync("/pipelines", TestContext.Current.CancellationToken)), page, StringComparison.Ordinal);
        Assert.Contains("VerseEtl audit", await client.GetStringAsync("/audit/a", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await client.GetAsync("/audit/b", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await client.GetAsync("/audit/..%2fa", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_browser_renders_the_pages_and_their_policies_block_nothing_of_them()
    {
        Assert.SkipUnless(File.Exists(Browser), "no Chromium here");
        await using ServedPages pages = await ServedPages.Start(dataset.Sound, options => options with { SignInToLook = false });
        foreach ((string path, string expected) in new[] { ("/", "<article>"), ("/audit/a", "VerseEtl audit"),
            ("/pipelines/a/gallery", "<ul class=\"gallery\">"), ("/pipelines/a/scans/verse19/training/sub-verse902", "id=\"provenance\"") })
        {
            using TempFolder profile = new();
            using Process process = Process.Start(new ProcessStartInfo(Browser,
                ["--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={profile.Path}/p", "--enable-logging=stderr",
                    "--virtual-time-budget=3000", "--dump-dom", new Uri(pages.Url, path).ToString()])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string dom = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Contains(expected, dom, StringComparison.Ordinal);
            Assert.DoesNotMatch("CONSOLE.*(Refused|violates|Content Security Policy|Uncaught|Failed to load)", await error);
        }
    }

    private static string FirstCardHead(string cards) =>
        cards[cards.IndexOf("<article>", StringComparison.Ordinal)..cards.IndexOf("<dl", StringComparison.Ordinal)];

    private static Task<string> Cards(PipelineStatus status) =>
        PageRenderer.Render<PipelineCards>(new() { [nameof(PipelineCards.Statuses)] = new[] { status }, [nameof(PipelineCards.Now)] = Now });

    private static string Text(string page) => SpacePattern().Replace(System.Net.WebUtility.HtmlDecode(TagPattern().Replace(page, " ")), " ");

    private static PipelineStatus Status() => new(Pipeline(), null, null, [], null, null, null, null);

    private static Schedule Nightly => new(Cronos.CronExpression.Parse("30 2 * * *"), "30 2 * * *",
        TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), Misfire.CatchUp);

    private static Snapshot Snapshot(int failed) => new(3, "/w/snapshots/3", Now, "r1", null, new Manifest
    {
        SchemaVersion = 2, CodeVersion = "", InputDigest = "", OptionsDigest = "", ScansFound = 9, ScansOk = 9 - failed, ScansWarning = 0,
        ScansFailed = failed, Files = [],
    });

    private static Pipeline Pipeline() => new() { Name = "a", Source = new Source { Path = "/s" }, Load = new Destination { Path = "/w" } };

    private static RunRecord Run(string outcome, int exitCode, double seconds, int day = 1, string? message = null) => new()
    {
        RunId = $"r{day}",
        Pipeline = "a",
        StartedUtc = new DateTimeOffset(2026, 5, 1, 2, 30, 0, TimeSpan.Zero).AddDays(day - 1),
        EndedUtc = new DateTimeOffset(2026, 5, 1, 2, 30, 0, TimeSpan.Zero).AddDays(day - 1).AddSeconds(seconds),
        Outcome = RunEnding.Of(outcome),
        ExitCode = exitCode,
        Message = message,
    };

    [GeneratedRegex("<rect class=\"([a-z]+)\"[^>]* height=\"([0-9]+)\"")]
    private static partial Regex RectPattern();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex TagPattern();

    [GeneratedRegex("\\s+")]
    private static partial Regex SpacePattern();
}
