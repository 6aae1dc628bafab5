using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Pages;
using VerseEtl.Host.ReportPage;
using VerseEtl.Load.Cache;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>The gallery of a pipeline's current snapshot, the reports of its scans, and their pictures.</summary>
internal sealed partial class ScanAnswers(PipelineSet pipelines) : IDisposable
{
    // a picture has the name of what it holds
    private const string ForGood = "private, max-age=31536000, immutable";

    private readonly ConcurrentDictionary<string, SnapshotScans> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _reading = new(1);

    public static void Map(WebApplication app)
    {
        app.MapGet(Addresses.GalleryRoute, (HttpContext context, ScanAnswers scans, string pipeline) => scans.Answer(context, pipeline, scans.Gallery));
        app.MapGet(Addresses.ReportRoute, (HttpContext context, ScanAnswers scans, string pipeline, string? scan) =>
            scans.Answer(context, pipeline, (asked, of, snapshot) => scans.Report(asked, of, snapshot, scan ?? "")));
        app.MapGet(Addresses.PictureRoute, (HttpContext context, ScanAnswers scans, string pipeline, string picture) =>
            scans.Picture(context, pipeline, picture));
    }

    public void Dispose() => _reading.Dispose();

    private async Task Gallery(HttpContext context, Pipeline pipeline, Snapshot snapshot)
    {
        SnapshotScans known = await Known(pipeline, snapshot, context.RequestAborted);
        GalleryQuery query = GalleryQuery.Of(context.Request.Query);
        GalleryShown shown = await Task.Run(() => known.Scans.Page(query, GalleryPage.ScansPerPage), context.RequestAborted);
        await Send(context, await PageRenderer.Render<GalleryPage>(new()
        {
            [nameof(GalleryPage.Pipeline)] = pipeline.Name,
            [nameof(GalleryPage.Sequence)] = snapshot.Sequence,
            [nameof(GalleryPage.Scans)] = known.Scans,
            [nameof(GalleryPage.Shown)] = shown,
            [nameof(GalleryPage.Query)] = query,
        }));
    }

    private async Task Report(HttpContext context, Pipeline pipeline, Snapshot snapshot, string scan)
    {
        CohortRanges ranges = (await Known(pipeline, snapshot, context.RequestAborted)).Ranges;
        if (await new SnapshotReports(pipeline, snapshot).Of(scan, ranges, context.RequestAborted) is not ScanReport report)
        {
            await Refuse(context, StatusCodes.Status404NotFound, "There is no such scan in what is published.");
            return;
        }
        if (report.Picture.Source is not null)
            report = report with { Picture = report.Picture with { Source = Addresses.Picture(pipeline.Name, report.Scan.PicturePath!) } };
        await Send(context, await PageRenderer.Render<ScanPage>(new() { [nameof(ScanPage.Pipeline)] = pipeline.Name, [nameof(ScanPage.Report)] = report }));
    }

    private async Task Picture(HttpContext context, string pipeline, string picture)
    {
        IHeaderDictionary headers = context.Response.Headers;
        byte[]? png = null;
        try
        {
            if (pipelines.Find(pipeline) is Pipeline of && PictureName().Match(picture) is { Success: true } name)
                png = new PictureStore(of.Load.Path).Read(PictureStore.PathOf(name.Groups[1].Value));
        }
        catch (StorageException storage)
        {
            await Refuse(context, StatusCodes.Status503ServiceUnavailable, storage.Code);
            return;
        }
        if (png is null)
        {
            await Refuse(context, StatusCodes.Status404NotFound, "There is no such picture, or it is damaged; the next run paints it again.");
            return;
        }
        headers.CacheControl = ForGood;
        context.Response.ContentType = "image/png";
        context.Response.ContentLength = png.Length;
        await context.Response.Body.WriteAsync(png, context.RequestAborted);
    }

    /// <summary>Finds the pipeline's current snapshot and tells what is wrong with it.</summary>
    private async Task Answer(HttpContext context, string name, Func<HttpContext, Pipeline, Snapshot, Task> answer)
    {
        try
        {
            Pipeline? pipeline = pipelines.Find(name);
            Snapshot? current = pipeline is not null && Warehouse.Exists(pipeline.Load.Path) ? Warehouse.OpenForReading(pipeline.Load.Path).Current : null;
            if (current is null) await Refuse(context, StatusCodes.Status404NotFound, "Nothing is published under this name.");
            else await answer(context, pipeline!, current);
        }
        catch (WarehouseDamagedException damaged)
        {
            await Refuse(context, StatusCodes.Status503ServiceUnavailable, damaged.Message);
        }
        catch (RunStoppedException stopped)
        {
            await Refuse(context, StatusCodes.Status503ServiceUnavailable, stopped.Message);
        }
        catch (StorageException storage)
        {
            await Refuse(context, StatusCodes.Status503ServiceUnavailable, storage.Code);
        }
    }

    /// <summary>Read once a snapshot, and by one request at a time.</summary>
    private async Task<SnapshotScans> Known(Pipeline pipeline, Snapshot snapshot, CancellationToken token)
    {
        if (IsKnown(out SnapshotScans? known)) return known!;
        await _reading.WaitAsync(token);
        try
        {
            if (IsKnown(out known)) return known!;
            SnapshotReports reports = new(pipeline, snapshot);
            return _known[pipeline.Load.Path] = await Task.Run(() => SnapshotScans.Read(reports, snapshot.Directory, token), token);
        }
        finally
        {
            _reading.Release();
        }

        bool IsKnown(out SnapshotScans? found) => _known.TryGetValue(pipeline.Load.Path, out found) && found.Directory == snapshot.Directory;
    }

    private static Task Send(HttpContext context, string page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(page);
    }

    private static Task Refuse(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }

    [GeneratedRegex(@"^([0-9a-f]{64})\.png\z")]
    private static partial Regex PictureName();
}
