using System.Net;
using System.Security.Claims;
using Hangfire.InMemory;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using VerseEtl.Host.Serving.Access;
using VerseEtl.Host.Serving.People;

namespace VerseEtl.Host.Tests.Serving.Access;

/// <summary>A session is the host's: a copy of its cookie is worth nothing once it has ended.</summary>
public sealed class SessionsTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly InMemoryStorage _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_copied_cookie_opens_nothing_after_the_sign_out()
    {
        await using ServedPages pages = await ServedPages.Start(null);
        using HttpClient client = pages.Client();
        using HttpResponseMessage answer = await ServedPages.SignIn(client, Role.Operator, pages.OperatorPassword);
        string cookie = answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("verse-etl=", StringComparison.Ordinal)).Split(';')[0];
        using HttpClient thief = pages.Client(("Cookie", cookie));
        Assert.Equal(HttpStatusCode.OK, (await thief.GetAsync("/", Token)).StatusCode);
        using FormUrlEncodedContent form = new([ServedPages.Token(await client.GetStringAsync("/", Token))]);
        using HttpResponseMessage signedOut = await client.PostAsync("/sign-out", form, Token);
        foreach (string path in new[] { "/", "/pipelines", "/pipelines/a/run", "/hangfire", "/sessions" })
            Assert.NotEqual(HttpStatusCode.OK, (await thief.GetAsync(path, Token)).StatusCode);
    }

    [Fact]
    public async Task A_sign_in_makes_a_session_of_its_own_whatever_cookie_it_comes_with()
    {
        await using ServedPages pages = await ServedPages.Start(null);
        (string planted, _) = await pages.CookiesOf(Role.Viewer);
        planted = planted.Split("; ").Single(cookie => cookie.StartsWith("verse-etl=", StringComparison.Ordinal));
        using HttpClient client = pages.Client(("Cookie", planted)), thief = pages.Client(("Cookie", planted));
        using HttpResponseMessage answer = await ServedPages.SignIn(client, Role.Operator, pages.OperatorPassword);
        Assert.DoesNotContain(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith(planted, StringComparison.Ordinal));
        Assert.Contains("signed in as viewer", await thief.GetStringAsync("/", Token), StringComparison.Ordinal);
        string given = answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("verse-etl=", StringComparison.Ordinal)).Split(';')[0];
        using HttpClient person = pages.Client(("Cookie", given));
        Assert.Contains("signed in as operator", await person.GetStringAsync("/", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operators_see_and_end_sessions_and_it_is_written_down()
    {
        await using ServedPages pages = await ServedPages.Start(null);
        using HttpClient viewer = await pages.SignedIn(Role.Viewer), client = await pages.SignedIn(Role.Operator);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.GetAsync("/sessions", Token)).StatusCode);
        Assert.Contains(pages.Log, line => line.Contains("What operators do, refused to viewer", StringComparison.Ordinal));
        string page = await client.GetStringAsync("/sessions", Token);
        Assert.Contains("<b>viewer</b>", page, StringComparison.Ordinal);
        Assert.Contains("<b>operator</b> (this one)", page, StringComparison.Ordinal);

        string row = page.Split("<tr>").Single(row => row.Contains("<b>viewer</b>", StringComparison.Ordinal)
            && row.Contains("name=\"session\"", StringComparison.Ordinal));
        string name = row.Split("name=\"session\" value=\"")[1].Split('"')[0];
        using FormUrlEncodedContent form = new([ServedPages.Token(page), new("session", name)]);
        using HttpResponseMessage ended = await client.PostAsync("/sessions/end", form, Token);
        Assert.Equal("/sessions", ended.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Redirect, (await viewer.GetAsync("/", Token)).StatusCode);
        Assert.Contains("ended a session", await client.GetStringAsync("/sessions", Token), StringComparison.Ordinal);
        Assert.DoesNotContain($"value=\"{name}\"", await client.GetStringAsync("/sessions", Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_ends_after_half_an_hour_without_a_page_and_after_a_day_of_work(bool shared)
    {
        FixedTime time = new(DateTimeOffset.UtcNow);
        Sessions sessions = Made(time, shared);
        (string idle, string busy) = (await Begun(sessions), await Begun(sessions));
        for (int minutes = 0; minutes < 29; minutes += 14)
        {
            Pass(time, 14);
            // a script that goes on by itself keeps nothing alive
            Assert.Equal(minutes < 28, await IsOpen(sessions, idle, "/pipelines"));
            Assert.True(await IsOpen(sessions, busy, "/"));
        }
        for (int minutes = 42; minutes < (12 * 60) - 20; minutes += 20)
        {
            Assert.True(await IsOpen(sessions, busy, "/"));
            Pass(time, 20);
        }
        Assert.False(await IsOpen(Moved(20), busy, "/"));
        Assert.Empty(sessions.Open());

        Sessions Moved(int minutes)
        {
            Pass(time, minutes);
            return sessions;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_host_or_a_restart_knows_the_session_and_its_end(bool shared)
    {
        FixedTime time = new(DateTimeOffset.UtcNow);
        Sessions sessions = Made(time, shared), other = Made(time, shared);
        string key = await Begun(sessions);
        Assert.True(await IsOpen(other, key, "/"));
        (string name, Session session) = Assert.Single(other.Open());
        Assert.Equal(Role.Operator, session.Account);
        Assert.NotNull(other.End(name));
        Assert.Null(other.End(name));
        Assert.False(await IsOpen(sessions, key, "/"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_new_password_and_a_closed_account_end_sessions_at_once(bool close)
    {
        Sessions sessions = Made(new FixedTime(DateTimeOffset.UtcNow), shared: false);
        string key = await Begun(sessions);
        Accounts changed = new(_temp.Path);
        if (close) Assert.True(changed.Close(Role.Operator));
        else changed.SetRandom(Role.Operator);
        Assert.False(await IsOpen(sessions, key, "/"));
        Assert.Empty(sessions.Open());
    }

    [Fact]
    public async Task What_is_kept_of_a_session_opens_none_and_is_for_its_owner_only()
    {
        string key = await Begun(Made(new FixedTime(DateTimeOffset.UtcNow), shared: false));
        string file = Assert.Single(Directory.GetFiles(Path.Join(_temp.Path, "sessions")));
        Assert.DoesNotContain(key, file + await File.ReadAllTextAsync(file, Token), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Of_an_account_only_so_many_are_open_and_the_oldest_go()
    {
        FixedTime time = new(DateTimeOffset.UtcNow);
        Sessions sessions = Made(time, shared: false);
        string first = await Begun(sessions);
        for (int more = 0; more < Sessions.MostOfAccount; more++)
        {
            Pass(time, 0.1);
            await Begun(sessions);
        }
        Assert.Equal(Sessions.MostOfAccount, sessions.Open().Count);
        Assert.False(await IsOpen(sessions, first, "/"));
    }

    private Sessions Made(TimeProvider time, bool shared)
    {
        Accounts accounts = new(_temp.Path);
        accounts.Prepare();
        return new Sessions(shared ? new KeptInDatabase(_database) : new KeptInFolder(_temp.Path), accounts, time);
    }

    private async Task<string> Begun(Sessions sessions)
    {
        ClaimsPrincipal person = Sessions.Principal(Role.Operator, new Accounts(_temp.Path).Stamp(Role.Operator)!);
        return await sessions.StoreAsync(new AuthenticationTicket(person, "x"), new DefaultHttpContext(), Token);
    }

    private static async Task<bool> IsOpen(Sessions sessions, string key, string path)
    {
        DefaultHttpContext context = new();
        context.Request.Path = path;
        return await sessions.RetrieveAsync(key, context, Token) is not null;
    }

    private static void Pass(FixedTime time, double minutes) =>
        time.CreateTimer(_ => { }, null, TimeSpan.FromMinutes(minutes), Timeout.InfiniteTimeSpan).Dispose();
}
