using VerseEtl.Host.Flow;

namespace VerseEtl.Host.Jobs;

/// <summary>How far a run is at one moment.</summary>
/// <param name="Phase">In words; null while scans are measured.</param>
/// <param name="ScansPerMinute">Over the last scans; null until there are some.</param>
/// <param name="Left">At that rate; null where it is not known.</param>
public sealed record RunProgress(DateTimeOffset StartedUtc, string? Phase, int Done,
    int Total, int Warnings, int Failed, double? ScansPerMinute, TimeSpan? Left)
{
    /// <summary>The run's id, or its key where hosts share it: what a page that asks to cancel it has seen.</summary>
    public string? Run { get; init; }
}

/// <summary>Listens to a run from several threads and tells how far it is.</summary>
internal sealed class RunWatch(TimeProvider time, RunTrace? trace = null) : IProgress<RunStep>
{
    // few enough to forget the stored results that were taken at once before the first scan that must be read
    private const int Recent = 32;

    private readonly Lock _lock = new();
    private readonly ScanTally _tally = new();
    private readonly Queue<long> _done = new(Recent + 1);
    private readonly DateTimeOffset _startedUtc = time.GetUtcNow();
    private string? _phase = "starting";

    public void Report(RunStep value)
    {
        trace?.Report(value);
        lock (_lock)
        {
            _tally.Add(value);
            _phase = value is RunStep.Phase phase ? phase.Text : null;
            if (value is RunStep.Phase) return;
            if (value is RunStep.Listed) _done.Clear();
            _done.Enqueue(time.GetTimestamp());
            if (_done.Count > Recent) _done.Dequeue();
        }
    }

    public RunProgress Now()
    {
        lock (_lock)
        {
            double? perMinute = null;
            TimeSpan? left = null;
            if (_phase is null && _done.Count > 1)
            {
                // until now, not until the last one: a run that has come to a halt is seen to slow down
                double minutes = Math.Max(time.GetElapsedTime(_done.Peek()).TotalMinutes, 1e-6);
                perMinute = (_done.Count - 1) / minutes;
                left = TimeSpan.FromMinutes((_tally.Total - _tally.Done) / perMinute.Value);
            }
            return new RunProgress(_startedUtc, _phase, _tally.Done, _tally.Total, _tally.Warnings, _tally.Failed, perMinute, left);
        }
    }
}
