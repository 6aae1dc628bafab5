using System.Runtime.ExceptionServices;
using Polly.Retry;
using Polly;
using VerseEtl.Extract.Tree;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Flow;

/// <summary>
/// The one owner of a scan's retries. A scan whose storage failed is measured again from its first byte: five tries, waits growing from 250 ms to
/// 30 s with jitter, ten minutes at most; a file that changed while it was read gets three more tries, 5 s apart.
/// </summary>
public sealed class ScanRetry
{
    private const int Tries = 5;
    private const int RereadsOfChangingFile = 3;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250), Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5), Longer = TimeSpan.FromMinutes(10);
    private static readonly ResiliencePropertyKey<long> Started = new("started");

    private readonly TimeProvider _time;
    private readonly Lazy<ResiliencePipeline> _pipeline;

    /// <param name="retried">Told of each failed try: the exception and the number of the try, from 1.</param>
    public ScanRetry(TimeProvider time, Action<Exception, int>? retried = null)
    {
        _time = time;
        // Polly checks its options by reflection: what a run without a failure need not wait for
        _pipeline = new(() => new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Tries - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = Shortest,
            MaxDelay = Longest,
            ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is Exception error && IsWorthAnother(error, attempt)),
            DelayGenerator = attempt => ValueTask.FromResult<TimeSpan?>(attempt.Outcome.Exception is FileChangedException ? Settling : null),
            OnRetry = attempt =>
            {
                retried?.Invoke(attempt.Outcome.Exception!, attempt.AttemptNumber + 1);
                return default;
            },
        }).Build());
    }

    /// <summary>
    /// True for what the same bytes may not do tomorrow. Some I/O exceptions are about what was asked, not about the storage: a missing
    /// file stays missing, and an end of file that a reader did not expect is a defect of the reader.
    /// </summary>
    public static bool IsTransient(Exception error) => error switch
    {
        EndOfStreamException or FileNotFoundException or DirectoryNotFoundException or PathTooLongException => false,
        _ => StorageException.Covers(error),
    };

    /// <exception cref="IOException">Every try failed; the last failure.</exception>
    public async Task<T> Execute<T>(Func<CancellationToken, T> read, CancellationToken token)
    {
        long started = _time.GetTimestamp();
        ExceptionDispatchInfo first;
        try
        {
            return read(token);
        }
        catch (Exception error) when (IsTransient(error))
        {
            first = ExceptionDispatchInfo.Capture(error);
        }
        return await AfterFailure(first, started, read, token);
    }

    private async Task<T> AfterFailure<T>(ExceptionDispatchInfo first, long started, Func<CancellationToken, T> read, CancellationToken token)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(token);
        context.Properties.Set(Started, started);
        ExceptionDispatchInfo? failed = first;
        try
        {
            return await _pipeline.Value.ExecuteAsync(attempt =>
            {
                Interlocked.Exchange(ref failed, null)?.Throw();
                return ValueTask.FromResult(read(attempt.CancellationToken));
            }, context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private bool IsWorthAnother(Exception error, RetryPredicateArguments<object> attempt)
    {
        if (_time.GetElapsedTime(attempt.Context.Properties.GetValue(Started, 0)) >= Longer) return false;
        return error is FileChangedException ? attempt.AttemptNumber < RereadsOfChangingFile : IsTransient(error);
    }
}
