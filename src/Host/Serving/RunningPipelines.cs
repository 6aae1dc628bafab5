namespace VerseEtl.Host.Serving;

/// <summary>Which pipelines run in this process, and for which key: one run of each at a time.</summary>
internal sealed class RunningPipelines
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RunKey> _running = new(StringComparer.Ordinal);

    /// <returns>Null if the pipeline is running; dispose to leave.</returns>
    public IDisposable? TryEnter(RunKey key)
    {
        lock (_lock) return _running.TryAdd(key.Pipeline, key) ? new Entry(this, key.Pipeline) : null;
    }

    public RunKey? Of(string pipeline)
    {
        lock (_lock) return _running.TryGetValue(pipeline, out RunKey key) ? key : null;
    }

    private sealed class Entry(RunningPipelines owner, string pipeline) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._lock) owner._running.Remove(pipeline);
        }
    }
}
