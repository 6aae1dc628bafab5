using System.Net;
using VerseEtl.Host.Serving.Access;

namespace VerseEtl.Host.Tests.Serving.Access;

/// <summary>How many tries at a password are heard, and of whom.</summary>
public sealed class TriesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_has_all_addresses_of_this_machine_is_heard_as_one()
    {
        await using ServedPages pages = await Started();
        DateTime began = DateTime.UtcNow;
        int heard = 0;
        for (int tries = 0; tries < 60; tries++)
        {
            using HttpClient client = pages.Client();
            if ((await Guess(client)).StatusCode != HttpStatusCode.TooManyRequests) heard++;
        }
        Assert.InRange(heard, 1, SignIn.TriesPerMinute * ((int)(DateTime.UtcNow - began).TotalMinutes + 2));
    }

    [Fact]
    public async Task A_right_password_from_where_somebody_signed_in_before_is_heard_while_others_guess()
    {
        await using ServedPages pages = await Started();
        using HttpClient known = pages.Client(), guesser = pages.Client();
        using (HttpResponseMessage first = await ServedPages.SignIn(known, Role.Operator, pages.OperatorPassword))
            Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        string browser = CookiesOf(await ServedPages.SignIn(known, Role.Operator, pages.OperatorPassword))["verse-etl-known"];
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task[] guessing = [.. Enumerable.Range(0, 4).Select(_ => Guessing(pages, enough.Token))];
        while ((await Guess(guesser)).StatusCode != HttpStatusCode.TooManyRequests) { }

        // by its address, without any cookie
        using (HttpClient sameAddress = pages.ClientAt(127, 1, 0, 1))
        using (HttpResponseMessage again = await ServedPages.SignIn(sameAddress, Role.Operator, pages.OperatorPassword))
            Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        // by its browser, from an address that nobody knows
        using (HttpClient sameBrowser = pages.Client(("Cookie", "verse-etl-known=" + browser)))
        using (HttpResponseMessage again = await ServedPages.SignIn(sameBrowser, Role.Operator, pages.OperatorPassword))
            Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        // one that was made up is no better than none
        using (HttpClient other = pages.Client(("Cookie", "verse-etl-known=" + browser[..^4] + "AAAA")))
            Assert.Equal(HttpStatusCode.TooManyRequests, (await Guess(other)).StatusCode);
        await enough.CancelAsync();
        await Task.WhenAll(guessing);
    }

    [Fact]
    public async Task Known_sources_guess_no_more_than_others()
    {
        await using ServedPages pages = await Started();
        using HttpClient known = pages.Client();
        using (HttpResponseMessage first = await ServedPages.SignIn(known, Role.Operator, pages.OperatorPassword))
            Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        DateTime began = DateTime.UtcNow;
        int heard = 0;
        for (int tries = 0; tries < 40; tries++)
            if ((await Guess(known)).StatusCode != HttpStatusCode.TooManyRequests) heard++;
        Assert.InRange(heard, 1, SignIn.TriesPerMinute * ((int)(DateTime.UtcNow - began).TotalMinutes + 2));
    }

    private static Task<ServedPages> Started() => ServedPages.Start(null, options => options with { TriesPerMinute = SignIn.TriesPerMinute });

    private static async Task Guessing(ServedPages pages, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            using HttpClient client = pages.Client();
            using HttpResponseMessage answer = await Guess(client);
            await Task.Delay(5, CancellationToken.None);
        }
    }

    // without the form's token a try is counted all the same
    private static Task<HttpResponseMessage> Guess(HttpClient client) => client.PostAsync("/sign-in", null, Token);

    private static Dictionary<string, string> CookiesOf(HttpResponseMessage answer) => answer.Headers.GetValues("Set-Cookie")
        .Select(cookie => cookie.Split(';')[0].Split('=', 2)).ToDictionary(cookie => cookie[0], cookie => cookie[1]);
}
