using Hangfire;
using Serilog;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Jobs;

/// <summary>One chunk of a shared run: its scans are measured into the cache. Running it twice, or on two hosts at once, does no harm.</summary>
internal sealed class MeasureJob(PipelineSet pipelines, LocalMeasuring here, IBackgroundJobClient jobs, TimeProvider time, ILogger log)
{
    public const string Queue = "scans";

    // a host without the source must not eat the queue
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(10);

    [Queue(Queue)]
    // not of a scan, which has its own: for a host without the source, and because the scheduler fails a job whose particulars it
    // cannot read while its storage restarts
    [AutomaticRetry(Attempts = 5, DelaysInSeconds = [2, 5, 10])]
    public async Task<string> Run(string chunk, CancellationToken token)
    {
        if (ChunkKey.Parse(chunk) is not ChunkKey key || pipelines.Find(key.Run.Pipeline) is not Pipeline pipeline)
            return TriggerOutcome.Skip("it belongs to no pipeline here").Text;
        string run = key.Run.ToString();
        WorkBoard board = Warehouse.OpenForReading(pipeline.Load.Path).Work;
        if (board.Find(run) is not WorkPlan plan || key.Chunk >= plan.Chunks.Count) return TriggerOutcome.Skip("its run has ended").Text;
        if (!board.Open(plan).Contains(key.Chunk)) return TriggerOutcome.Skip("it is done").Text;
        try
        {
            await here.Measure(pipeline, run, plan.Chunks[key.Chunk], token);
        }
        catch (Exception error) when (error is RunStoppedException || StorageException.Covers(error))
        {
            log.Warning("Chunk {Chunk} cannot be measured here: {Kind}", chunk, error.GetType().Name);
            await Task.Delay(HeldFor, time, token);
            throw new RunFailedException("the source cannot be read here");
        }
        board.MarkDone(run, key.Chunk);
        if (board.Open(plan).Count == 0)
        {
            board.MarkAsked(run);
            jobs.Enqueue<PipelineJob>(job => job.Run(run, null!, CancellationToken.None));
        }
        return $"{plan.Chunks[key.Chunk].Count} scans";
    }
}
