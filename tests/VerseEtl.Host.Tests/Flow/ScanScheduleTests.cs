using Serilog;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Flow;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Flow;

public sealed class ScanScheduleTests
{
    private readonly FixedTime _time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Results_stand_in_the_order_of_the_scans_whatever_the_parallelism(int parallelism)
    {
        IReadOnlyList<ScanFiles> scans = Scans(60);
        IReadOnlyList<ScanResult> results = await Measure(scans, parallelism, (scan, _) =>
        {
            Thread.Sleep(scan.SubjectId.GetHashCode(StringComparison.Ordinal) & 7);
            return Sound(scan);
        });
        Assert.Equal(scans.Select(scan => scan.Key.Text), results.Select(result => result.Scan.ScanKey));
    }

    [Fact]
    public async Task Never_more_scans_than_asked_for_are_in_flight()
    {
        int running = 0, most = 0;
        await Measure(Scans(40), 3, (scan, _) =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            Thread.Sleep(2);
            Interlocked.Decrement(ref running);
            return Sound(scan);
        });
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public void One_scan_needs_no_other_thread()
    {
        int caller = Environment.CurrentManagedThreadId, measuring = 0;
        Task measured = Schedule((scan, _) =>
        {
            measuring = Environment.CurrentManagedThreadId;
            return Sound(scan);
        }).Measure(Scans(1), 8, (_, _) => { }, null, TestContext.Current.CancellationToken);
        Assert.True(measured.IsCompletedSuccessfully);
        Assert.Equal(caller, measuring);
    }

    [Fact]
    public async Task Storage_that_recovers_leaves_no_trace_in_the_result()
    {
        int tries = 0;
        IReadOnlyList<ScanResult> results = await Measure(Scans(1), 1, (scan, _) => ++tries < 5 ? throw new IOException("EIO") : Sound(scan));
        Assert.Equal(5, tries);
        Assert.Equal(ScanStatus.Ok, Assert.Single(results).Scan.Status);
        Assert.Equal(4, _time.Waits.Count);
        Assert.All(_time.Waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Storage_that_stays_away_is_unavailable_after_five_tries_and_never_bad_data()
    {
        int tries = 0;
        IReadOnlyList<ScanResult> results = await Measure(Scans(1), 1, (scan, _) => throw new IOException($"try {++tries}: {scan.Mask!.Full} has gone"));
        ScanResult result = Assert.Single(results);
        Assert.Equal(5, tries);
        Assert.Equal(ScanStatus.Failed, result.Scan.Status);
        Assert.True(FailedScan.IsUnavailable(result));
        Finding finding = Assert.Single(result.Findings);
        Assert.Equal(Faults.SrcUnavailable.Code, finding.Code);
        Assert.DoesNotContain("/source/root", finding.Message, StringComparison.Ordinal);
        Assert.Contains("derivatives/sub-0", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_keeps_changing_is_read_four_times_five_seconds_apart()
    {
        int tries = 0;
        ScanResult result = Assert.Single(await Measure(Scans(1), 1, (_, _) =>
        {
            tries++;
            throw new FileChangedException(default, default);
        }));
        Assert.Equal(4, tries);
        Assert.Equal([5, 5, 5], _time.Waits.Select(wait => wait.TotalSeconds));
        Assert.Equal(Faults.TreeUnstable.Code, Assert.Single(result.Findings).Code);
        Assert.True(FailedScan.IsUnavailable(result));
    }

    [Fact]
    public async Task A_slow_share_is_given_up_after_ten_minutes()
    {
        int tries = 0;
        await Measure(Scans(1), 1, (_, _) =>
        {
            tries++;
            _time.Waits.Clear();
            _time.CreateTimer(_ => { }, null, TimeSpan.FromMinutes(6), Timeout.InfiniteTimeSpan);
            throw new IOException("timed out");
        });
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task A_defect_costs_its_scan_only_and_is_never_taken_for_clean()
    {
        IReadOnlyList<ScanResult> results = await Measure(Scans(3), 2, (scan, _) =>
            scan.SubjectId == "1" ? throw new KeyNotFoundException("details for the log") : Sound(scan));
        Assert.Equal([ScanStatus.Ok, ScanStatus.Failed, ScanStatus.Ok], results.Select(result => result.Scan.Status));
        Finding finding = Assert.Single(results[1].Findings);
        Assert.Equal((Faults.IntUnexpected.Code, "KeyNotFoundException"), (finding.Code, finding.Observed));
        Assert.DoesNotContain("details", finding.Message, StringComparison.Ordinal);
        Assert.False(FailedScan.IsUnavailable(results[1]));
    }

    [Theory]
    [InlineData(typeof(IOException), true)]
    [InlineData(typeof(UnauthorizedAccessException), true)]
    [InlineData(typeof(EndOfStreamException), false)]
    [InlineData(typeof(FileNotFoundException), false)]
    [InlineData(typeof(DirectoryNotFoundException), false)]
    [InlineData(typeof(PathTooLongException), false)]
    [InlineData(typeof(InvalidDataException), false)]
    [InlineData(typeof(InvalidOperationException), false)]
    public void Only_storage_failures_are_tried_again(Type kind, bool transient) =>
        Assert.Equal(transient, ScanRetry.IsTransient((Exception)Activator.CreateInstance(kind)!));

    [Fact]
    public async Task A_stop_leaves_as_a_cancellation()
    {
        using CancellationTokenSource stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Schedule((_, token) =>
        {
            stop.Cancel();
            token.ThrowIfCancellationRequested();
            return null!;
        }).Measure(Scans(10), 2, (_, _) => { }, null, stop.Token));
    }

    private async Task<IReadOnlyList<ScanResult>> Measure(IReadOnlyList<ScanFiles> scans, int parallelism,
        Func<ScanFiles, CancellationToken, ScanResult> measure)
    {
        ScanResult[] results = new ScanResult[scans.Count];
        await Schedule(measure).Measure(scans, parallelism, (at, result) => results[at] = result, null, TestContext.Current.CancellationToken);
        return results;
    }

    private ScanSchedule Schedule(Func<ScanFiles, CancellationToken, ScanResult> measure)
    {
        ILogger silent = new LoggerConfiguration().CreateLogger();
        return new ScanSchedule(measure, new ScanRetry(_time), _time, silent);
    }

    private static ScanResult Sound(ScanFiles scan)
    {
        ScanResult failed = FailedScan.Unexpected(scan, new InvalidOperationException());
        return new ScanResult(failed.Scan with { Status = ScanStatus.Ok }, [], []);
    }

    private static IReadOnlyList<ScanFiles> Scans(int count) =>
    [
        .. Enumerable.Range(0, count).Select(number => new ScanFiles
        {
            Key = new ScanKey("verse19", "training", $"sub-{number}"),
            SubjectId = $"{number}",
            SeriesId = $"{number}",
            Mask = new SourcePath("/source/root", $"derivatives/sub-{number}_seg-vert_msk.nii.gz"),
        }),
    ];

    private static void InterlockedMax(ref int most, int now)
    {
        for (int seen = most; now > seen; seen = most) Interlocked.CompareExchange(ref most, now, seen);
    }
}
