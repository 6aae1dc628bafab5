using System.IO.Compression;
using System.Text;
using System.Threading.RateLimiting;
using VerseEtl.Extract;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Pages;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Serving.Viewer;

/// <summary>
/// One scan in the browser: its page, and its volumes out of the source. A request names a pipeline and a scan's key; which files that means is
/// told by the snapshot and the source, never by the request.
/// </summary>
internal sealed class ViewerAnswers(PipelineSet pipelines, ScanSources sources, Serilog.ILogger log) : IDisposable
{
    /// <summary>What is read and packed at the same time takes a core each.</summary>
    public const int MostStreams = 4;

    public const int MostWaiting = 16;

    private const string Niivue = "niivue.umd.js";

    // the font and the cube's faces of niivue are images in its own text; nothing is evaluated
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private static readonly (string File, string Type)[] Assets =
        [("viewer.css", "text/css"), ("viewer.js", "text/javascript"), (Niivue, "text/javascript"), ("niivue.licences.txt", "text/plain")];

    // a browser that takes longer has gone to sleep
    private static readonly TimeSpan LongestStream = TimeSpan.FromMinutes(10);

    /// <summary>What is on its way: so many volumes at a time for all who look.</summary>
    public ConcurrencyLimiter Streams { get; } = new(new ConcurrencyLimiterOptions { PermitLimit = MostStreams, QueueLimit = MostWaiting });

    public static void Map(WebApplication app)
    {
        app.MapGet(Addresses.ViewerRoute, (HttpContext context, ViewerAnswers viewer, string pipeline, string scan) => viewer.Page(context, pipeline, scan));
        app.MapGet(Addresses.CtRoute, (HttpContext context, ViewerAnswers viewer, string pipeline, string scan) =>
            viewer.Volume(context, pipeline, scan, new Kind("CT", row => row.CtSha256, files => files.Ct, ShownVolume.OfCt)));
        app.MapGet(Addresses.MaskRoute, (HttpContext context, ViewerAnswers viewer, string pipeline, string scan) =>
            viewer.Volume(context, pipeline, scan, new Kind("mask", row => row.MaskSha256, files => files.Mask, ShownVolume.OfMask)));
        foreach ((string file, string type) in Assets)
        {
            string text = AssetFiles.Text(file);
            app.MapGet("/assets/" + file, (HttpContext context) =>
            {
                // two megabytes that change with the program alone
                if (file == Niivue) context.Response.Headers.CacheControl = "max-age=86400";
                return Results.Text(text, type, Encoding.UTF8);
            }).AllowAnonymous();
        }
    }

    public void Dispose() => Streams.Dispose();

    private async Task Page(HttpContext context, string pipeline, string scan)
    {
        try
        {
            if (await Found(context, pipeline, scan) is not (_, Snapshot snapshot, ScanRow row)) return;
            string page = await PageRenderer.Render<ViewerPage>(new()
            {
                [nameof(ViewerPage.Pipeline)] = pipeline,
                [nameof(ViewerPage.Sequence)] = snapshot.Sequence,
                [nameof(ViewerPage.Scan)] = row,
                [nameof(ViewerPage.Vertebrae)] = await Warehouse.ReadTable(snapshot, PublishedSchema.Vertebrae, scan, context.RequestAborted),
            });
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(page, context.RequestAborted);
        }
        catch (WarehouseDamagedException damaged)
        {
            await Refuse(context, StatusCodes.Status503ServiceUnavailable, damaged.Message);
        }
        catch (StorageException storage)
        {
            await Refuse(context, StatusCodes.Status503ServiceUnavailable, storage.Code);
        }
    }

