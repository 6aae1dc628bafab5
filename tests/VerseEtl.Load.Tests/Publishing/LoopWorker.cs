using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>A writer process that publishes as often as it is told to, so that a thousand rounds cost one start.</summary>
internal sealed class LoopWorker : IDisposable
{
    private readonly Process _process = PublishWorker.StartTask(PublishWorker.Loop);

    public int ExitCode => _process.ExitCode;

    public async Task Ready(CancellationToken token) => Assert.Equal("ready", await _process.StandardOutput.ReadLineAsync(token));

    public void Send(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    public async Task<string?> Line(CancellationToken token) => await _process.StandardOutput.ReadLineAsync(token);

    public async Task<PublishEnding> Ending(CancellationToken token) =>
        (PublishEnding)int.Parse(await Line(token) ?? "-1", CultureInfo.InvariantCulture);

    public void Kill() => _process.Kill();

    /// <summary>Returns when every thread has stopped; on a busy machine the signal takes its time.</summary>
    public void Stop()
    {
        Assert.Equal(0, Signal(_process.Id, 19));
        while (Directory.GetDirectories($"/proc/{_process.Id}/task")
            .Any(thread => !File.ReadAllText(thread + "/stat").Contains(") T ", StringComparison.Ordinal)))
            Thread.Sleep(1);
    }

    public void Continue() => Assert.Equal(0, Signal(_process.Id, 18));

    /// <summary>Waits for the end and returns what was printed until then.</summary>
    public async Task<string[]> End(CancellationToken token)
    {
        string rest = await _process.StandardOutput.ReadToEndAsync(token);
        await _process.WaitForExitAsync(token);
        return rest.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
