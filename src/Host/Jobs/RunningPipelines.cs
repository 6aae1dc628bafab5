using Serilog;
using VerseEtl.Extract.Scans;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Schedules;

namespace VerseEtl.Host.Jobs;

/// <summary>Which pipelines run in this process and how far they are: one run of each at a time.</summary>
internal sealed class RunningPipelines(TimeProvider? time = null, ScanMeasuring? measuring = null)
{
    private const int MostTraces = 50;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _running = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, RunTrace> _traces = new(StringComparer.Ordinal);

    /// <summary>Theirs together: the runs of a process share its cores.</summary>
    public ScanMeasuring Measuring { get; } = measuring ?? new ScanMeasuring();

    /// <summary>Told of every run that came to an end by itself, once; a run that was stopped is not among them.</summary>
    public event Action<Pipeline, RunReport>? Ended;

    /// <returns>Null if the pipeline is running; dispose to leave.</returns>
    public Entry? TryEnter(RunKey key) => TryEnter(new Entry(this, key.Pipeline) { Key = key });

    /// <summary>The same for a run that no schedule asked for.</summary>
    /// <param name="by">The account that did.</param>
    public Entry? TryEnter(string pipeline, string by) => TryEnter(new Entry(this, pipeline) { By = by });

    /// <summary>The run of a pipeline; null if it does not run here.</summary>
    public Entry? Find(string pipeline)
    {
        lock (_lock) return _running.GetValueOrDefault(pipeline);
    }

    /// <summary>How far its run is; null if it does not run here.</summary>
    public RunProgress? Progress(string pipeline) => Find(pipeline) is Entry entry ? entry.Progress.Now() with { Run = entry.RunId } : null;

    /// <summary>What one of the last runs here said; null if it is none of those.</summary>
    public RunTrace? Trace(string runId)
    {
        lock (_lock) return _traces.GetValueOrDefault(runId);
    }

    private Entry? TryEnter(Entry entry)
    {
        lock (_lock)
        {
            if (!_running.TryAdd(entry.Pipeline, entry)) return null;
            _traces.Add(entry.RunId, entry.Trace);
            if (_traces.Count > MostTraces) _traces.RemoveAt(0);
            return entry;
        }
    }

    /// <summary>One run's place among the running.</summary>
    public sealed class Entry : IDisposable
    {
        private readonly RunningPipelines _owner;
        private readonly CancellationTokenSource _cancel = new();

        public Entry(RunningPipelines owner, string pipeline)
        {
            (_owner, Pipeline, RunId) = (owner, pipeline, Flow.RunId.New(owner._time));
            Trace = new RunTrace(owner._time);
            Progress = new RunWatch(owner._time, Trace);
        }

        public string Pipeline { get; }

        /// <summary>In the ledger.</summary>
        public string RunId { get; }

        /// <summary>Null for a run that no schedule asked for.</summary>
        public RunKey? Key { get; init; }

        /// <summary>Account that asked for it; null for a schedule.</summary>
        public string? By { get; init; }

        /// <summary>Account that ended it on purpose; null, as long as nobody did.</summary>
        public string? CancelledBy { get; private set; }

        /// <summary>For the run to report to.</summary>
        public RunWatch Progress { get; }

        public RunTrace Trace { get; }

        /// <summary>Runs the pipeline in this place and tells how it ended.</summary>
        /// <exception cref="OperationCanceledException">Stopped by the token; nothing was published.</exception>
        public async Task<RunReport> Execute(Pipeline pipeline, RunOptions options, TimeProvider clock, ILogger log, CancellationToken token)
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(token, _cancel.Token);
            ILogger both = new LoggerConfiguration().WriteTo.Sink(Trace).WriteTo.Logger(log).CreateLogger();
            PipelineRun run = new(pipeline, options with { By = By }, clock, both)
            {
                Measure = _owner.Measuring.Measure,
                RunId = RunId,
                CancelledBy = () => CancelledBy,
            };
            RunReport report = await run.Execute(Progress, either.Token);
            End(pipeline, report);
            return report;
        }

        /// <summary>Ends the run on purpose, within seconds.</summary>
        public void Cancel(string by)
        {
            CancelledBy ??= by;
            _cancel.Cancel();
        }

        public void End(Pipeline pipeline, RunReport report) => _owner.Ended?.Invoke(pipeline, report);

        public void Dispose()
        {
            // not the source of the cancellation: somebody may be about to use it
            lock (_owner._lock) _owner._running.Remove(Pipeline);
        }

        public override string ToString() => Key?.ToString() ?? $"the run that {By} started";
    }
}
