using System.Diagnostics;
using System.Globalization;
using VerseEtl.Host.Jobs;

namespace VerseEtl.Host.Tests.Jobs;

/// <summary>The real program as one of several hosts.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;

    private HostProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public bool HasExited => _process.HasExited;

    /// <param name="cores">As for taskset; all where it is null.</param>
    public static HostProcess Start(string yaml, string connection, string logFile, string? cores = null)
    {
        string[] pinned = cores is null ? [] : ["taskset", "-c", cores];
        ProcessStartInfo start = new("env", ["--default-signal=INT", .. pinned, "dotnet",
            Path.Join(AppContext.BaseDirectory, "verse-etl.dll"), "serve", "--config", yaml, "--port", "0", "--log-file", logFile])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[SharedStorage.Variable] = connection;
        // sign-in data of its own, away from whoever runs the tests
        start.Environment["HOME"] = Path.GetDirectoryName(yaml);
        // it ends before a second compilation pays
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        return new HostProcess(Process.Start(start)!);
    }

    /// <summary>Sends a signal by number or name, as kill(1) knows them.</summary>
    public void Signal(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> Stop()
    {
        Signal("TERM");
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
