using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VerseEtl.Host.Tests.Serving.Notices;

/// <summary>A mail server on loopback that speaks as much SMTP as one message takes, and keeps the conversation.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public MailServer()
    {
        _listener.Start();
        _serving = Serve();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>With which it can be asked to encrypt; null cannot.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Answers to the next messages; taken when there are no more.</summary>
    public ConcurrentQueue<string> Answers { get; } = new();

    /// <summary>What clients have said, message text left out.</summary>
    public ConcurrentQueue<string> Said { get; } = new();

    public ConcurrentQueue<string> Messages { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                try
                {
                    await Talk(client.GetStream());
                }
                catch (Exception error) when (error is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // the client went away
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // stopped
        }
    }

    private async Task Talk(Stream stream)
    {
        bool encrypted = false;
        await Say(stream, "220 loopback ready");
        while (await Line(stream) is string line)
        {
            Said.Enqueue(line);
            switch (line.Split(' ')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await Say(stream, "250-loopback");
                    await Say(stream, Certificate is not null && !encrypted ? "250 STARTTLS" : "250 AUTH PLAIN");
                    break;
                case "STARTTLS":
                    await Say(stream, "220 go ahead");
                    SslStream secure = new(stream);
                    await secure.AuthenticateAsServerAsync(Certificate!);
                    (stream, encrypted) = (secure, true);
                    break;
                case "AUTH":
                    await Say(stream, Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2])) == "\0verse\0hunter2" ? "235 welcome" : "535 no");
                    break;
                case "DATA":
                    await Say(stream, "354 go on");
                    StringBuilder message = new();
                    while (await Line(stream) is string text && text != ".") message.Append(text).Append('\n');
                    string answer = Answers.TryDequeue(out string? next) ? next : "250 taken";
                    if (answer.StartsWith('2')) Messages.Enqueue(message.ToString());
                    await Say(stream, answer);
                    break;
                case "QUIT":
                    await Say(stream, "221 bye");
                    return;
                default:
                    await Say(stream, "250 ok");
                    break;
            }
        }
    }

    private async Task<string?> Line(Stream stream)
    {
        List<byte> line = [];
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }
        return null;
    }

    private async Task Say(Stream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stop.Token);
}
