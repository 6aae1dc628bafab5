using Serilog.Core;
using Serilog.Events;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host;

/// <summary>A log file whose disk may be full: the first failure is told once, and the work that is logged goes on.</summary>
internal sealed class LossySink(ILogEventSink file, Action<string> tell) : ILogEventSink, IDisposable
{
    private int _told;

    public void Emit(LogEvent logEvent) => Try(() => file.Emit(logEvent));

    // what could not be written is tried once more, and would end the process
    public void Dispose() => Try(() => (file as IDisposable)?.Dispose());

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            if (Interlocked.Exchange(ref _told, 1) == 0) tell($"the log file is not complete: {error.Message}");
        }
    }
}
