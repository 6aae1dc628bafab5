using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VerseEtl.Host.Tests.Serving;

/// <summary>A browser without a screen, driven by its own protocol: what it asks for and says is kept.</summary>
internal sealed partial class Chromium : IAsyncDisposable
{
    private const string Path = "/usr/bin/chromium";

    private readonly TempFolder _profile = new();
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly Dictionary<int, TaskCompletionSource<JsonNode>> _waiting = [];
    private Task _listening = Task.CompletedTask;
    private int _calls;

    private Chromium() => _process = Process.Start(new ProcessStartInfo(Path,
        ["--headless", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--remote-debugging-port=0",
            $"--user-data-dir={_profile.Path}/p", "about:blank"])
    { RedirectStandardError = true })!;

    public static bool IsHere => File.Exists(Path);

    /// <summary>Addresses of everything that pages have asked for.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Errors, warnings and what was blocked.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<Chromium> Start(int width, int height)
    {
        Chromium browser = new();
        try
        {
            string? line;
            Match port;
            do
            {
                line = await browser._process.StandardError.ReadLineAsync(Token) ?? throw new InvalidOperationException("Chromium ended.");
                port = ListeningLine().Match(line);
            }
            while (!port.Success);
            _ = browser._process.StandardError.ReadToEndAsync(CancellationToken.None);
            using HttpClient client = new();
            string targets = await client.GetStringAsync($"http://127.0.0.1:{port.Groups[1].Value}/json", Token);
            string page = JsonNode.Parse(targets)!.AsArray().First(target => (string?)target!["type"] == "page")!["webSocketDebuggerUrl"]!.GetValue<string>();
            await browser._socket.ConnectAsync(new Uri(page), Token);
            browser._listening = browser.Listen();
            foreach (string domain in new[] { "Network", "Page", "Runtime", "Log" }) await browser.Call(domain + ".enable");
            await browser.Call("Emulation.setDeviceMetricsOverride",
                new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    public Task Open(Uri address) => Call("Page.navigate", new() { ["url"] = address.ToString() });

    /// <summary>The value of an expression, as text.</summary>
    public async Task<string> Value(string expression) =>
        (await Call("Runtime.evaluate", new() { ["expression"] = $"String({expression})", ["returnByValue"] = true, ["awaitPromise"] = true }))
            ["result"]?["value"]?.GetValue<string>() ?? "";

    /// <summary>Waits until an expression is true.</summary>
    public async Task Until(string expression)
    {
        for (Stopwatch waited = Stopwatch.StartNew(); await Value(expression) != "true"; await Task.Delay(50, Token))
            if (waited.Elapsed > TimeSpan.FromSeconds(90)) throw new TimeoutException($"{expression} did not come true.");
    }

    public async Task Press(string key)
    {
        int code = key switch { "Tab" => 9, "Enter" => 13, "ArrowLeft" => 37, "ArrowUp" => 38, "ArrowRight" => 39, "ArrowDown" => 40, _ => 0 };
        JsonObject pressed = new() { ["type"] = "keyDown", ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code };
        if (key == "Enter") pressed["text"] = "\r";
        await Call("Input.dispatchKeyEvent", pressed);
        await Call("Input.dispatchKeyEvent", new() { ["type"] = "keyUp", ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code });
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        await _listening;
        _process.Dispose();
        _socket.Dispose();
        _profile.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<JsonNode> Call(string method, JsonObject? parameters = null)
    {
        TaskCompletionSource<JsonNode> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int id = ++_calls;
        lock (_waiting) _waiting[id] = answer;
        byte[] message = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] });
        await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, Token);
        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
    }

    private async Task Listen()
    {
        byte[] buffer = new byte[1 << 16];
        using MemoryStream message = new();
        try
        {
            while (true)
            {
                WebSocketReceiveResult part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage) continue;
                Take(JsonNode.Parse(message.ToArray())!);
                message.SetLength(0);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // closed by this side
        }
    }

    private void Take(JsonNode message)
    {
        if ((int?)message["id"] is int id)
        {
            lock (_waiting) _waiting[id].SetResult(message["result"] ?? new JsonObject());
            return;
        }
        JsonNode? told = message["params"];
        switch ((string?)message["method"])
        {
            case "Network.requestWillBeSent": Requests.Add((string)told!["request"]!["url"]!); break;
            case "Runtime.exceptionThrown": Complaints.Add(told!["exceptionDetails"]!.ToJsonString()); break;
            case "Log.entryAdded" when (string?)told!["entry"]!["level"] is "error" or "warning": Complaints.Add((string)told["entry"]!["text"]!); break;
            case "Runtime.consoleAPICalled" when (string?)told!["type"] is "error" or "warning": Complaints.Add(told["args"]!.ToJsonString()); break;
        }
    }

    [GeneratedRegex("^DevTools listening on ws://127\\.0\\.0\\.1:([0-9]+)/")]
    private static partial Regex ListeningLine();
}
