using System.Diagnostics;
using VerseEtl.Host.Tests.Commands;

namespace VerseEtl.Host.Tests.Damaged;

/// <summary>A small warehouse to break copies of: two snapshots, a rollback to the first, a hold, and a source whose next run finds nothing new.</summary>
public sealed class WholeWarehouse(SmallDataset dataset) : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _temp = new();

    public string Source => Path.Join(_temp.Path, "s");

    private string Whole => Path.Join(_temp.Path, "whole");

    public async ValueTask InitializeAsync()
    {
        SmallDataset.Copy(dataset.Sound, Source);
        string centroids = Directory.GetFiles(Source, "sub-verse902*ctd.json", SearchOption.AllDirectories).Single(), text = File.ReadAllText(centroids);
        await Run();
        File.WriteAllText(centroids, "[{\"direction\": [\"P\", \"I\", \"R\"]}]");
        await Run();
        File.WriteAllText(centroids, text);
        await Task.Delay(2_500, TestContext.Current.CancellationToken); // the change time has to settle for the file to be known again
        Assert.Equal(ExitCode.Done, (await CommandLineTests.Invoke($"rollback 1 -w {Whole}")).Code);
        // nothing new, and the hashes are known
        await Run();
    }

    /// <summary>A copy in which files that are one on the disk stay one.</summary>
    public string CopyTo(string name)
    {
        string copy = Path.Join(_temp.Path, name);
        using Process process = Process.Start("cp", ["-a", Whole, copy]);
        process.WaitForExit();
        return copy;
    }

    public string Beside(string name) => Path.Join(_temp.Path, name);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    public void Dispose() => _temp.Dispose();

    private async Task Run() => Assert.Equal(ExitCode.Done, (await CommandLineTests.Invoke($"run -s {Source} -o {Whole} -q")).Code);
}
