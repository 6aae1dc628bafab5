using VerseEtl.Extract.Scans;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Schedules;

namespace VerseEtl.Host.Jobs;

/// <summary>Which pipelines run in this process, for which key and how far they are: one run of each at a time.</summary>
internal sealed class RunningPipelines(TimeProvider? time = null, ScanMeasuring? measuring = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _running = new(StringComparer.Ordinal);

    /// <summary>Theirs together: the runs of a process share its cores.</summary>
    public ScanMeasuring Measuring { get; } = measuring ?? new ScanMeasuring();

    /// <summary>Told of every run that came to an end by itself, once; a run that was stopped is not among them.</summary>
    public event Action<Pipeline, RunReport>? Ended;

    /// <returns>Null if the pipeline is running; dispose to leave.</returns>
    public Entry? TryEnter(RunKey key)
    {
        Entry entry = new(this, key, time ?? TimeProvider.System);
        lock (_lock) return _running.TryAdd(key.Pipeline, entry) ? entry : null;
    }

    public RunKey? Of(string pipeline) => Find(pipeline)?.Key;

    /// <summary>How far its run is; null if it does not run here.</summary>
    public RunProgress? Progress(string pipeline) => Find(pipeline)?.Progress.Now();

    private Entry? Find(string pipeline)
    {
        lock (_lock) return _running.GetValueOrDefault(pipeline);
    }

    /// <summary>One run's place among the running; its progress is for the run to report to.</summary>
    public sealed class Entry(RunningPipelines owner, RunKey key, TimeProvider time) : IDisposable
    {
        public RunKey Key => key;

        public RunWatch Progress { get; } = new(time);

        public void End(Pipeline pipeline, RunReport report) => owner.Ended?.Invoke(pipeline, report);

        public void Dispose()
        {
            lock (owner._lock) owner._running.Remove(key.Pipeline);
        }
    }
}
