using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace VerseEtl.Host.Tests.Serving.Notices;

/// <summary>A real HTTP server on loopback that keeps what is posted to it and answers as it is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _came = new(0);

    private Receiver(WebApplication app) => _app = app;

    /// <summary>Statuses of the next answers; 200 when there are no more. 0 breaks the connection.</summary>
    public ConcurrentQueue<int> Answers { get; } = new();

    public ConcurrentQueue<JsonElement> Notices { get; } = new();

    public string Url { get; private set; } = "";

    public static async Task<Receiver> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRouting();
        Receiver receiver = new(builder.Build());
        receiver._app.Run(receiver.Take);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        receiver.Url = receiver._app.Urls.First() + "/hook/very-secret-part";
        return receiver;
    }

    /// <summary>Waits until so many more were posted.</summary>
    public async Task Came(int count)
    {
        for (int one = 0; one < count; one++)
            Assert.True(await _came.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken), "it did not happen in time");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _came.Dispose();
    }

    private async Task Take(HttpContext context)
    {
        Assert.Equal(("POST", "application/json; charset=utf-8"), (context.Request.Method, context.Request.ContentType));
        Notices.Enqueue((await JsonDocument.ParseAsync(context.Request.Body)).RootElement.Clone());
        if (Answers.TryDequeue(out int status) && status == 0) context.Abort();
        else context.Response.StatusCode = status == 0 ? 200 : status;
        _came.Release();
    }
}
