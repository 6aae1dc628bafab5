using Hangfire;
using Hangfire.Storage;

namespace VerseEtl.Host.Jobs;

/// <summary>
/// Which runs are divided, and which of their parts are open, in the scheduler's own storage. The queue hands parts out, hands those of a dead
/// host to another and tries again; what it cannot tell is that the last of them is done.
/// </summary>
internal sealed class DividedRuns(JobStorage storage, IBackgroundJobClient jobs)
{
    private const string Runs = "verse-etl:runs", Lock = "verse-etl:lock:", Noted = "run";

    /// <summary>Keys of runs whose parts were handed out and that have not ended.</summary>
    public IReadOnlyList<string> All()
    {
        using IStorageConnection connection = storage.GetConnection();
        return [.. connection.GetAllItemsFromSet(Runs).Order(StringComparer.Ordinal)];
    }

    /// <summary>Those of one pipeline.</summary>
    public IReadOnlyList<string> Of(string pipeline) => [.. All().Where(run => run.StartsWith(pipeline + ":", StringComparison.Ordinal))];

    public bool IsUnderWay(string run) => All().Contains(run);

    /// <summary>Parts that are not done.</summary>
    public long Open(string run)
    {
        using JobStorageConnection connection = Connect();
        return connection.GetSetCount(OpenOf(run));
    }

    /// <summary>How far a run is; null if it is not divided.</summary>
    public DividedRun? Divided(string run)
    {
        using JobStorageConnection connection = Connect();
        return connection.GetAllEntriesFromHash(OpenOf(run)) is { } noted && noted.TryGetValue(Noted, out string? text)
            && Json.Read<DividedRun>(text) is DividedRun at ? at with { Open = (int)connection.GetSetCount(OpenOf(run)) } : null;
    }

    /// <summary>
    /// Notes the parts of a run, then puts them into the queue; a host that dies in between leaves parts that nobody has, which a watch sees.
    /// </summary>
    /// <param name="parts">What each job carries.</param>
    public void Begin(string run, DividedRun at, IReadOnlyList<(string Part, string Scans)> parts)
    {
        using (JobStorageConnection connection = Connect())
        using (IWriteOnlyTransaction write = connection.CreateWriteTransaction())
        {
            write.AddToSet(Runs, run);
            write.SetRangeInHash(OpenOf(run), [new(Noted, Json.Line(at))]);
            foreach ((string part, _) in parts) write.AddToSet(OpenOf(run), part);
            write.Commit();
        }
        foreach ((string part, string scans) in parts) jobs.Enqueue<MeasureJob>(job => job.Run(part, scans, CancellationToken.None));
    }

    /// <summary>A part is done.</summary>
    /// <returns>It was the last; of two that end at once both may be told so.</returns>
    public bool Finish(string run, string part)
    {
        using JobStorageConnection connection = Connect();
        using (IWriteOnlyTransaction write = connection.CreateWriteTransaction())
        {
            write.RemoveFromSet(OpenOf(run), part);
            write.Commit();
        }
        return connection.GetSetCount(OpenOf(run)) == 0;
    }

    /// <summary>The run has ended: parts in the queue find that out.</summary>
    public void End(string run) => Forget(run, ended: true);

    /// <summary>The queue has lost parts: the run goes on, and is to be divided anew.</summary>
    public void Recall(string run) => Forget(run, ended: false);

    /// <summary>
    /// The right to divide and publish here, until the result is disposed; a host that died with it, or has it for longer than a minute, is
    /// passed by. Saves work, not correctness.
    /// </summary>
    /// <returns>Null while another host has it.</returns>
    public IDisposable? TryHold(string pipeline)
    {
        IStorageConnection connection = storage.GetConnection();
        try
        {
            return new Held(connection, connection.AcquireDistributedLock(Lock + pipeline, TimeSpan.Zero));
        }
        catch (DistributedLockTimeoutException)
        {
            connection.Dispose();
            return null;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Forget(string run, bool ended)
    {
        using JobStorageConnection connection = Connect();
        using JobStorageTransaction write = (JobStorageTransaction)connection.CreateWriteTransaction();
        if (ended) write.RemoveFromSet(Runs, run);
        write.RemoveSet(OpenOf(run));
        write.RemoveHash(OpenOf(run));
        write.Commit();
    }

    private static string OpenOf(string run) => "verse-etl:open:" + run;

    // the storages in use have more than the interface
    private JobStorageConnection Connect() => (JobStorageConnection)storage.GetConnection();

    private sealed class Held(IStorageConnection connection, IDisposable hold) : IDisposable
    {
        public void Dispose()
        {
            hold.Dispose();
            connection.Dispose();
        }
    }
}

/// <summary>A run in parts.</summary>
/// <param name="Open">Parts that are not done.</param>
internal sealed record DividedRun(DateTimeOffset SinceUtc, int Scans, int Parts, int Open)
{
    /// <summary>In scans, as if all parts had the same number.</summary>
    public RunProgress Progress(string run, DateTimeOffset now)
    {
        int done = (int)((long)Scans * (Parts - Open) / Math.Max(Parts, 1));
        double minutes = (now - SinceUtc).TotalMinutes;
        double? rate = done > 0 && minutes > 0 ? done / minutes : null;
        TimeSpan? left = rate is double each ? TimeSpan.FromMinutes((Scans - done) / each) : null;
        return new RunProgress(SinceUtc, null, done, Scans, 0, 0, rate, left) { Run = run };
    }
}
