using System.Runtime.InteropServices;

namespace VerseEtl.Host.Commands;

/// <summary>Turns the first SIGINT or SIGTERM into a clean stop; a second SIGINT ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _registrations;
    private int _code;

    /// <param name="outer">Stops as well.</param>
    public StopSignals(CancellationToken outer)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, Host.ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, Host.ExitCode.Terminated)),
        ];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>For a process that was stopped: by the signal that came, or as if interrupted.</summary>
    public int ExitCode => Volatile.Read(ref _code) is int code and not 0 ? code : Host.ExitCode.Interrupted;

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
