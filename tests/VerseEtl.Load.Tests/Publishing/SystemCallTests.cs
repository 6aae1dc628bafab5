using System.Diagnostics;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>Every system call that opens, writes, syncs, locks, links, renames, makes or removes below the warehouse fails in turn.</summary>
public sealed class SystemCallTests : IDisposable
{
    private const int Sample = 67; // of about 330 calls x 4 errors x 2, every 67th; all in a long run
    private const int Kinds = 8;
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact(Explicit = true)]
    public async Task Any_system_call_that_fails_once_or_for_ever_leaves_a_whole_snapshot_and_the_next_run_clears_up()
    {
        string library = _temp["faults.so"];
        Assert.SkipUnless(await Compile(library), "there is no C compiler");
        ParallelOptions options = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = Token };
        await Parallel.ForAsync(0, Kinds, options, async (kind, _) =>
        {
            string folder = Directory.CreateDirectory(_temp[$"{kind}"]).FullName;
            using Process sweep = PublishWorker.StartTask($"faults|{folder}|{library}|{(LongRuns.Factor > 1 ? 1 : Sample)}|{kind}",
                "/usr/bin/env", "LD_PRELOAD=" + library);
            Task<string> error = sweep.StandardError.ReadToEndAsync(Token);
            string output = await sweep.StandardOutput.ReadToEndAsync(Token);
            await sweep.WaitForExitAsync(Token);
            LongRuns.Report(output);
            Assert.True(sweep.ExitCode == 0, output + await error);
            Assert.Contains(" 0 wrong", output, StringComparison.Ordinal);
        });
    }

    private static async Task<bool> Compile(string library)
    {
        if (!File.Exists("/usr/bin/cc")) return false;
        using Process compiler = Process.Start("/usr/bin/cc",
            ["-O1", "-shared", "-fPIC", "-o", library, Path.Combine(AppContext.BaseDirectory, "Publishing", "faults.c"), "-ldl"]);
        await compiler.WaitForExitAsync(Token);
        return compiler.ExitCode == 0;
    }
}