    private async Task Volume(HttpContext context, string pipeline, string scan, Kind kind)
    {
        using RateLimitLease lease = await Streams.AcquireAsync(1, context.RequestAborted);
        if (!lease.IsAcquired)
        {
            context.Response.Headers.RetryAfter = "10";
            await Refuse(context, StatusCodes.Status429TooManyRequests, "SRC_BUSY: too many volumes are on their way; try again in a moment");
            return;
        }
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        ends.CancelAfter(LongestStream);
        try
        {
            if (await Open(context, pipeline, scan, kind, ends.Token) is not ShownVolume volume) return;
            using (volume) await Send(context, volume, ends.Token);
        }
        catch (Exception error) when (context.Response.HasStarted && error is not OutOfMemoryException)
        {
            // what was sent must not pass for the whole
            context.Abort();
            if (error is not OperationCanceledException)
                log.Warning("The {Kind} of {Scan} of pipeline {Pipeline} broke off: {Fault}", kind.Word, scan, pipeline, CodeOf(error));
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private async Task<ShownVolume?> Open(HttpContext context, string pipeline, string scan, Kind kind, CancellationToken token)
    {
        (int status, string message) refusal;
        try
        {
            if (await Found(context, pipeline, scan) is not (Pipeline of, Snapshot snapshot, ScanRow row)) return null;
            if (sources.Find(of, snapshot, scan, token) is not ScanFiles files) refusal = Gone(kind);
            else if (kind.Path(files) is null || kind.Sha256(row) is not string sha256)
                refusal = (StatusCodes.Status404NotFound, $"SRC_NONE: snapshot {snapshot.Sequence} measured no {kind.Word} of this scan");
            else return kind.Open(files, sha256, of.Reading, token);
        }
        catch (FileNotFoundException)
        {
            refusal = Gone(kind);
        }
        catch (Exception error) when (error is SourceChangedException or FileChangedException)
        {
            refusal = (StatusCodes.Status409Conflict,
                $"SRC_CHANGED: the {kind.Word} is not the one that the snapshot measured any more; the next run measures it anew");
        }
        catch (BadFileException bad)
        {
            refusal = (StatusCodes.Status409Conflict, $"{bad.Fault.Code}: {bad.Fault.Meaning}; {bad.Fault.Action}");
        }
        catch (WarehouseDamagedException damaged)
        {
            refusal = (StatusCodes.Status503ServiceUnavailable, damaged.Message);
        }
        catch (StorageException storage)
        {
            refusal = (StatusCodes.Status503ServiceUnavailable, storage.Code);
        }
        catch (Exception error) when (error is RunStoppedException || StorageException.Covers(error))
        {
            log.Warning("The {Kind} of {Scan} of pipeline {Pipeline} cannot be read: {Fault}", kind.Word, scan, pipeline, CodeOf(error));
            refusal = (StatusCodes.Status503ServiceUnavailable, "SRC_UNAVAILABLE: the source cannot be read now; check the mount or the share");
        }
        await Refuse(context, refusal.status, refusal.message);
        return null;
    }

    private static async Task Send(HttpContext context, ShownVolume volume, CancellationToken token)
    {
        context.Response.ContentType = "application/gzip";
        await using GZipStream packed = new(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        try
        {
            await packed.WriteAsync(volume.Header, token);
            for (ReadOnlyMemory<byte> slice = volume.Next(); !slice.IsEmpty; slice = volume.Next()) await packed.WriteAsync(slice, token);
        }
        catch
        {
            // before the stream is closed, which would end it as if it were whole
            context.Abort();
            throw;
        }
    }

    /// <summary>The scan in the pipeline's current snapshot; null, and the answer is given, where there is none.</summary>
    private async Task<(Pipeline Of, Snapshot Snapshot, ScanRow Row)?> Found(HttpContext context, string pipeline, string scan)
    {
        Pipeline? of = pipelines.Find(pipeline);
        Snapshot? current = of is not null && Warehouse.Exists(of.Load.Path) ? Warehouse.OpenForReading(of.Load.Path).Current : null;
        if (current is not null && await Warehouse.ReadTable(current, PublishedSchema.Scans, scan, context.RequestAborted) is [ScanRow row])
            return (of!, current, row);
        await Refuse(context, StatusCodes.Status404NotFound, "There is no such scan in what is published.");
        return null;
    }

    private static (int, string) Gone(Kind kind) =>
        (StatusCodes.Status404NotFound, $"SRC_GONE: the {kind.Word} that the snapshot measured is not in the source any more");

    private static string CodeOf(Exception error) => error is BadFileException bad ? bad.Fault.Code : error.GetType().Name;

    private static Task Refuse(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }

    /// <summary>What is asked for of a scan.</summary>
    /// <param name="Sha256">Of the file that was measured.</param>
    /// <param name="Open">Opens it.</param>
    private sealed record Kind(string Word, Func<ScanRow, string?> Sha256, Func<ScanFiles, SourcePath?> Path,
        Func<ScanFiles, string, ReadingLimits, CancellationToken, ShownVolume> Open);
}
