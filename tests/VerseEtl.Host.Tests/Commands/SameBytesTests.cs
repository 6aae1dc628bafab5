using System.Diagnostics;
using System.Security.Cryptography;
using VerseEtl.Extract.Sample;

namespace VerseEtl.Host.Tests.Commands;

/// <summary>The same scans give the same tables, byte for byte, wherever and however they are read; a long run takes the whole sample.</summary>
public sealed class SameBytesTests(SmallDataset dataset) : IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Threads_locale_time_zone_and_the_order_of_directories_leave_no_trace_in_the_tables()
    {
        string source = LongRuns.Factor > 1 ? Path.Join(_temp.Path, "sample") : dataset.Faulty;
        if (LongRuns.Factor > 1) SampleDataset.Write(source, new SampleOptions { WithFaults = true }, token: Token);
        string[] files = [.. Directory.GetFiles(source, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Copy(source, files, "forth");
        Copy(source, [.. files.Reverse()], "back");

        string[] tables = await Run("forth", parallelism: 1, language: "C", zone: "UTC");
        Assert.Equal(8, tables.Length);
        Assert.Equal(tables, await Run("back", parallelism: 4, language: "tr_TR.UTF-8", zone: "Asia/Kathmandu"));
        Assert.Equal(tables, await Run("back", parallelism: 2, language: "de_DE.UTF-8", zone: "Pacific/Kiritimati"));
    }

    /// <summary>Made in the given order, so that the file system lists another one.</summary>
    private void Copy(string source, string[] files, string name)
    {
        foreach (string file in files)
        {
            string copy = Path.Join(_temp.Path, name, "source", Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <returns>Path and SHA-256 of every Parquet file of the snapshot.</returns>
    private async Task<string[]> Run(string name, int parallelism, string language, string zone)
    {
        string output = Path.Join(_temp.Path, name, $"tables-{parallelism}");
        // the folder's own name may stand in a table, so both trees are called `source` and named from where they lie
        ProcessStartInfo start = new("dotnet", [Path.Join(AppContext.BaseDirectory, "verse-etl.dll"), "run",
            "--source", "source", "--output", output, "--parallelism", $"{parallelism}", "--fail-on", "never"])
        {
            WorkingDirectory = Path.Join(_temp.Path, name),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string variable in new[] { "LANG", "LC_ALL" }) start.Environment[variable] = language;
        start.Environment["TZ"] = zone;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(Token);
        string text = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == ExitCode.Done, text + await error);
        string current = Path.Join(output, "current");
        return [.. Directory.GetFiles(current, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => Path.GetRelativePath(current, file) + " " + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))))];
    }
}
