using VerseEtl.Host.Flow;

namespace VerseEtl.Host.Display;

/// <summary>A line for each phase, and at most one every few seconds while scans are measured: for logs, pipes and cron mails.</summary>
public sealed class LineDisplay(TextWriter writer, TimeProvider time) : IRunDisplay
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    public Task<T> Watch<T>(string pipeline, Func<IProgress<RunStep>?, Task<T>> work) => work(new Lines(pipeline, writer, time));

    private sealed class Lines(string pipeline, TextWriter writer, TimeProvider time) : IProgress<RunStep>
    {
        private readonly Lock _lock = new();
        private readonly ScanTally _tally = new();
        private long _last = time.GetTimestamp();

        public void Report(RunStep value)
        {
            lock (_lock)
            {
                _tally.Add(value);
                if (value is RunStep.Phase phase) Write(phase.Text);
                else if (value is RunStep.Listed listed) Write(Invariant($"measuring {listed.Scans} scans"));
                else if (time.GetElapsedTime(_last) >= Between) Write(_tally.Text);
            }
        }

        private void Write(string text)
        {
            writer.WriteLine($"{pipeline}: {text}");
            _last = time.GetTimestamp();
        }
    }
}
