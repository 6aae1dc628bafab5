using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Serilog;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Serving;
using VerseEtl.Host.Serving.Access;

namespace VerseEtl.Host.Tests.Serving;

/// <summary>The real host in this process, on a free port, with one published pipeline that is never due and one that never ran.</summary>
internal sealed partial class ServedPages : IAsyncDisposable
{
    private readonly TempFolder _temp = new();
    private readonly Logger _log;
    private readonly LogLines _lines = new();
    private WebApplication? _app;
    private int _clients;

    private ServedPages() => _log = Logs.Levels(new LoggerConfiguration()).WriteTo.Sink(_lines).CreateLogger();

    /// <summary>What the host has logged.</summary>
    public IEnumerable<string> Log => _lines.All;

    public Uri Url { get; private set; } = null!;
    public Accounts Accounts => _app!.Services.GetRequiredService<Accounts>();
    public IServiceProvider Services => _app!.Services;
    public string OperatorPassword { get; private set; } = "";

    /// <summary>The one that clients trust.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2? Certificate { get; init; }
    public string Folder => _temp.Path;

    /// <param name="source">Null publishes nothing.</param>
    public static async Task<ServedPages> Start(string? source, Func<ServeOptions, ServeOptions>? change = null,
        System.Security.Cryptography.X509Certificates.X509Certificate2? trusted = null)
    {
        ServedPages pages = new() { Certificate = trusted };
        string yaml = pages._temp.File("p.yaml", $"version: 1\npipelines:\n  a: {{description: 'four <b>scans</b>', source: {{path: {source ?? "s"}}}, "
            + $"load: {{path: w}}, schedule: {{cron: '0 4 1 1 *'}}}}\n  b: {{source: {{path: s}}, load: {{path: v}}}}\n");
        PipelineSet pipelines = new(PipelinesFile.Read(yaml, TimeProvider.System, out _)!, TimeProvider.System, pages._log);
        if (source is not null)
            await new PipelineRun(pipelines.Find("a")!, new RunOptions(), TimeProvider.System, pages._log).Execute(null, TestContext.Current.CancellationToken);
        // clients of tests are many people at one loopback
        ServeOptions options = new() { StateFolder = Path.Join(pages._temp.Path, "state"), TriesPerMinute = 1_000_000 };
        pages._app = ServedHost.Build(pipelines, change is null ? options : change(options), TimeProvider.System, pages._log);
        pages.OperatorPassword = pages.Accounts.Prepare()!;
        await pages._app.StartAsync(TestContext.Current.CancellationToken);
        pages.Url = new Uri(pages._app.Urls.First());
        return pages;
    }

    /// <summary>Keeps cookies, follows nothing, and comes from a loopback address of its own, as tries are counted by address.</summary>
    public HttpClient Client(params (string Name, string Value)[] headers)
    {
        int client = Interlocked.Increment(ref _clients);
        return From(new([127, 1, (byte)(client >> 8), (byte)(client & 255)]), headers);
    }

    /// <summary>The same from an address of loopback.</summary>
    public HttpClient ClientAt(byte a, byte b, byte c, byte d) => From(new([a, b, c, d]));

    private HttpClient From(IPAddress own, params (string Name, string Value)[] headers)
    {
        HttpClient client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = new System.Net.Security.SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, seen, _, _) =>
                seen?.GetCertHashString() == Certificate?.GetCertHashString()
            },
            ConnectCallback = async (context, token) =>
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(own, 0));
                await socket.ConnectAsync(IPAddress.Loopback, Url.Port, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = Url };
        foreach ((string name, string value) in headers) client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        return client;
    }

    /// <summary>The answer to the filled form.</summary>
    public static async Task<HttpResponseMessage> SignIn(HttpClient client, string account, string password, string query = "")
    {
        string form = await client.GetStringAsync("/sign-in", TestContext.Current.CancellationToken);
        using FormUrlEncodedContent content = new([new("account", account), new("password", password), Token(form)]);
        return await client.PostAsync("/sign-in" + query, content, TestContext.Current.CancellationToken);
    }

    public async Task<HttpClient> SignedIn(string account)
    {
        HttpClient client = Client();
        using HttpResponseMessage answer = await SignIn(client, account, account == Role.Operator ? OperatorPassword : Accounts.SetRandom(account));
        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.StatusCode, answer.Headers.Location!.ToString()));
        return client;
    }

    /// <summary>What a browser would send that has signed in, and the token of a form it was given.</summary>
    public async Task<(string Cookies, string Token)> CookiesOf(string account)
    {
        using HttpClient client = Client();
        using HttpResponseMessage form = await client.GetAsync("/sign-in", TestContext.Current.CancellationToken);
        using HttpResponseMessage answer = await SignIn(client, account, account == Role.Operator ? OperatorPassword : Accounts.SetRandom(account));
        string session = answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("verse-etl=", StringComparison.Ordinal)).Split(';')[0];
        string forms = form.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        return ($"{session}; {forms}", Token(await client.GetStringAsync("/", TestContext.Current.CancellationToken)).Value);
    }

    public static KeyValuePair<string, string> Token(string page) => new("__RequestVerificationToken", TokenPattern().Match(page).Groups[1].Value);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }
        await _log.DisposeAsync();
        _temp.Dispose();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex TokenPattern();
}
