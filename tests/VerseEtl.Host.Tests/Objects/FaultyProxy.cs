using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using VerseEtl.Host.Objects;

namespace VerseEtl.Host.Tests.Objects;

/// <summary>
/// Stands between a client and a real server on real sockets: passes bytes on, counts them, cuts connections after some, or answers in the server's
/// place with an error of its own.
/// </summary>
internal sealed class FaultyProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _open = [];
    private readonly int _server;
    private long _down;
    private int _connections, _gets;

    public FaultyProxy(int server)
    {
        _server = server;
        _listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes that came from the server, heads included.</summary>
    public long Down => Interlocked.Read(ref _down);

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Requests that read, one after another on a connection.</summary>
    public int Gets => Volatile.Read(ref _gets);

    /// <summary>Bytes from the server after which a connection is cut, by the connection's number; null passes all on.</summary>
    public Func<int, long>? CutDown { get; set; }

    /// <summary>Bytes to the server after which a connection is cut.</summary>
    public Func<int, long>? CutUp { get; set; }

    /// <summary>A cut is a reset, which takes with it what the client has not read yet; otherwise the connection ends.</summary>
    public bool Resets { get; set; }

    /// <summary>What is answered in place of the server, from 0 bytes on; null asks it.</summary>
    public Func<string?>? Answer { get; set; }

    /// <summary>Cuts all connections that are open.</summary>
    public void Cut()
    {
        foreach (TcpClient client in _open.Keys) client.Dispose();
    }

    /// <summary>The words of a store that is busy.</summary>
    public static string Busy(string scheme) => scheme == ObjectUrl.S3
        ? Http("503 Slow Down", "application/xml", "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>")
        : Http("503 Server Busy\r\nx-ms-error-code: ServerBusy", "application/xml", "<Error><Code>ServerBusy</Code><Message>Busy.</Message></Error>");

    /// <summary>The words for credentials that were right an hour ago; AWS quotes the token.</summary>
    public static string Expired(string scheme) => scheme == ObjectUrl.S3
        ? Http("400 Bad Request", "application/xml", "<Error><Code>ExpiredToken</Code><Message>Expired.</Message><Token-0>SECRET</Token-0></Error>")
        : Http("403 Forbidden\r\nx-ms-error-code: AuthenticationFailed", "application/xml",
            "<Error><Code>AuthenticationFailed</Code><Message>SECRET</Message></Error>");

    /// <summary>The words for credentials that are right and not enough.</summary>
    public static string Denied(string scheme) => scheme == ObjectUrl.S3
        ? Http("403 Forbidden", "application/xml", "<Error><Code>AccessDenied</Code><Message>No.</Message></Error>")
        : Http("403 Forbidden\r\nx-ms-error-code: AuthorizationPermissionMismatch", "application/xml",
            "<Error><Code>AuthorizationPermissionMismatch</Code></Error>");

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        Cut();
        _stop.Dispose();
    }

    private static string Http(string status, string type, string body) =>
        Invariant($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");

    private async Task Accept()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Serve(client, Interlocked.Increment(ref _connections));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task Serve(TcpClient client, int number)
    {
        _open[client] = true;
        try
        {
            using (client)
            {
                using TcpClient server = new();
                await server.ConnectAsync(IPAddress.Loopback, _server);
                NetworkStream near = client.GetStream(), far = server.GetStream();
                await Task.WhenAny(FromClient(near, far, number), FromServer(far, near, number));
                if (Resets) client.LingerState = new LingerOption(true, 0);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
        finally
        {
            _open.TryRemove(client, out _);
        }
    }

    private async Task FromClient(NetworkStream near, NetworkStream far, int number)
    {
        long left = CutUp?.Invoke(number) ?? long.MaxValue;
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = await near.ReadAsync(buffer)) > 0;)
        {
            if (buffer.AsSpan(0, read).StartsWith("GET "u8)) Interlocked.Increment(ref _gets);
            if (Answer?.Invoke() is string answer)
            {
                // an answer to HEAD has no body
                if (buffer.AsSpan(0, read).StartsWith("HEAD "u8))
                    answer = answer[..answer.IndexOf("Content-Type", StringComparison.Ordinal)] + "Content-Length: 0\r\nConnection: close\r\n\r\n";
                await near.WriteAsync(Encoding.UTF8.GetBytes(answer));
                // what is left of the request is read, or the answer would be lost in a reset
                near.Socket.Shutdown(SocketShutdown.Send);
                using CancellationTokenSource soon = new(200);
                try
                {
                    while (await near.ReadAsync(buffer, soon.Token) > 0) { }
                }
                catch (OperationCanceledException)
                {
                }
                return;
            }
            int most = (int)Math.Min(read, left);
            await far.WriteAsync(buffer.AsMemory(0, most));
            if ((left -= most) == 0) return;
        }
    }

    private async Task FromServer(NetworkStream far, NetworkStream near, int number)
    {
        long left = CutDown?.Invoke(number) ?? long.MaxValue;
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = await far.ReadAsync(buffer)) > 0;)
        {
            int most = (int)Math.Min(read, left);
            Interlocked.Add(ref _down, most);
            await near.WriteAsync(buffer.AsMemory(0, most));
            if ((left -= most) == 0) return;
        }
    }
}
