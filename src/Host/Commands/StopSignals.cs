using System.Runtime.InteropServices;

namespace VerseEtl.Host.Commands;

/// <summary>Turns the first SIGINT or SIGTERM into a clean stop; a second SIGINT ends the process at once.</summary>
public sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _code;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, ExitCode.Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, ExitCode.Terminated)),
    ];

    public CancellationToken Token => _source.Token;

    /// <summary>The exit code of the signal that came, 0 if none did.</summary>
    public int Code => Volatile.Read(ref _code);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context, int code)
    {
        if (Interlocked.CompareExchange(ref _code, code, 0) != 0) return;
        context.Cancel = true;
        _source.Cancel();
    }
}
