using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using VerseEtl.Host.Serving.Access;

namespace VerseEtl.Host.Tests.Serving.Access;

/// <summary>Whoever holds many connections keeps nobody else out.</summary>
public sealed class ConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Idle_sockets_lose_their_own_and_people_who_are_signed_in_keep_theirs()
    {
        await using ServedPages pages = await ServedPages.Start(null);
        using HttpClient person = await pages.SignedIn(Role.Viewer);
        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync("/", Token)).StatusCode);
        using Held held = await Held.Open(pages.Url.Port, 2 * ConnectionShares.OfOneNetwork, "");
        using HttpClient monitor = pages.Client();
        Assert.Equal("ready", await monitor.GetStringAsync("/health/ready", Token));
        ConnectionShares shares = pages.Services.GetRequiredService<ConnectionShares>();
        Assert.InRange(shares.Count, 1, ConnectionShares.OfOneNetwork);
        Assert.InRange(shares.Closed, ConnectionShares.OfOneNetwork, long.MaxValue);
        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync("/", Token)).StatusCode);
        Assert.InRange(pages.Log.Count(), 0, 20);
    }

    [Theory(Explicit = true)]
    [InlineData("")]
    [InlineData("GET /health/ready HTTP/1.1\r\nHost: localhost\r\nX: ")]
    [InlineData("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\na")]
    public async Task Under_five_thousand_sockets_a_monitor_is_answered_within_a_second(string begun)
    {
        await using ServedPages pages = await ServedPages.Start(null);
        // the first answer of a process is compiled
        using (HttpClient first = pages.Client()) Assert.Equal("ready", await first.GetStringAsync("/health/ready", Token));
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        enough.CancelAfter(TimeSpan.FromSeconds(30));
        Task<Held> opening = Held.Open(pages.Url.Port, 5_000, begun);
        Task dripping = begun.Length == 0 ? Task.CompletedTask : Task.Run(async () => await (await opening).Drip(enough.Token), Token);
        ConnectionShares shares = pages.Services.GetRequiredService<ConnectionShares>();
        int held = 0;
        List<double> milliseconds = [];
        while (!enough.IsCancellationRequested)
        {
            Stopwatch watch = Stopwatch.StartNew();
            using HttpClient monitor = pages.Client();
            Assert.Equal("ready", await monitor.GetStringAsync("/health/ready", Token));
            milliseconds.Add(watch.Elapsed.TotalMilliseconds);
            held = Math.Max(held, shares.Count);
            await Task.Delay(50, Token);
        }
        using Held opened = await opening;
        await dripping;
        milliseconds.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{milliseconds.Count} answers, median {Median():0} ms, ")
            + FormattableString.Invariant($"longest {milliseconds[^1]:0} ms; {held} held at most, {shares.Closed} closed"));
        Assert.InRange(milliseconds[^1], 0, 1_000);

        double Median() => milliseconds[milliseconds.Count / 2];
    }

    /// <summary>Sockets that are opened and say little.</summary>
    private sealed class Held : IDisposable
    {
        private readonly List<Socket> _sockets = [];

        public static async Task<Held> Open(int port, int count, string begun)
        {
            Held held = new();
            for (int opened = 0; opened < count; opened++)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                held._sockets.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, port, Token);
                if (begun.Length > 0) Say(socket, begun);
            }
            return held;
        }

        /// <summary>A letter a second on each.</summary>
        public async Task Drip(CancellationToken enough)
        {
            while (!enough.IsCancellationRequested)
            {
                foreach (Socket socket in _sockets) Say(socket, "a");
                await Task.Delay(1_000, CancellationToken.None);
            }
        }

        public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

        private static void Say(Socket socket, string text)
        {
            try
            {
                socket.Send(Encoding.ASCII.GetBytes(text));
            }
            catch (SocketException)
            {
                // closed by the host, which is what it should do
            }
        }
    }
}
