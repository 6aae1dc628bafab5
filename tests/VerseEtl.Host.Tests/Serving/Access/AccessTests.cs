using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using VerseEtl.Host.Serving.Access;

namespace VerseEtl.Host.Tests.Serving.Access;

/// <summary>Who gets in, over real HTTP.</summary>
public sealed class AccessTests(AccessTests.Host host) : IClassFixture<AccessTests.Host>
{
    private static readonly string[] Closed =
        ["/", "/pipelines", "/audit/a", "/hangfire", "/hangfire/recurring", "/hangfire/jobs/enqueued",
            "/pipelines/a/run", "/pipelines/a/cancel", "/pipelines/a/release", "/pipelines/a/rollback",
            "/pipelines/a/gallery", "/pipelines/a/scans/verse19/training/sub-verse902", "/pipelines/a/pictures/x.png",
            "/hangfire/servers", "/no-such-page", "/SIGN-OUT", "/hangfire/css111111"];

    private static readonly string[] Actions =
        ["/hangfire/recurring/trigger", "/hangfire/recurring/remove", "/hangfire/jobs/enqueued/delete",
            "/hangfire/jobs/processing/requeue", "/hangfire/jobs/failed/delete", "/hangfire/jobs/actions/delete/1",
            "/pipelines/a/run", "/pipelines/a/cancel", "/pipelines/a/release", "/pipelines/a/rollback"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public sealed class Host(SmallDataset dataset) : IAsyncLifetime
    {
        internal ServedPages Pages { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Pages = await ServedPages.Start(dataset.Sound);

        public ValueTask DisposeAsync() => Pages.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_sign_in_only_health_and_the_form_answer()
    {
        using HttpClient client = host.Pages.Client();
        foreach (string path in Closed)
        {
            using HttpResponseMessage answer = await client.GetAsync(path, Token);
            Assert.True(answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.Unauthorized, $"{path}: {answer.StatusCode}");
            if (answer.Headers.Location is Uri location) Assert.StartsWith("/sign-in?", location.PathAndQuery, StringComparison.Ordinal);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Token));
        }
        foreach (string path in (string[])[.. Actions, "/", "/hangfire/stats"])
        {
            using HttpResponseMessage answer = await client.PostAsync(path, null, Token);
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, answer.StatusCode));
        }
        foreach (string path in new[] { "/health/live", "/health/ready", "/metrics", "/sign-in", "/assets/shared.css", "/assets/page.css", "/assets/page.js",
            "/assets/report.css", "/assets/gallery.css" })
        {
            using HttpResponseMessage answer = await client.GetAsync(path, Token);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }
    }

    [Fact]
    public async Task Every_answer_keeps_other_sites_out()
    {
        using HttpClient client = await host.Pages.SignedIn(Role.Operator);
        foreach (string path in new[] { "/",
            "/pipelines", "/pipelines/a/run", "/pipelines/a/gallery", "/audit/a", "/hangfire", "/sign-in", "/health/live", "/metrics",
            "/no-such-page" })
        {
            using HttpResponseMessage answer = await client.GetAsync(path, Token);
            Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotMatch("script-src [^;]*unsafe", policy);
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task Another_host_name_and_an_unknown_proxy_are_refused_on_every_route()
    {
        foreach (string path in (string[])[.. Closed, "/health/live", "/metrics", "/sign-in"])
        {
            using HttpClient rebound = host.Pages.Client(("Host", "evil.example"));
            Assert.Equal((path, HttpStatusCode.BadRequest), (path, (await rebound.GetAsync(path, Token)).StatusCode));
            foreach (string header in new[] { "X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via" })
            {
                using HttpClient proxied = host.Pages.Client((header, "8.8.8.8"));
                Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await proxied.GetAsync(path, Token)).StatusCode));
            }
        }
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_account_are_refused_alike()
    {
        using HttpClient client = host.Pages.Client();
        foreach ((string account, string password) in new[] { (Role.Operator, "wrong"), (Role.Operator, ""), ("root", host.Pages.OperatorPassword), ("", "") })
        {
            using HttpResponseMessage answer = await ServedPages.SignIn(client, account, password);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("Wrong account or password", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            Assert.DoesNotContain(answer.Headers, header =>
                header.Key == "Set-Cookie" && header.Value.Any(cookie => cookie.StartsWith("verse-etl=", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task The_cookie_is_for_this_site_alone_and_a_sign_in_leads_nowhere_else()
    {
        using HttpClient client = host.Pages.Client();
        using HttpResponseMessage answer = await ServedPages.SignIn(client, Role.Operator,
            host.Pages.OperatorPassword, "?ReturnUrl=https%3A%2F%2Fevil.example%2F");
        Assert.Equal("/", answer.Headers.Location!.ToString());
        string cookie = answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("verse-etl=", StringComparison.Ordinal));
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("expires", cookie, StringComparison.Ordinal);
        using HttpClient other = host.Pages.Client();
        using HttpResponseMessage deeper = await ServedPages.SignIn(other, Role.Operator, host.Pages.OperatorPassword, "?ReturnUrl=%2Fhangfire%2Frecurring");
        Assert.Equal("/hangfire/recurring", deeper.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Forms_without_their_token_are_refused_and_change_nothing()
    {
        using HttpClient anonymous = host.Pages.Client();
        using FormUrlEncodedContent right = new([new("account", Role.Operator), new("password", host.Pages.OperatorPassword)]);
        Assert.Equal(HttpStatusCode.Forbidden, (await anonymous.PostAsync("/sign-in", right, Token)).StatusCode);

        using HttpClient client = await host.Pages.SignedIn(Role.Operator);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/sign-out", null, Token)).StatusCode);
        foreach (string path in Actions)
        {
            using FormUrlEncodedContent form = new([new("jobs[]", "a")]);
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await client.PostAsync(path, form, Token)).StatusCode));
        }
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/", Token)).StatusCode);
        Assert.Equal(0, Triggered());
    }

    [Fact]
    public async Task The_schedulers_own_pages_are_for_operators_and_change_nothing()
    {
        using HttpClient viewer = await host.Pages.SignedIn(Role.Viewer);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.GetAsync("/hangfire/recurring", Token)).StatusCode);

        using HttpClient client = await host.Pages.SignedIn(Role.Operator);
        // as the dashboard's script does: the token stands in its page
        string page = await client.GetStringAsync("/hangfire/recurring", Token);
        using HttpRequestMessage request = new(HttpMethod.Post, "/hangfire/recurring/trigger") { Content = new FormUrlEncodedContent([new("jobs[]", "a")]) };
        request.Headers.Add("RequestVerificationToken", Regex.Match(page, "name=\"csrf-token\" content=\"([^\"]+)\"").Groups[1].Value);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(request, Token)).StatusCode);
        Assert.Equal(0, Triggered());
    }

    [Fact]
    public async Task A_new_password_and_a_sign_out_end_the_session()
    {
        using HttpClient client = await host.Pages.SignedIn(Role.Viewer);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/", Token)).StatusCode);
        string password = host.Pages.Accounts.SetRandom(Role.Viewer);
        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/", Token)).StatusCode);
        using HttpResponseMessage again = await ServedPages.SignIn(client, Role.Viewer, password);
        string page = await client.GetStringAsync("/", Token);
        Assert.Contains("signed in as viewer", page, StringComparison.Ordinal);
        using FormUrlEncodedContent form = new([ServedPages.Token(page)]);
        Assert.Equal("/sign-in", (await client.PostAsync("/sign-out", form, Token)).Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/", Token)).StatusCode);
    }

    [Fact]
    public async Task Ten_thousand_sign_ins_cost_no_more_than_the_few_that_are_heard()
    {
        await using ServedPages pages = await ServedPages.Start(null, options => options with { TriesPerMinute = SignIn.TriesPerMinute });
        using HttpClient client = pages.Client(), other = await pages.SignedIn(Role.Operator);
        KeyValuePair<string, string> token = ServedPages.Token(await client.GetStringAsync("/sign-in", Token));
        int heard = 0, refused = 0;
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (_, stop) =>
        {
            using FormUrlEncodedContent form = new([new("account", Role.Operator), new("password", "guess"), token]);
            using HttpResponseMessage answer = await client.PostAsync("/sign-in", form, stop);
            if (answer.StatusCode == HttpStatusCode.Unauthorized) Interlocked.Increment(ref heard);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) Interlocked.Increment(ref refused);
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{10_000 / watch.Elapsed.TotalSeconds:0} sign-ins a second, "
            + $"{(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds / 10_000:0.000} ms of processor time each, client and server");
        Assert.Equal(10_000, heard + refused);
        Assert.InRange(heard, 1, SignIn.TriesPerMinute * ((int)watch.Elapsed.TotalMinutes + 2));
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/", Token)).StatusCode);
    }

    private long Triggered() => host.Pages.Services.GetRequiredService<JobStorage>().GetMonitoringApi().GetStatistics() is { } counts
        ? counts.Enqueued + counts.Processing + counts.Succeeded + counts.Failed + counts.Deleted
        : 0;
}
