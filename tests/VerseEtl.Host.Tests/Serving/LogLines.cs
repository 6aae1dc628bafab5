using System.Collections.Concurrent;
using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace VerseEtl.Host.Tests.Serving;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogLines : ILogEventSink
{
    private readonly ConcurrentQueue<string> _all = new();

    public IEnumerable<string> All => _all;

    /// <summary>Waits until so many lines hold the text.</summary>
    public async Task Came(string text, int count)
    {
        for (int looks = 0; _all.Count(line => line.Contains(text, StringComparison.Ordinal)) < count; looks++)
        {
            Assert.True(looks < 1_500, "it did not happen in time");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public void Emit(LogEvent logEvent) => _all.Enqueue(logEvent.RenderMessage(CultureInfo.InvariantCulture));
}
