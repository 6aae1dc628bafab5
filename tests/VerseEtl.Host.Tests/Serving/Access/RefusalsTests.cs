using System.Net;
using VerseEtl.Host.Serving.Access;
using VerseEtl.Host.Serving.People;

namespace VerseEtl.Host.Tests.Serving.Access;

/// <summary>What strangers cause.</summary>
public sealed class RefusalsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_much_is_thrown_at_it_the_log_gets_a_few_lines_a_minute_and_then_a_count()
    {
        await using ServedPages pages = await ServedPages.Start(null);
        string request = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            + "Cookie: verse-etl-form=CfDJ8" + new string('A', 1000) + "\r\nContent-Length: 5\r\n\r\n--b\r\n";
        DateTime began = DateTime.UtcNow;
        for (int times = 0; times < 200; times++)
            Assert.StartsWith("HTTP/1.1 400", await RawRequest.Send(pages.Url.Port, request, Token), StringComparison.Ordinal);
        int minutes = (int)(DateTime.UtcNow - began).TotalMinutes + 2;
        string[] lines = [.. pages.Log];
        Assert.InRange(lines.Count(line => line.Contains("answered with 400", StringComparison.Ordinal)), 1, StrangerLines.OfOneNetwork * minutes);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 200));
        TestContext.Current.TestOutputHelper?.WriteLine($"{lines.Sum(line => line.Length + 1)} characters for 200 requests");
    }

    [Fact]
    public async Task While_the_accounts_are_damaged_nobody_is_in_and_ready_says_so()
    {
        await using ServedPages pages = await ServedPages.Start(null);
        using HttpClient signedIn = await pages.SignedIn(Role.Operator);
        string accounts = Path.Join(pages.Folder, "state/accounts.json"), text = await File.ReadAllTextAsync(accounts, Token);
        await File.WriteAllTextAsync(accounts, "{\"operator\":", Token);
        File.SetLastWriteTimeUtc(accounts, DateTime.UtcNow.AddMinutes(1));

        using HttpClient client = pages.Client();
        using HttpResponseMessage answer = await ServedPages.SignIn(client, Role.Operator, pages.OperatorPassword);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("the accounts cannot be read, so nobody can sign in; whoever runs this must mend them", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.Redirect, (await signedIn.GetAsync("/", Token)).StatusCode);
        using HttpResponseMessage ready = await client.GetAsync("/health/ready", Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("the accounts cannot be read: nobody can sign in", await ready.Content.ReadAsStringAsync(Token));
        Assert.Contains(pages.Log, line => line.Contains("answered with 503", StringComparison.Ordinal));

        await File.WriteAllTextAsync(accounts, text, Token);
        File.SetLastWriteTimeUtc(accounts, DateTime.UtcNow.AddMinutes(2));
        Assert.Equal(HttpStatusCode.OK, (await signedIn.GetAsync("/", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready", Token)).StatusCode);
    }
}
