using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VerseEtl.Host.Tests.Serving.Access;

/// <summary>A request as bytes, which no client would send.</summary>
internal static class RawRequest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <returns>The answer as far as it came; empty where the connection was closed without one.</returns>
    public static async Task<string> Send(int port, string request, CancellationToken token)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, token);
        using CancellationTokenSource patient = CancellationTokenSource.CreateLinkedTokenSource(token);
        patient.CancelAfter(Patience);
        byte[] buffer = new byte[1 << 16];
        int length = 0;
        try
        {
            // the answer may come before all is sent, with the connection closed
            Task sent = Sent(socket, Encoding.Latin1.GetBytes(request), patient.Token);
            for (int read; length < buffer.Length && (read = await socket.ReceiveAsync(buffer.AsMemory(length), patient.Token)) > 0; length += read) { }
            await sent;
        }
        catch (Exception error) when (error is SocketException)
        {
            // closed by the host
        }
        return Encoding.Latin1.GetString(buffer, 0, length);
    }

    private static async Task Sent(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken token)
    {
        try
        {
            while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, token)..];
        }
        catch (SocketException)
        {
            // what was answered already is read all the same
        }
    }
}
