using System.Threading.Channels;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;

namespace VerseEtl.Host.Serving.Notices;

/// <summary>
/// Tells people of a pipeline that has begun to fail, whose audit has begun to differ, or that has recovered; one message after another, apart from
/// the runs. What could not be delivered is not taken for told: the next run tells it.
/// </summary>
internal sealed class Notifier : BackgroundService
{
    private readonly Channel<(Pipeline Pipeline, RunReport Report)> _ended = Channel.CreateUnbounded<(Pipeline, RunReport)>();
    private readonly ToldStates _told;
    private readonly TimeProvider _time;
    private readonly Serilog.ILogger _log;
    private readonly Func<string, string?> _environment;

    public Notifier(RunningPipelines running, ToldStates told, TimeProvider time, Serilog.ILogger log, Func<string, string?>? environment = null)
    {
        (_told, _time, _log, _environment) = (told, time, log, environment ?? Environment.GetEnvironmentVariable);
        running.Ended += (pipeline, report) => _ended.Writer.TryWrite((pipeline, report));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using Webhook webhook = new(_time);
        await foreach ((Pipeline pipeline, RunReport report) in _ended.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await Tell(webhook, pipeline, report, stoppingToken);
            }
            catch (Exception error) when (error is not (OperationCanceledException or OutOfMemoryException))
            {
                // one message that cannot be made must not be the last one
                _log.Error("Pipeline {Pipeline}: nobody could be told ({Kind})", pipeline.Name, error.GetType().Name);
            }
        }
    }

    private async Task Tell(Webhook webhook, Pipeline pipeline, RunReport report, CancellationToken token)
    {
        if (pipeline.Notify is not Notify notify) return;
        ToldState before = _told.Of(pipeline.Name);
        if (Notice.Of(pipeline, report, before, _time.GetUtcNow()) is Notice notice)
        {
            if (await webhook.Post(notify, notice, _environment, token) is string trouble)
            {
                _log.Warning("Pipeline {Pipeline}: {Event} could not be told: {Reason}", pipeline.Name, notice.Event, trouble);
                return;
            }
            _log.Information("Pipeline {Pipeline}: {Event} was told", pipeline.Name, notice.Event);
        }
        _told.Set(pipeline.Name, before.After(report));
    }
}
