using System.Reflection;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;
using Serilog;

namespace VerseEtl.Host.Jobs;

/// <summary>
/// Lets workers take only what this program stores: the methods of its two jobs. A type that is a parameter of theirs has methods as well, and the
/// scheduler would call them for whoever writes into its storage. What is refused is put among the deleted jobs before anything is made or called.
/// </summary>
internal sealed class OwnJobsOnly : IJobFilterProvider, IElectStateFilter
{
    private static readonly MethodInfo[] Own =
    [
        typeof(PipelineJob).GetMethod(nameof(PipelineJob.Run), [typeof(string), typeof(PerformContext), typeof(CancellationToken)])!,
        typeof(MeasureJob).GetMethod(nameof(MeasureJob.Run), [typeof(string), typeof(string), typeof(CancellationToken)])!,
    ];

    private readonly ILogger _log;
    private readonly JobFilter[] _first;

    public OwnJobsOnly(ILogger log) => (_log, _first) = (log, [new JobFilter(this, JobFilterScope.Global, int.MinValue)]);

    public static bool IsOwn(Job job) => Own.Any(own => own.Equals(job.Method) && own.DeclaringType == job.Type);

    public IEnumerable<JobFilter> GetFilters(Job job) => _first.Concat(JobFilterProviders.Providers.GetFilters(job));

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is not ProcessingState || IsOwn(context.BackgroundJob.Job)) return;
        _log.Error("Stored job {Job} is none of VerseEtl's and was not run: somebody else writes into the scheduler's storage", context.BackgroundJob.Id);
        context.CandidateState = new DeletedState { Reason = "it is none of VerseEtl's jobs" };
    }
}
