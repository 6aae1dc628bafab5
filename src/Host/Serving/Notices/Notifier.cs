using System.Threading.Channels;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Pages;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving.Notices;

/// <summary>
/// Tells people of a pipeline that has begun to fail, whose scans or audit have, or that has recovered; one message after another, apart from
/// the runs. What could not be delivered in one way is not taken for told in that way: the next run tells it.
/// </summary>
internal sealed class Notifier : BackgroundService
{
    private readonly Channel<(Pipeline Pipeline, RunReport Report)> _ended = Channel.CreateUnbounded<(Pipeline, RunReport)>();
    private readonly ReportedStates _told;
    private readonly NoticeSurroundings _around;
    private readonly TimeProvider _time;
    private readonly Serilog.ILogger _log;

    public Notifier(RunningPipelines running, ReportedStates told, NoticeSurroundings around, TimeProvider time, Serilog.ILogger log)
    {
        (_told, _around, _time, _log) = (told, around, time, log);
        running.Ended += (pipeline, report) => _ended.Writer.TryWrite((pipeline, report));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using Webhook webhook = new(_time);
        Mailer mailer = new(_time);
        try
        {
            await foreach ((Pipeline pipeline, RunReport report) in _ended.Reader.ReadAllAsync(stoppingToken))
                await Tell(webhook, mailer, pipeline, report, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task Tell(Webhook webhook, Mailer mailer, Pipeline pipeline, RunReport report, CancellationToken token)
    {
        Lazy<Task<SnapshotChanges?>> changes = new(() => Changes(report, token));
        foreach (Notify notify in pipeline.Notify)
        {
            string way = notify.ToString();
            ReportedState before = _told.Of(pipeline.Name, way);
            if (Notice.Of(pipeline, report, before, _time.GetUtcNow()) is Notice due)
            {
                Notice notice = due.For(notify, report, await changes.Value) with { Link = _around.Link(Addresses.Run(pipeline.Name, report.RunId)) };
                string? trouble = notify.Mail is MailSettings mail
                    ? await mailer.Send(mail, notice, _around.Environment, token)
                    : await webhook.Post(notify, notice, _around.Environment, token);
                if (trouble is not null)
                {
                    _log.Warning("Pipeline {Pipeline}: {Event} could not be told by {Way}: {Reason}", pipeline.Name, notice.Event, notify.Kind, trouble);
                    continue;
                }
                _log.Information("Pipeline {Pipeline}: {Event} was told by {Way}", pipeline.Name, notice.Event, notify.Kind);
            }
            _told.Set(pipeline.Name, way, before.After(report));
        }
    }

    /// <summary>Null where nothing was published, or the snapshots cannot be compared or are too large for that.</summary>
    private static async Task<SnapshotChanges?> Changes(RunReport report, CancellationToken token)
    {
        if (report.Ending != RunEnding.Published || report.Sequence is not long sequence) return null;
        try
        {
            Warehouse warehouse = Warehouse.OpenForReading(report.Warehouse);
            return warehouse.Find(sequence) is Snapshot snapshot && !SnapshotChanges.IsCostly(snapshot)
                ? await SnapshotChanges.Of(warehouse, snapshot, token)
                : null;
        }
        catch (Exception error) when (error is StorageException or InvalidDataException)
        {
            return null;
        }
    }
}

/// <summary>What notices need of the host.</summary>
/// <param name="Environment">Variables, among them those that hold secrets.</param>
/// <param name="Link">From the path of a page to the address by which readers reach it; null where there is none.</param>
internal sealed record NoticeSurroundings(Func<string, string?> Environment, Func<string, string?> Link);
