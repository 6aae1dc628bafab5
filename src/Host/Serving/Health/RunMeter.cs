using System.Diagnostics.Metrics;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;

namespace VerseEtl.Host.Serving.Health;

/// <summary>What monitors count, by pipeline and outcome; no path and no name of a scan is ever a label.</summary>
internal sealed class RunMeter : IDisposable
{
    public const string Name = "VerseEtl";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _scans;
    private readonly Counter<long> _bytes;
    private readonly Histogram<double> _durations;

    public RunMeter(PipelineStatuses statuses, RunningPipelines running, TimeProvider time)
    {
        _scans = _meter.CreateCounter<long>("verse_etl.scans", "{scan}",
            "Scans of runs that ended: measured, taken from the cache, or failed (which are among the others as well)");
        _bytes = _meter.CreateCounter<long>("verse_etl.read", "By", "Stored bytes of the CTs and masks that were measured");
        _durations = _meter.CreateHistogram("verse_etl.run.duration", "s", "Runs that ended, by outcome and exit code",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14400, 28800] });
        Gauge("verse_etl.snapshot.age", "s", "Since the current snapshot was published", status =>
            (time.GetUtcNow() - status.Current?.CommittedUtc)?.TotalSeconds);
        Gauge("verse_etl.snapshot.verified.age", "s", "Since every file of the current snapshot was last read and found whole", status =>
            (time.GetUtcNow() - status.VerifiedUtc)?.TotalSeconds);
        Gauge("verse_etl.last_success.age", "s", "Since a run last found the tables up to date or made them so", status =>
            (time.GetUtcNow() - status.LastSuccess?.EndedUtc)?.TotalSeconds);
        Gauge("verse_etl.snapshot.sequence", null, "Number of the current snapshot", status => status.Current?.Sequence);
        Gauge("verse_etl.running", null, "1 while the pipeline runs in this process", status => status.Running is null ? 0 : 1);
        _meter.CreateObservableGauge("verse_etl.build.info", () =>
            new Measurement<long>(1, [new("version", BuildVersion.Number), new("commit", BuildVersion.Commit)]),
            description: "1, with the version and commit of this build");
        running.Ended += Count;

        void Gauge(string name, string? unit, string description, Func<PipelineStatus, double?> value) => _meter.CreateObservableGauge(name, () =>
            statuses.Outside().Select(status => (status.Pipeline.Name, Value: value(status))).Where(each => each.Value is not null)
                .Select(each => new Measurement<double>(each.Value!.Value, [new("pipeline", each.Name)])), unit, description);
    }

    public void Dispose() => _meter.Dispose();

    private void Count(Pipeline pipeline, RunReport report)
    {
        KeyValuePair<string, object?> name = new("pipeline", pipeline.Name);
        _scans.Add(report.ScansFound - report.ScansFromCache, name, new("outcome", "measured"));
        _scans.Add(report.ScansFromCache, name, new("outcome", "cached"));
        _scans.Add(report.ScansFailed, name, new("outcome", "failed"));
        _bytes.Add(report.BytesRead, name);
        _durations.Record(report.ElapsedSeconds, name, new("outcome", report.Ending.Word), new("exit_code", report.ExitCode));
    }
}
