using Hangfire;
using Hangfire.Server;
using Hangfire.States;

namespace VerseEtl.Host.Jobs;

/// <summary>What the scheduler calls, by one text. It tries a run that ended no second time: retries belong to the run.</summary>
internal sealed class PipelineJob(ScheduledRun run)
{
    // a recurring trigger carries the name; the instant follows from when it was made
    // what a run throws by itself has its own retries; the scheduler's storage may be away for a moment
    [AutomaticRetry(Attempts = 8, DelaysInSeconds = [2, 5, 10], ExceptOn = [typeof(RunFailedException)])]
    [SkippedAsDeleted]
    public async Task<string> Run(string key, PerformContext context, CancellationToken token)
    {
        DateTimeOffset triggered = new(DateTime.SpecifyKind(context.BackgroundJob.CreatedAt, DateTimeKind.Utc));
        TriggerOutcome outcome = await run.Run(key, triggered, token);
        if (outcome.ExitCode is not (ExitCode.Done or ExitCode.PublishedWithErrors)) throw new RunFailedException(outcome.Text);
        return outcome.Text;
    }
}

/// <summary>A run that published nothing; the message has the exit code and why.</summary>
internal sealed class RunFailedException(string message) : Exception(message);

/// <summary>Shows a skipped trigger among the deleted jobs with its reason, apart from the runs that succeeded.</summary>
internal sealed class SkippedAsDeletedAttribute : Hangfire.Common.JobFilterAttribute, IElectStateFilter
{
    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is SucceededState { Result: string text } && TriggerOutcome.IsSkip(text))
            context.CandidateState = new DeletedState { Reason = text };
    }
}
