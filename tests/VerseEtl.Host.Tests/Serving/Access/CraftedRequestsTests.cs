using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using VerseEtl.Host.Serving.Access;

namespace VerseEtl.Host.Tests.Serving.Access;

/// <summary>Requests that nobody sends by accident, each with the answer that it must get: crafted-requests.json.</summary>
public sealed partial class CraftedRequestsTests(SmallDataset dataset)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_gets_the_answer_that_stands_beside_it_and_no_stack_is_logged()
    {
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        Dictionary<string, string> words = await Words(pages);
        Crafted[] all = JsonSerializer.Deserialize<Crafted[]>(
            Repository.Text("tests/VerseEtl.Host.Tests/Serving/Access/crafted-requests.json"), JsonSerializerOptions.Web)!;
        List<string> wrong = [];
        foreach (Crafted crafted in all)
        {
            string answer = await RawRequest.Send(pages.Url.Port, crafted.Bytes(words), Token);
            int status = answer.StartsWith("HTTP/1.", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;
            if (status != crafted.Status) wrong.Add($"{crafted.What}: {status}, not {crafted.Status}");
            if (Leaks().IsMatch(answer)) wrong.Add($"{crafted.What}: tells of the inside");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{all.Length} requests");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        string[] log = [.. pages.Log];
        Assert.DoesNotContain(log, line => line.Length > 300 || Leaks().IsMatch(line) || line.Contains('\n', StringComparison.Ordinal));
        Assert.InRange(log.Length, 0, 100);
        // nothing of it was done
        using HttpClient client = await pages.SignedIn(Role.Operator);
        Assert.Contains("<h2>a ", await client.GetStringAsync("/", Token), StringComparison.Ordinal);
    }

    /// <summary>What stands in braces in the file.</summary>
    private static async Task<Dictionary<string, string>> Words(ServedPages pages)
    {
        using HttpClient anonymous = pages.Client();
        using HttpResponseMessage form = await anonymous.GetAsync("/sign-in", Token);
        Dictionary<string, string> words = new()
        {
            ["{form-token}"] = Uri.EscapeDataString(ServedPages.Token(await form.Content.ReadAsStringAsync(Token)).Value),
            ["{form-cookie}"] = form.Headers.GetValues("Set-Cookie").Single().Split(';')[0],
        };
        foreach (string role in Role.All)
        {
            (string cookies, string token) = await pages.CookiesOf(role);
            words[$"{{{role}}}"] = cookies;
            words[$"{{{role}-token}}"] = Uri.EscapeDataString(token);
        }
        return words;
    }

    [GeneratedRegex("   at |Exception:|System\\.|Microsoft\\.AspNetCore|root:x:0")]
    private static partial Regex Leaks();

    /// <param name="As">Whose session it comes with.</param>
    /// <param name="Host">`own` for the right one, null for none.</param>
    private sealed partial record Crafted(string What, string As, string Line, int Status, IReadOnlyList<string>? Headers = null,
        string? Body = null, string? Host = "own")
    {
        public string Bytes(Dictionary<string, string> words)
        {
            StringBuilder text = new(Line + "\r\n");
            if (Host is not null) text.Append(CultureInfo.InvariantCulture, $"Host: {(Host == "own" ? "localhost" : Host)}\r\n");
            text.Append("Connection: close\r\n");
            if (As != "anonymous") text.Append(CultureInfo.InvariantCulture, $"Cookie: {{{As}}}\r\n");
            foreach (string header in Headers ?? []) text.Append(header).Append("\r\n");
            string body = Filled(Body ?? "", words);
            bool says = Headers?.Any(header => header.StartsWith("Content-Length", StringComparison.Ordinal)
                || header.StartsWith("Transfer", StringComparison.Ordinal)) is true;
            if (Body is not null && !says) text.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
            return Filled(text.Append("\r\n").ToString(), words) + body;
        }

        private static string Filled(string text, Dictionary<string, string> words)
        {
            foreach ((string word, string value) in words) text = text.Replace(word, value, StringComparison.Ordinal);
            return Repeated().Replace(text, match =>
                new StringBuilder().Insert(0, match.Groups[2].Value, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).ToString());
        }

        [GeneratedRegex("\\{([0-9]+)x([^}]+)\\}")]
        private static partial Regex Repeated();
    }
}
