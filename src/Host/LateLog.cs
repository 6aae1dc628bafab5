using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace VerseEtl.Host;

/// <summary>
/// A log that is made when its first line is written: making it takes a twentieth of a short run, and most of them have nothing to tell. Safe to use from
/// several threads.
/// </summary>
/// <param name="least">Lines below this level are written nowhere.</param>
internal sealed class LateLog(LogEventLevel least, Func<ILogger> make) : ILogger, IAsyncDisposable
{
    private readonly Lazy<ILogger> _log = new(make);

    public bool IsEnabled(LogEventLevel level) => level >= least;

    public void Write(LogEvent logEvent)
    {
        if (IsEnabled(logEvent.Level)) _log.Value.Write(logEvent);
    }

    public void Write(LogEventLevel level, Exception? exception, string messageTemplate, params object?[]? propertyValues)
    {
        if (IsEnabled(level)) _log.Value.Write(level, exception, messageTemplate, propertyValues);
    }

    public ILogger ForContext(string propertyName, object? value, bool destructureObjects = false) =>
        new LateLog(least, () => _log.Value.ForContext(propertyName, value, destructureObjects));

    public ValueTask DisposeAsync() => _log is { IsValueCreated: true, Value: Logger made } ? made.DisposeAsync() : ValueTask.CompletedTask;
}
