using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace VerseEtl.Host.Tests.Commands;

/// <summary>What only a process of its own can show: exit codes, pipes, signals.</summary>
public sealed class ProcessTests(SmallDataset dataset) : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Exit_codes_reach_the_shell_and_json_stands_alone_on_standard_output()
    {
        using Process process = Start($"run --source {dataset.Sound} --output {_temp.Path}/w --json");
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Done, process.ExitCode);
        Assert.Equal(0, JsonDocument.Parse(output).RootElement.GetProperty("exit_code").GetInt32());
        Assert.Contains("ad-hoc: measuring 4 scans", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', error);
    }

    [Fact]
    public async Task A_reader_that_closes_the_pipe_does_not_hurt_the_run()
    {
        using Process process = Start($"run --source {dataset.Sound} --output {_temp.Path}/w --verbose");
        process.StandardOutput.Close();
        process.StandardError.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Done, process.ExitCode);
        Assert.True(Directory.Exists(Path.Join(_temp.Path, "w/current/vertebrae")));
    }

    [Fact]
    public async Task Standard_output_on_a_full_disk_is_one_line_and_a_run_ends_as_it_ended()
    {
        string run = $"run --source {dataset.Sound} --output {_temp.Path}/w --quiet";
        foreach ((string line, int expected) in new[]
        {
            (run, ExitCode.Done), (run + " --json", ExitCode.Done), ($"runs -w {_temp.Path}/w", ExitCode.Storage),
            ($"runs -w {_temp.Path}/w --json", ExitCode.Storage), ("nonsense --json", ExitCode.Storage), ("schema", ExitCode.Storage),
        })
        {
            (int code, string error) = await InShell($"{line} > /dev/full");
            Assert.Equal((line, expected), (line, code));
            Assert.Equal("verse-etl: standard output is not complete: No space left on device", Assert.Single(error.TrimEnd().Split('\n')));
        }
        Assert.Equal(ExitCode.Done, (await InShell($"runs -w {_temp.Path}/w 2> /dev/full")).Code);
    }

    [Fact]
    public async Task A_log_file_on_a_full_disk_is_one_line_and_the_run_goes_on()
    {
        (int code, string error) = await InShell($"run --source {dataset.Sound} --output {_temp.Path}/w --quiet --log-file /dev/full");
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal("verse-etl: the log file is not complete: No space left on device : '/dev/full'", Assert.Single(error.TrimEnd().Split('\n')));
        Assert.Contains("exit 0", (await CommandLineTests.Invoke($"runs -w {_temp.Path}/w")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15, 143)]
    [InlineData(2, 130)]
    public async Task A_signal_stops_cleanly_and_publishes_nothing(int signal, int expected)
    {
        // a FIFO in the place of a listing would block; a folder of many copies just takes long enough
        string source = Path.Join(_temp.Path, "many");
        for (int copy = 0; copy < 600; copy++)
        {
            foreach (string mask in Directory.GetFiles(dataset.Sound, "sub-verse912*msk.nii.gz", SearchOption.AllDirectories))
            {
                string folder = Directory.CreateDirectory($"{source}/dataset-verse19training/derivatives/sub-verse{copy:000}").FullName;
                File.Copy(mask, Path.Join(folder, $"sub-verse{copy:000}_seg-vert_msk.nii.gz"));
            }
        }
        using Process process = Start($"run --source {source} --output {_temp.Path}/w --parallelism 1");
        string? line;
        do line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line is not null && !line.Contains("measuring", StringComparison.Ordinal));
        Assert.Equal(0, kill(process.Id, signal));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(expected, process.ExitCode);
        Assert.Empty(Directory.GetFiles(Path.Join(_temp.Path, "w/commits")));
    }

    /// <summary>What the process said on standard error, and how it ended.</summary>
    private static async Task<(int Code, string Error)> InShell(string line)
    {
        string program = Path.Join(AppContext.BaseDirectory, "verse-etl.dll");
        ProcessStartInfo start = new("sh", ["-c", $"dotnet {program} {line}"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        return (process.ExitCode, error);
    }

    [DllImport("libc")]
    private static extern int kill(int process, int signal);

    private static Process Start(string line)
    {
        // a test run in the background inherits an ignored SIGINT; the program must not
        ProcessStartInfo start = new("env",
            ["--default-signal=INT", "dotnet", Path.Join(AppContext.BaseDirectory, "verse-etl.dll"), .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        return Process.Start(start)!;
    }
}
