using System.Collections.Concurrent;
using System.Text;
using Hangfire;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using VerseEtl.Host.AuditPage;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Pages;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>The pages of the host and the files that they share.</summary>
/// <param name="shared">Null where this host does all the work.</param>
internal sealed class PageAnswers(PipelineStatuses statuses, JobStorage jobs, IAntiforgery antiforgery,
    IAuthorizationService authorization, TimeProvider time, SharedStorage? shared = null)
{
    // VerSe has 4,548 vertebrae; of a cohort many times as large the page, and what it takes to make it, would be too much for a link a dot
    private const long MostLinked = 20_000;

    private readonly ConcurrentDictionary<string, (string Snapshot, byte[] Page)> _audits = new(StringComparer.Ordinal);

    public static void Map(WebApplication app)
    {
        app.MapGet("/", (HttpContext context, PageAnswers pages) => pages.Home(context));
        app.MapGet("/pipelines", (HttpContext context, PageAnswers pages) => pages.Cards(context));
        app.MapGet("/audit/{pipeline}", (HttpContext context, PageAnswers pages, string pipeline) => pages.Audit(context, pipeline));
        foreach ((string file, string type) in new[]
        {
            ("shared.css", "text/css"), ("page.css", "text/css"), ("report.css", "text/css"), ("gallery.css", "text/css"), ("page.js", "text/javascript"),
        })
        {
            string text = AssetFiles.Text(file);
            app.MapGet("/assets/" + file, () => Results.Text(text, type, Encoding.UTF8)).AllowAnonymous();
        }
    }

    /// <param name="refused">The try before was wrong.</param>
    public async Task SignIn(HttpContext context, bool refused) => await Send(context, await PageRenderer.Render<SignInPage>(new()
    {
        [nameof(SignInPage.Refused)] = refused,
        [nameof(SignInPage.Token)] = antiforgery.GetAndStoreTokens(context),
    }));

    private async Task Home(HttpContext context) => await Send(context, await PageRenderer.Render<HomePage>(new()
    {
        [nameof(HomePage.Statuses)] = await statuses.All(context.RequestAborted),
        [nameof(HomePage.Hosts)] = HostsView.Of(jobs, shared),
        [nameof(HomePage.Now)] = time.GetUtcNow(),
        [nameof(HomePage.Account)] = context.User.Identity is { IsAuthenticated: true, Name: string name }
            ? new SignedIn(name, antiforgery.GetAndStoreTokens(context)) { MayAct = await MayAct(context) }
            : null,
    }));

    /// <summary>The cards alone, for the page's script.</summary>
    private async Task Cards(HttpContext context) => await Send(context, await PageRenderer.Render<PipelineCards>(new()
    {
        [nameof(PipelineCards.Statuses)] = await statuses.All(context.RequestAborted),
        [nameof(PipelineCards.Hosts)] = HostsView.Of(jobs, shared),
        [nameof(PipelineCards.Now)] = time.GetUtcNow(),
        [nameof(PipelineCards.MayAct)] = await MayAct(context),
    }));

    private async Task<bool> MayAct(HttpContext context) => (await authorization.AuthorizeAsync(context.User, null, ActionAnswers.MayAct)).Succeeded;

    /// <summary>The audit page of the current snapshot.</summary>
    private async Task Audit(HttpContext context, string pipeline)
    {
        PipelineStatus? status = statuses.Outside().FirstOrDefault(status => status.Pipeline.Name == pipeline);
        Snapshot? current = status?.Current;
        if (current?.Manifest.Files.FirstOrDefault(file => file.Path == "audit.html") is not ManifestFile page)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        try
        {
            byte[] html = await LinkedAudit(status!.Pipeline, current, context.RequestAborted)
                ?? Warehouse.ReadFile(current, page, context.RequestAborted);
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.Body.WriteAsync(html, context.RequestAborted);
        }
        catch (WarehouseDamagedException damaged)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(damaged.Message, context.RequestAborted);
        }
    }

    /// <summary>
    /// The same page with links to reports, from the tables and once a snapshot; null where something it needs cannot be read, and where there are too
    /// many vertebrae.
    /// </summary>
    private async Task<byte[]?> LinkedAudit(Pipeline pipeline, Snapshot current, CancellationToken token)
    {
        if (current.Manifest.Files.Where(file => file.Path.StartsWith("vertebrae/", StringComparison.Ordinal)).Sum(file => file.Rows) > MostLinked) return null;
        if (_audits.TryGetValue(pipeline.Name, out (string Snapshot, byte[] Page) known) && known.Snapshot == current.Directory) return known.Page;
        try
        {
            AuditView view = await SnapshotAudit.Of(Warehouse.OpenForReading(pipeline.Load.Path), current, pipeline.Reference, token);
            byte[] page = Encoding.UTF8.GetBytes(await AuditDocument.Render(view, scan => Addresses.Report(pipeline.Name, scan)));
            _audits[pipeline.Name] = (current.Directory, page);
            return page;
        }
        catch (Exception error) when (error is RunStoppedException or WarehouseDamagedException or StorageException or InvalidDataException)
        {
            return null;
        }
    }

    private static Task Send(HttpContext context, string page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(page);
    }
}
