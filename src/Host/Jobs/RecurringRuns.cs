using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;
using Serilog;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Schedules;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Jobs;

/// <summary>Keeps the scheduler's recurring jobs as pipelines.yaml has them, and makes up what was missed while nothing ran.</summary>
internal sealed class RecurringRuns(PipelineSet pipelines, JobStorage storage,
    IRecurringJobManager recurring, IBackgroundJobClient jobs, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Recomputed = TimeSpan.FromHours(1);

    private readonly Dictionary<string, (Schedule Schedule, DateTimeOffset At, SchedulerCron Cron)> _crons = new(StringComparer.Ordinal);

    /// <summary>Registers, changes and removes; called every second.</summary>
    public void Apply()
    {
        Pipeline[] scheduled = [.. pipelines.Pipelines.Where(pipeline => pipeline.Schedule is not null)];
        using IStorageConnection connection = storage.GetConnection();
        Dictionary<string, RecurringJobDto> known = connection.GetRecurringJobs().ToDictionary(job => job.Id);
        foreach (string gone in known.Keys.Except(scheduled.Select(pipeline => pipeline.Name)))
        {
            recurring.RemoveIfExists(gone);
            log.Information("Pipeline {Pipeline} is no longer scheduled", gone);
        }
        foreach (Pipeline pipeline in scheduled)
        {
            Schedule schedule = pipeline.Schedule!;
            string name = pipeline.Name;
            SchedulerCron cron = Cron(pipeline);
            if (known.TryGetValue(name, out RecurringJobDto? same) && same.Cron == cron.Text && same.TimeZoneId == cron.Zone.Id
                && same.Job is Job job && OwnJobsOnly.IsOwn(job)) continue;
            recurring.AddOrUpdate(name, Job.FromExpression<PipelineJob>(job => job.Run(name, null!, CancellationToken.None)),
                cron.Text, new RecurringJobOptions { TimeZone = cron.Zone });
            log.Information("Pipeline {Pipeline} is scheduled by {Cron} in {Zone}, next {Next}", name,
                schedule.CronText, schedule.Zone.Id, ScheduledInstants.Next(schedule, time.GetUtcNow())?.UtcDateTime);
        }
    }

    private SchedulerCron Cron(Pipeline pipeline)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_crons.TryGetValue(pipeline.Name, out (Schedule Schedule, DateTimeOffset At, SchedulerCron Cron) known) && known.Schedule == pipeline.Schedule)
        {
            DateTimeOffset? pinned = known.Cron.Pinned;
            if (now < (pinned ?? known.At + Recomputed)) return known.Cron;
            // the scheduler may be about to see it as well: the key makes one run of two triggers
            if (pinned is DateTimeOffset due) Enqueue(new RunKey(pipeline.Name, due));
        }
        SchedulerCron cron = SchedulerCron.Of(pipeline.Schedule!, now);
        _crons[pipeline.Name] = (pipeline.Schedule!, now, cron);
        return cron;
    }

    private void Enqueue(RunKey key)
    {
        string text = key.ToString();
        jobs.Enqueue<PipelineJob>(job => job.Run(text, null!, CancellationToken.None));
    }

    /// <summary>Enqueues one run for each pipeline that missed any, by the ledgers in the warehouses.</summary>
    public void CatchUp()
    {
        foreach (Pipeline pipeline in pipelines.Pipelines.Where(pipeline => pipeline.Schedule is not null))
        {
            try
            {
                DateTimeOffset? doneUntil = Ledger.Of(pipeline.Name, pipeline.Load.Path, time.GetUtcNow()).DoneUntil;
                if (ScheduledInstants.Missed(pipeline.Schedule!, doneUntil, time.GetUtcNow()) is not DateTimeOffset due) continue;
                RunKey key = new(pipeline.Name, due);
                log.Information("Pipeline {Pipeline} missed {RunKey}, which is made up now", pipeline.Name, key.ToString());
                Enqueue(key);
            }
            catch (StorageException storage)
            {
                log.Warning("Pipeline {Pipeline}: the ledger cannot be read, so nothing is made up: {Reason}", pipeline.Name, storage.Message);
            }
        }
    }
}
