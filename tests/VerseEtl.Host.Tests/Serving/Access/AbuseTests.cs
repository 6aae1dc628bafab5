using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using VerseEtl.Host.Serving.Access;

namespace VerseEtl.Host.Tests.Serving.Access;

/// <summary>The figures of docs/security.md: the real program under a minute of abuse.</summary>
public sealed class AbuseTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact(Explicit = true)]
    public async Task A_minute_of_guesses_and_nonsense_is_heard_a_few_times_and_fills_no_log()
    {
        string yaml = _temp.File("p.yaml", "version: 1\npipelines:\n  a: {source: {path: s}, load: {path: w}}\n");
        string log = _temp["serve.log"];
        using Process serve = Process.Start(new ProcessStartInfo("dotnet", [Path.Join(AppContext.BaseDirectory, "verse-etl.dll"),
            "serve", "--config", yaml, "--port", "0", "--state", _temp["state"], "--log-file", log])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            Task<string> error = serve.StandardError.ReadToEndAsync(Token);
            string said = await serve.StandardOutput.ReadLineAsync(Token) ?? "";
            int port = new Uri(said[said.IndexOf("http://", StringComparison.Ordinal)..]).Port;
            long before = new FileInfo(log).Length;
            (int sent, int heard) = await Abuse(port, TimeSpan.FromMinutes(1));
            long logged = new FileInfo(log).Length - before, trail = new FileInfo(_temp["state/trail.jsonl"]).Length;
            serve.Kill();
            int told = Encoding.UTF8.GetByteCount(await error);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{sent} requests, {heard} guesses heard, {logged} bytes in the log file, {told} on standard error, {trail} in the trail");
            // a minute may turn in between
            Assert.InRange(heard, 1, 2 * SignIn.TriesPerMinute);
            Assert.InRange(logged + told + trail, 1, 100_000);
        }
        finally
        {
            if (!serve.HasExited) serve.Kill();
        }
    }

    /// <summary>From a thousand addresses of this machine: guesses, malformed forms and cookies that were made up.</summary>
    private static async Task<(int Sent, int Heard)> Abuse(int port, TimeSpan span)
    {
        const string Head = "Host: localhost\r\nConnection: close\r\n", Form = "Content-Type: application/x-www-form-urlencoded\r\n";
        string cookie = $"Cookie: verse-etl-form=CfDJ8{new string('A', 1_000)}\r\n";
        string[] requests =
        [
            $"POST /sign-in HTTP/1.1\r\n{Head}{Form}Content-Length: 27\r\n\r\naccount=operator&password=x",
            $"POST /sign-in HTTP/1.1\r\n{Head}{Form}{cookie}Content-Length: 27\r\n\r\naccount=operator&password=x",
            $"POST /sign-out HTTP/1.1\r\n{Head}Content-Type: multipart/form-data; boundary=b\r\n{cookie}Content-Length: 4\r\n\r\n--b\r",
            $"POST /sign-out HTTP/1.1\r\n{Head}{Form}Content-Length: 999999\r\n\r\na",
            $"GET /sign-in HTTP/1.1\r\n{Head}{cookie}\r\n",
        ];
        int sent = 0, heard = 0;
        Stopwatch watch = Stopwatch.StartNew();
        await Parallel.ForAsync(0, 4, Token, async (worker, stop) =>
        {
            for (int at = worker; watch.Elapsed < span; at += 4)
            {
                string answer = await Sent(port, at, requests[at % requests.Length], stop);
                Interlocked.Increment(ref sent);
                bool refused = answer.Length == 0 || answer.StartsWith("HTTP/1.1 429", StringComparison.Ordinal);
                if (at % requests.Length < 2 && !refused) Interlocked.Increment(ref heard);
            }
        });
        return (sent, heard);
    }

    private static async Task<string> Sent(int port, int at, string request, CancellationToken token)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(new IPAddress([127, 9, (byte)(at / 250 % 4), (byte)(1 + (at % 250))]), 0));
        byte[] answer = new byte[16];
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, token);
            await socket.SendAsync(Encoding.ASCII.GetBytes(request), token);
            return Encoding.ASCII.GetString(answer, 0, await socket.ReceiveAsync(answer, token));
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
