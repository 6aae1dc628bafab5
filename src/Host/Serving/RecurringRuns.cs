using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;
using Serilog;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving;

/// <summary>Keeps the scheduler's recurring jobs as pipelines.yaml has them, and makes up what was missed while nothing ran.</summary>
internal sealed class RecurringRuns(PipelineSet pipelines, JobStorage storage, IRecurringJobManager recurring, IBackgroundJobClient jobs, TimeProvider time, ILogger log)
{
    /// <summary>Registers, changes and removes; safe to repeat.</summary>
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
            if (known.TryGetValue(name, out RecurringJobDto? same) && same.Cron == schedule.CronText && same.TimeZoneId == schedule.Zone.Id) continue;
            recurring.AddOrUpdate(name, Job.FromExpression<PipelineJob>(job => job.Run(name, null!, CancellationToken.None)), schedule.CronText, new RecurringJobOptions { TimeZone = schedule.Zone });
            log.Information("Pipeline {Pipeline} is scheduled by {Cron} in {Zone}, next {Next}", name, schedule.CronText, schedule.Zone.Id, ScheduledInstants.Next(schedule, time.GetUtcNow())?.UtcDateTime);
        }
    }

    /// <summary>Enqueues one run for each pipeline that missed any, by the ledgers in the warehouses.</summary>
    public void CatchUp()
    {
        foreach (Pipeline pipeline in pipelines.Pipelines.Where(pipeline => pipeline.Schedule is not null))
        {
            try
            {
                if (ScheduledInstants.Missed(pipeline.Schedule!, Ledger.Of(pipeline.Name, pipeline.Load.Path).DoneUntil, time.GetUtcNow()) is not DateTimeOffset due) continue;
                string key = new RunKey(pipeline.Name, due).ToString();
                log.Information("Pipeline {Pipeline} missed {RunKey}, which is made up now", pipeline.Name, key);
                jobs.Enqueue<PipelineJob>(job => job.Run(key, null!, CancellationToken.None));
            }
            catch (StorageException storage)
            {
                log.Warning("Pipeline {Pipeline}: the ledger cannot be read, so nothing is made up: {Reason}", pipeline.Name, storage.Message);
            }
        }
    }
}
