using System.Threading.Channels;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;

namespace VerseEtl.Host.Serving.Notices;

/// <summary>
/// Tells people of a pipeline that has begun to fail, whose audit has begun to differ, or that has recovered; one message after another, apart from
/// the runs. What could not be delivered is not taken for told: the next run tells it.
/// </summary>
internal sealed class Notifier : BackgroundService
{
    private readonly Channel<(Pipeline Pipeline, RunReport Report)> _ended = Channel.CreateUnbounded<(Pipeline, RunReport)>();
    private readonly ReportedStates _told;
    private readonly TimeProvider _time;
    private readonly Serilog.ILogger _log;
    private readonly Func<string, string?> _environment;

    public Notifier(RunningPipelines running, ReportedStates told, TimeProvider time, Serilog.ILogger log, Func<string, string?>? environment = null)
    {
        (_told, _time, _log, _environment) = (told, time, log, environment ?? Environment.GetEnvironmentVariable);
        running.Ended += (pipeline, report) => _ended.Writer.TryWrite((pipeline, report));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using Webhook webhook = new(_time);
        try
        {
            await foreach ((Pipeline pipeline, RunReport report) in _ended.Reader.ReadAllAsync(stoppingToken))
                await Tell(webhook, pipeline, report, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task Tell(Webhook webhook, Pipeline pipeline, RunReport report, CancellationToken token)
    {
        if (pipeline.Notify is not Notify notify) return;
        ReportedState before = _told.Of(pipeline.Name);
        Notice? notice = Notice.Of(pipeline, report, before, _time.GetUtcNow());
        if (notice is not null && await webhook.Post(notify, notice, _environment, token) is string trouble)
        {
            _log.Warning("Pipeline {Pipeline}: {Event} could not be told: {Reason}", pipeline.Name, notice.Event, trouble);
            return;
        }
        _told.Set(pipeline.Name, before.After(report));
        if (notice is not null) _log.Information("Pipeline {Pipeline}: {Event} was told", pipeline.Name, notice.Event);
    }
}
