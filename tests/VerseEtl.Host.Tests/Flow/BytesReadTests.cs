using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace VerseEtl.Host.Tests.Flow;

/// <summary>How often each file of the source is read, counted by the kernel's answers to a process of its own.</summary>
public sealed partial class BytesReadTests(SmallDataset dataset) : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Every_file_is_read_once_by_a_first_run_and_once_after_a_copy_and_not_at_all_after_that()
    {
        string source = Copied(dataset.Sound, "source");
        AssertSame(Times(source, 1, sidecars: 2), Read(source, "run"));
        Assert.Empty(Read(source, "plan"));
        string copy = Copied(source, "copy");
        AssertSame(Times(copy, 1, sidecars: 1), Read(copy, "run"));
        AssertSame(Times(copy, 1, sidecars: 1), Read(copy, "run --verify"));
        Thread.Sleep(2_500); // what was changed just now is not trusted by its times
        Read(copy, "run");
        Assert.Empty(Read(copy, "run"));
    }

    /// <summary>
    /// Bytes of each volume and JSON file; nothing else is opened. No row has a sidecar's hash, so those few bytes are read again for it.
    /// </summary>
    private static SortedDictionary<string, long> Times(string source, int others, int sidecars)
    {
        SortedDictionary<string, long> bytes = new(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
            if (file.Contains(".nii", StringComparison.Ordinal) || file.EndsWith(".json", StringComparison.Ordinal))
                bytes[file] = new FileInfo(file).Length * (file.EndsWith("_ct.json", StringComparison.Ordinal) ? sidecars : others);
        return bytes;
    }

    private static void AssertSame(SortedDictionary<string, long> expected, SortedDictionary<string, long> read)
    {
        Assert.Empty(expected.Except(read).Select(file => $"to be read {file.Value} bytes of {file.Key}"));
        Assert.Empty(read.Except(expected).Select(file => $"read {file.Value} bytes of {file.Key}"));
    }

    private SortedDictionary<string, long> Read(string source, string command)
    {
        string traces = _temp.Folder($"traces-{Guid.NewGuid():N}");
        const string Calls = "trace=read,pread64,readv,preadv,sendfile";
        string[] line =
        [
            .. BadInput.SourceFailureTests.Traced("-ff", "-y", "-s", "0", "-o", Path.Join(traces, "thread"), "-e", Calls),
            "dotnet", Path.Join(AppContext.BaseDirectory, "verse-etl.dll"), .. command.Split(' '),
            "--source", source, "--output", Path.Join(_temp.Path, "tables"), "--quiet",
        ];
        using Process process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == ExitCode.Done, output);
        SortedDictionary<string, long> bytes = new(StringComparer.Ordinal);
        foreach (Match call in Directory.GetFiles(traces).SelectMany(File.ReadLines).Select(answer => Call().Match(answer)))
        {
            string file = call.Groups["file"].Value;
            if (file.StartsWith(source + "/", StringComparison.Ordinal))
                bytes[file] = bytes.GetValueOrDefault(file) + long.Parse(call.Groups["bytes"].Value, CultureInfo.InvariantCulture);
        }
        return bytes;
    }

    private string Copied(string source, string name)
    {
        string copy = Path.Join(_temp.Path, name);
        using Process process = Process.Start("cp", ["-a", source, copy]);
        process.WaitForExit();
        return copy;
    }

    [GeneratedRegex(@"\((\d+)<(?<file>[^>]+)>.*\) += (?<bytes>\d+)$")]
    private static partial Regex Call();
}
