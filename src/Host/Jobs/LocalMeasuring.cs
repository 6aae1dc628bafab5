using Serilog;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Jobs;

/// <summary>What this host knows about the runs it helps with, kept from one chunk to the next: the source is walked once.</summary>
internal sealed class LocalMeasuring(ScanMeasuring measuring, TimeProvider time, ILogger log) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Work> _works = new(StringComparer.Ordinal);

    /// <summary>Measures scans of a run, whose results go into the warehouse's cache. One that the source does not hold (any more) is left out.</summary>
    /// <exception cref="RunStoppedException">The source cannot be listed here.</exception>
    /// <exception cref="IOException">The same, for a reason that may pass.</exception>
    /// <exception cref="Load.Storage.StorageException">The warehouse's storage failed.</exception>
    public async Task Measure(Pipeline pipeline, string runKey, IReadOnlyList<string> scans, CancellationToken token)
    {
        Work work = Of(pipeline, runKey, token);
        ScanFiles[] here = [.. scans.Select(key => work.Scans.GetValueOrDefault(key)).OfType<ScanFiles>()];
        ScanRetry retry = new(time, (error, number) => log.Warning("Try {Try} failed: {Kind}", number, error.GetType().Name));
        await new ScanSchedule(work.Stored.Measure, retry, time, log).Measure(here, parallelism: 1, null, token);
    }

    /// <summary>Forgets runs of a pipeline other than these.</summary>
    public void Keep(string pipeline, IReadOnlyCollection<string> runKeys)
    {
        lock (_lock)
            foreach (string gone in _works.Where(work => work.Value.Pipeline == pipeline && !runKeys.Contains(work.Key)).Select(work => work.Key).ToArray())
            {
                _works.Remove(gone, out Work? work);
                work!.Stored.Dispose();
            }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (Work work in _works.Values) work.Stored.Dispose();
            _works.Clear();
        }
    }

    private Work Of(Pipeline pipeline, string runKey, CancellationToken token)
    {
        lock (_lock)
        {
            if (_works.TryGetValue(runKey, out Work? known)) return known;
            TreeListing listing = SourceListing.Walk(pipeline.Source.At(time.GetUtcNow()), token);
            string cache = Warehouse.OpenForReading(pipeline.Load.Path).CachePath;
            StoredResults stored = new(cache, pipeline, new RunOptions { RunKey = runKey, IsPart = true }, time, measuring.Measure);
            return _works[runKey] = new Work(pipeline.Name, listing.Scans.ToDictionary(scan => scan.Key.Text, StringComparer.Ordinal), stored);
        }
    }

    private sealed record Work(string Pipeline, IReadOnlyDictionary<string, ScanFiles> Scans, StoredResults Stored);
}
