using Serilog;
using VerseEtl.Extract.Tree;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>
/// Measures scans side by side, so many at a time. Whatever happens to a scan, it ends as exactly one
/// result, told with its place in the list, and never stops another.
/// </summary>
public sealed class ScanSchedule(Func<ScanFiles, CancellationToken, ScanResult> measure, ScanRetry retry, TimeProvider time, ILogger log)
{
    /// <param name="done">Takes the result of the scan at a place in the list, from several threads and in any order.</param>
    /// <exception cref="StorageException">The warehouse's storage failed.</exception>
    /// <exception cref="OperationCanceledException">Stopped; scans in flight were given up.</exception>
    public Task Measure(IReadOnlyList<ScanFiles> scans, int parallelism, Action<int, ScanResult> done, IProgress<RunStep>? progress, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        ParallelOptions options = new() { MaxDegreeOfParallelism = parallelism, CancellationToken = token };
        // with one scan, threads and all that waits for them would take longer than measuring it
        return scans.Count == 1 ? At(0, token).AsTask() : Parallel.ForAsync(0, scans.Count, options, At);

        async ValueTask At(int at, CancellationToken cancelled)
        {
            long started = time.GetTimestamp();
            ScanResult result = await MeasureOne(scans[at], cancelled);
            done(at, result);
            TimeSpan elapsed = time.GetElapsedTime(started);
            log.Information("Scan {Scan} {Status}: {Vertebrae} vertebrae, {Findings} findings in {ElapsedMs} ms",
                result.Scan.ScanKey, result.Scan.Status, result.Vertebrae.Count, result.Findings.Count, (long)elapsed.TotalMilliseconds);
            progress?.Report(new RunStep.Measured(result, elapsed));
        }
    }

    private async Task<ScanResult> MeasureOne(ScanFiles scan, CancellationToken token)
    {
        try
        {
            return await retry.Execute(attempt => measure(scan, attempt), token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            throw;
        }
        catch (StorageException)
        {
            // the warehouse, not the scan
            throw;
        }
        catch (Exception error) when (StorageException.Covers(error) && error is not EndOfStreamException)
        {
            log.Warning("Scan {Scan} could not be read: {Kind}", scan.Key.Text, error.GetType().Name);
            return FailedScan.Unavailable(scan, error);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // the one boundary at which a defect is turned into a row: the other scans must go on, and this one must not look clean
            log.Error(error, "Scan {Scan} met an unexpected error", scan.Key.Text);
            return FailedScan.Unexpected(scan, error);
        }
    }
}
