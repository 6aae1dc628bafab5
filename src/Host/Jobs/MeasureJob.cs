using System.Text.Json;
using Hangfire;
using Serilog;
using VerseEtl.Extract.Scans;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;

namespace VerseEtl.Host.Jobs;

/// <summary>One part of a shared run: `measure --scans` with the list in the job. Running it twice, or on two hosts at once, does no harm.</summary>
internal sealed class MeasureJob(PipelineSet pipelines, SourceViews views, ScanMeasuring measuring, DividedRuns runs, JobSurroundings around)
{
    public const string Queue = "scans";

    // a host that does not see the same must not eat the queue
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(10);

    /// <param name="part">Run and number, for people.</param>
    /// <param name="scans">A <see cref="ScanPart"/> as JSON.</param>
    [Queue(Queue)]
    // not of a scan, which has its own: for a host that does not see the same, and because the scheduler fails a job whose particulars it
    // cannot read while its storage restarts
    [AutomaticRetry(Attempts = 5, DelaysInSeconds = [2, 5, 10])]
    public async Task<string> Run(string part, string scans, CancellationToken token)
    {
        if (ChunkKey.Parse(part) is not ChunkKey key || pipelines.Find(key.Run.Pipeline) is not Pipeline pipeline)
            return TriggerOutcome.Skip("it belongs to no pipeline here").Text;
        string run = key.Run.ToString();
        if (!runs.IsUnderWay(run)) return TriggerOutcome.Skip("its run has ended").Text;
        ScanPart carried = ScanPart.Parse(scans) ?? throw new RunFailedException("the job was stored by another build");
        if (carried.Measuring != StoredResults.MeasuringVersion)
            await Refuse(part, [Invariant($"this build measures as version {StoredResults.MeasuringVersion}, the run as {carried.Measuring}")], token);
        using ScanPlan plan = ScanPlan.Of(carried.Scans);
        MeasureRun measure = new(pipeline with { Parallelism = 1 }, new MeasureOptions { Scans = plan }, around.Time, around.Log)
        {
            Measure = measuring.Measure,
            List = (retry, cancelled) => views.Of(pipeline, run, retry, cancelled),
        };
        MeasureReport report = await measure.Execute(null, token);
        if (report.ExitCode != ExitCode.Done) await Refuse(part, report.Reasons, token);
        if (runs.Finish(run, part)) around.Jobs.Enqueue<PipelineJob>(job => job.Run(run, null!, CancellationToken.None));
        return $"{report.Scans} scans";
    }

    private async Task Refuse(string part, IReadOnlyList<string> reasons, CancellationToken token)
    {
        string why = string.Join("; ", reasons);
        around.Log.Warning("Part {Part} cannot be measured here: {Reason}", part, why);
        await Task.Delay(HeldFor, around.Time, token);
        throw new RunFailedException(why);
    }
}

/// <summary>What a job of a shared run carries: the scans as they were planned, for which warehouse, to be measured as which version.</summary>
internal sealed record ScanPart(int Measuring, IReadOnlyList<PlannedScan> Scans)
{
    public override string ToString() => Json.Line(this);

    public static ScanPart? Parse(string text)
    {
        try
        {
            return Json.Read<ScanPart>(text) is { Scans: not null } part ? part : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What every job is given.</summary>
internal sealed record JobSurroundings(IBackgroundJobClient Jobs, TimeProvider Time, ILogger Log);
