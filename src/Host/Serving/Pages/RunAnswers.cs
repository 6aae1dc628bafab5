using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authorization;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Display;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Pages;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>The page of one run: as it goes, and afterwards.</summary>
internal sealed class RunAnswers(PipelineSet pipelines, RunningPipelines running, IAuthorizationService authorization, TimeProvider time) : IDisposable
{
    private const int MostKept = 20;

    private readonly ConcurrentDictionary<(string Warehouse, long Sequence), SnapshotChanges?> _changes = [];
    private readonly SemaphoreSlim _comparing = new(1);

    public static void Map(WebApplication app)
    {
        app.MapGet(Addresses.RunRoute, (HttpContext context, RunAnswers runs, string pipeline, string run) => runs.Answer<RunPage>(context, pipeline, run));
        app.MapGet(Addresses.RunNowRoute, (HttpContext context, RunAnswers runs, string pipeline, string run) => runs.Answer<RunBody>(context, pipeline, run));
    }

    public void Dispose() => _comparing.Dispose();

    private async Task Answer<TPage>(HttpContext context, string name, string run) where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        RunView? view = pipelines.Find(name) is Pipeline pipeline
            ? await View(pipeline, run, context.Request.Query.ContainsKey("changes"), context.RequestAborted)
            : null;
        if (view is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("There is no such run in the ledger.", context.RequestAborted);
            return;
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(await PageRenderer.Render<TPage>(new()
        {
            ["View"] = view,
            ["MayAct"] = (await authorization.AuthorizeAsync(context.User, null, ActionAnswers.MayAct)).Succeeded,
        }), context.RequestAborted);
    }

    private async Task<RunView?> View(Pipeline pipeline, string run, bool changes, CancellationToken token)
    {
        RunView view = new()
        {
            Pipeline = pipeline.Name,
            RunId = run,
            Zone = pipeline.Schedule?.Zone,
            UnderWay = running.Progress(pipeline.Name) is { } progress && progress.Run == run ? progress : null,
            Trace = running.Trace(run),
            Now = time.GetUtcNow(),
        };
        try
        {
            if (Warehouse.Exists(pipeline.Load.Path)) view = await Read(view, pipeline.Load.Path, changes, token);
        }
        catch (WarehouseDamagedException damaged)
        {
            view = view with { Trouble = damaged.Message };
        }
        catch (StorageException storage)
        {
            view = view with { Trouble = storage.Code };
        }
        return view is { Record: null, UnderWay: null, Trouble: null } ? null : view;
    }

    private async Task<RunView> Read(RunView view, string path, bool changes, CancellationToken token)
    {
        Warehouse warehouse = Warehouse.OpenForReading(path);
        view = view with { Record = warehouse.FindRuns(view.RunId).Runs.SingleOrDefault(run => run.RunId == view.RunId && run.Pipeline == view.Pipeline) };
        if (view.Record is not { EndedUtc: not null } record) return view;
        view = view with { HasReports = warehouse.Snapshots().Count > 0 };
        if (await warehouse.RowsOfFindings(record, token) is IEnumerable<Finding> findings)
        {
            WorstFirst noted = new(findings, _ => true);
            view = view with { Errors = FirstFindings.Of(noted, Severity.Error), Others = FirstFindings.Of(noted, Severity.Warning, Severity.Info) };
        }
        if (record.Sequence is not long sequence || warehouse.Find(sequence, manifestAlone: true) is not Snapshot after) return view;
        if (SnapshotChanges.IsCostly(after) && !changes && !_changes.ContainsKey((warehouse.Root, sequence))) return view with { ChangesOnRequest = true };
        return view with { Changes = await Changes(warehouse, after, token) };
    }

    /// <summary>Read once, and by one request at a time.</summary>
    private async Task<SnapshotChanges?> Changes(Warehouse warehouse, Snapshot after, CancellationToken token)
    {
        (string, long) key = (warehouse.Root, after.Sequence);
        if (_changes.TryGetValue(key, out SnapshotChanges? known)) return known;
        await _comparing.WaitAsync(token);
        try
        {
            if (_changes.TryGetValue(key, out known)) return known;
            if (_changes.Count >= MostKept) _changes.Clear();
            return _changes[key] = await SnapshotChanges.Of(warehouse, after, token);
        }
        finally
        {
            _comparing.Release();
        }
    }
}
