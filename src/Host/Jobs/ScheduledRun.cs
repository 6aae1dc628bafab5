using Serilog;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Schedules;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Jobs;

/// <summary>One trigger of a pipeline: skipped with a reason, or one run under its key.</summary>
/// <param name="shared">Null where this host does all the work.</param>
internal sealed class ScheduledRun(PipelineSet pipelines, RunningPipelines running, TimeProvider time, ILogger log, SharedRuns? shared = null)
{
    /// <summary>A trigger later than this after its instant is a missed one made up.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    /// <param name="key">`pipeline:instant`, or a pipeline's name for the instant that was due last.</param>
    /// <param name="triggered">When the trigger was made, which may be a while ago.</param>
    /// <exception cref="OperationCanceledException">Stopped; nothing was published.</exception>
    public async Task<TriggerOutcome> Run(string key, DateTimeOffset triggered, CancellationToken token)
    {
        string name = RunKey.Parse(key)?.Pipeline ?? key;
        if (pipelines.Find(name) is not Pipeline { Schedule: Schedule schedule } pipeline) return Skip(name, "it is no longer listed with a schedule");
        RunKey? due = RunKey.Parse(key) ?? (ScheduledInstants.Last(schedule, triggered) is DateTimeOffset last ? new RunKey(name, last) : null);
        if (due is not RunKey one) return Skip(name, "its schedule never was due");
        bool late = triggered - one.DueUtc > Late;
        // the later steps of a shared run come when the earlier ones are done
        if (schedule.Misfire == Misfire.Skip && late && !(shared is not null && shared.IsUnderWay(one)))
            return Skip(name, $"{one} was missed, and schedule.misfire is skip");

        using RunningPipelines.Entry? entered = running.TryEnter(one);
        if (entered is null) return Skip(name, $"{running.Find(name)?.ToString() ?? "another run"} is still running");
        try
        {
            Ledger ledger = Ledger.Of(name, pipeline.Load.Path, time.GetUtcNow());
            if (ledger.Settlement(one) is RunRecord settled) return Skip(name, $"{one} has ended already: {settled.Outcome} by {settled.RunId}");
            if (ledger.Hold is Hold hold) return await Held(pipeline, one, hold, token);
        }
        catch (StorageException storage)
        {
            return new TriggerOutcome($"{storage.Code} {storage.Message}", false, ExitCode.Of(storage));
        }
        return shared is null ? await Execute(pipeline, entered, token) : await shared.Step(pipeline, one, () => Execute(pipeline, entered, token), token);
    }

    private async Task<TriggerOutcome> Execute(Pipeline pipeline, RunningPipelines.Entry entered, CancellationToken token)
    {
        string one = entered.Key.ToString()!;
        RunReport report = await entered.Execute(pipeline, new RunOptions { RunKey = one }, time, log, token);
        if (report.Ending == RunEnding.Cancelled) return TriggerOutcome.Skip($"{one} was {string.Join("; ", report.Reasons)}");
        string text = Invariant($"{one} {report.Ending}, exit {report.ExitCode} ({ExitCode.Meaning(report.ExitCode)})");
        return new TriggerOutcome(report.Reasons.Count == 0 ? text : $"{text}: {string.Join("; ", report.Reasons)}", false, report.ExitCode);
    }

    private async Task<TriggerOutcome> Held(Pipeline pipeline, RunKey key, Hold hold, CancellationToken token)
    {
        DateTimeOffset now = time.GetUtcNow();
        Warehouse warehouse = Warehouse.Open(pipeline.Load.Path, new WarehouseOptions { Time = time });
        IReadOnlyList<DamagedFile> damage = (await warehouse.Prove(everything: false, token)).OfNewest;
        int code = damage.Count == 0 ? ExitCode.Done : ExitCode.Integrity;
        string reason = string.Join("; ", damage.Select(damaged => damaged.ToString()).Append($"{hold.Reason}; `release` ends the hold"));
        // in the ledger, so that `runs` tells about the night and it is not taken for a missed one
        warehouse.Record(new RunRecord
        {
            RunId = RunId.New(time),
            RunKey = key.ToString(),
            Pipeline = pipeline.Name,
            StartedUtc = now,
            EndedUtc = now,
            Outcome = RunEnding.Held,
            ExitCode = code,
            Message = reason,
        });
        if (code != ExitCode.Done) log.Error("Pipeline {Pipeline} is held and its current snapshot is damaged: {Reason}", pipeline.Name, reason);
        return code == ExitCode.Done ? Skip(pipeline.Name, reason) : new TriggerOutcome($"held: {reason}", true, code);
    }

    private TriggerOutcome Skip(string pipeline, string reason) => TriggerOutcome.Skip(pipeline, reason, log);
}
