using System.Diagnostics;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>Storage that fails for real: strace makes the kernel answer EIO about one file, setpriv takes the rights away.</summary>
public sealed class SourceFailureTests
{
    private const string Nobody = "65534";

    [Fact]
    public async Task A_disk_that_fails_makes_a_scan_unavailable_and_never_bad_data()
    {
        using TwoScans scans = new();
        (int code, PublishedTables tables) = await Run(scans, Failing(scans.Full(TwoScans.Mask), "1+"));
        Assert.Equal(ExitCode.PublishedWithErrors, code);
        Assert.Equal([ScanStatus.Ok, ScanStatus.Failed], tables.Scans.Select(scan => scan.Status));
        Finding finding = Assert.Single(tables.Findings, finding => finding.ScanId == TwoScans.Broken && finding.Severity == Severity.Error);
        Assert.Equal("SRC_UNAVAILABLE", finding.Code);
        Assert.DoesNotContain(scans.Source, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_fails_once_leaves_no_trace()
    {
        using TwoScans scans = new();
        (int code, PublishedTables tables) = await Run(scans, Failing(scans.Full(TwoScans.Ct), "1"));
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal([ScanStatus.Ok, ScanStatus.Ok], tables.Scans.Select(scan => scan.Status));
        Assert.All(tables.Vertebrae, row => Assert.NotNull(row.MaskHuMean));
    }

    [Fact]
    public async Task A_file_that_may_not_be_read_is_told()
    {
        Assert.SkipUnless(Environment.UserName == "root" && File.Exists("/usr/bin/setpriv"), "needs root and setpriv to become somebody else");
        using TwoScans scans = new();
        string above = Path.GetDirectoryName(scans.Source)!;
        File.SetUnixFileMode(above, (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(scans.Full(TwoScans.Mask), UnixFileMode.None);
        (int code, PublishedTables tables) = await Run(scans, ["/usr/bin/setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups"]);
        Assert.Equal(ExitCode.PublishedWithErrors, code);
        Finding finding = Assert.Single(tables.Findings, finding => finding.Code == "TREE_UNREADABLE");
        Assert.Equal((Severity.Error, TwoScans.Broken, TwoScans.Mask), (finding.Severity, finding.ScanId, finding.Path));
        Assert.Equal(2, tables.Vertebrae.Count);
    }

    [Theory]
    [InlineData("statx", "entry")]
    [InlineData("getdents64", "folder")]
    public async Task A_place_that_cannot_be_looked_at_costs_itself_only(string call, string field)
    {
        using TwoScans scans = new();
        const string Bad = $"{TwoScans.Folder}/rawdata/other";
        scans.Write($"{Bad}/file", "x");
        (int code, PublishedTables tables) = await Run(scans, Failing(scans.Full(Bad), "1+", call));
        Assert.Equal(ExitCode.PublishedWithErrors, code);
        Assert.Equal([ScanStatus.Ok, ScanStatus.Ok], tables.Scans.Select(scan => scan.Status));
        Finding finding = Assert.Single(tables.Findings, finding => finding.Severity == Severity.Error);
        Assert.Equal(("TREE_UNREADABLE", Bad, field, "Input/output error (errno 5)"), (finding.Code, finding.Path, finding.Field, finding.Observed));
    }

    [Fact]
    public async Task A_place_that_cannot_be_looked_at_once_leaves_no_trace()
    {
        using TwoScans scans = new();
        (int code, PublishedTables tables) = await Run(scans, Failing(scans.Full($"{TwoScans.Folder}/rawdata/{TwoScans.Broken}"), "1", "statx"));
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal([ScanStatus.Ok, ScanStatus.Ok], tables.Scans.Select(scan => scan.Status));
    }

    /// <summary>The start of a command line that traces the rest of it; skips the test where that cannot be.</summary>
    internal static string[] Traced(params string[] options)
    {
        string? strace = new[] { "/usr/bin/strace", "/bin/strace" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(strace is null, "strace is not installed");
        using Process trial = Process.Start(new ProcessStartInfo(strace, ["-qq", "-o", "/dev/null", "true"]) { RedirectStandardError = true })!;
        trial.WaitForExit();
        Assert.SkipUnless(trial.ExitCode == 0, "strace may not trace here");
        return [strace, "-f", "-qq", .. options];
    }

    private static string[] Failing(string path, string when, string calls = "read,pread64") =>
        Traced("-o", "/dev/null", "-P", path, "-e", $"trace={calls}", "-e", $"inject={calls}:error=EIO:when={when}");

    private static async Task<(int Code, PublishedTables Tables)> Run(TwoScans scans, string[] under)
    {
        string[] line = [.. under, Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet",
            Path.Join(AppContext.BaseDirectory, "verse-etl.dll"), "run", "--source", scans.Source, "--output", scans.Output, "--quiet", "--parallelism", "1"];
        ProcessStartInfo start = new(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = Path.GetTempPath();
        using Process process = Process.Start(start)!;
        CancellationToken token = TestContext.Current.CancellationToken;
        Task<string> error = process.StandardError.ReadToEndAsync(token);
        string output = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        Snapshot? current = Warehouse.Exists(scans.Output) ? Warehouse.OpenForReading(scans.Output).Current : null;
        Assert.True(current is not null, output + await error);
        return (process.ExitCode, await Warehouse.ReadTables(current, token));
    }
}
