using VerseEtl.Extract.Scans;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>Exit codes, and when a run had better publish nothing.</summary>
public sealed class RunEndingTests
{
    [Theory]
    [InlineData("ok", FailOn.Error, ExitCode.Done)]
    [InlineData("ok", FailOn.Warning, ExitCode.Done)]
    [InlineData("info", FailOn.Warning, ExitCode.Done)]
    [InlineData("warning", FailOn.Error, ExitCode.Done)]
    [InlineData("warning", FailOn.Warning, ExitCode.PublishedWithErrors)]
    [InlineData("warning", FailOn.Never, ExitCode.Done)]
    [InlineData("error", FailOn.Error, ExitCode.PublishedWithErrors)]
    [InlineData("error", FailOn.Warning, ExitCode.PublishedWithErrors)]
    [InlineData("error", FailOn.Never, ExitCode.Done)]
    public async Task The_worst_finding_and_fail_on_make_the_exit_code_tonight_and_on_an_unchanged_night(string worst, FailOn line, int expected)
    {
        using TwoScans scans = new();
        if (worst == "info") scans.Write(TwoScans.Mask, TwoScans.MaskFile(TwoScans.MaskSpec with { Version = 2 }).Gzip());
        if (worst == "warning") scans.Delete(TwoScans.Ct);
        if (worst == "error") scans.Write(TwoScans.Ct, [1, 2, 3]);
        RunOptions options = new() { FailOn = line };
        RunOutcome first = await scans.Run(options: options), second = await scans.Run(options: options);
        Assert.Equal((RunEnding.Published, expected), (first.Report.Ending, first.Report.ExitCode));
        Assert.Equal((RunEnding.Unchanged, expected), (second.Report.Ending, second.Report.ExitCode));
    }

    [Fact]
    public async Task Scans_that_are_gone_keep_the_previous_snapshot_until_that_is_accepted()
    {
        using TwoScans scans = new();
        RunOutcome before = await scans.Run();
        Directory.Delete(scans.Full($"{TwoScans.Folder}/derivatives/{TwoScans.Broken}"), recursive: true);
        Directory.Delete(scans.Full($"{TwoScans.Folder}/rawdata/{TwoScans.Broken}"), recursive: true);

        RunOutcome refused = await scans.Run();
        Assert.Equal((ExitCode.Breaker, RunEnding.NotPublished), (refused.Report.ExitCode, refused.Report.Ending));
        Assert.Contains(refused.Report.Reasons, reason =>
            reason.StartsWith("RUN_BREAKER 1 of the previous snapshot's 2 scans were found again", StringComparison.Ordinal));
        Assert.Equal(before.Report.Sequence, Warehouse.OpenForReading(scans.Output).Current!.Sequence);

        RunOutcome accepted = await scans.Run(options: new RunOptions { AcceptShrink = true });
        Assert.Equal((ExitCode.Done, 1), (accepted.Report.ExitCode, accepted.Report.ScansFound));
        Assert.True(accepted.Report.Sequence > before.Report.Sequence);
    }

    [Fact]
    public async Task An_empty_source_publishes_nothing_even_where_shrinking_is_accepted()
    {
        using TwoScans scans = new();
        await scans.Run();
        Directory.Delete(scans.Full(TwoScans.Folder), recursive: true);
        RunOutcome refused = await scans.Run(options: new RunOptions { AcceptShrink = true });
        Assert.Equal((ExitCode.SourceUnavailable, RunEnding.NotPublished), (refused.Report.ExitCode, refused.Report.Ending));
        Assert.Equal(1, Warehouse.OpenForReading(scans.Output).Current!.Sequence);
    }

    [Fact]
    public async Task Bad_bytes_are_read_once_and_failing_storage_five_times()
    {
        using TwoScans scans = new();
        scans.Write(TwoScans.Mask, [1, 2, 3]);
        int reads = 0;
        RunOutcome bad = await scans.Run(measure: (files, limits, token) =>
        {
            if (TreeCases.IsBroken(files)) reads++;
            return new ScanMeasuring().Measure(files, limits, token);
        });
        Assert.Equal((1, 1), (reads, bad.Report.ScansFailed));
        reads = 0;
        FixedTime time = new();
        RunOutcome gone = await scans.Run(options: new RunOptions { Full = true }, time: time, measure: (files, limits, token) =>
        {
            if (!TreeCases.IsBroken(files)) return new ScanMeasuring().Measure(files, limits, token);
            reads++;
            throw new IOException("Input/output error");
        });
        Assert.Equal(5, reads);
        Assert.Equal(4, time.Waits.Count);
        Assert.Contains(gone.Tables!.Findings, finding => finding.Code == "SRC_UNAVAILABLE");
    }
}
