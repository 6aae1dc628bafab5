using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Pages;
using VerseEtl.Host.Serving.People;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>
/// What an operator does on the page. Each action has a page that asks, and a form on it that does it: only with its token, only if what was
/// shown is still so, and with a line in the log that says who did it.
/// </summary>
internal sealed class ActionAnswers(PipelineStatuses statuses, RunsByHand runs, IAntiforgery antiforgery, TimeProvider time, ActionRecord record)
{
    /// <summary>The policy that the account must meet.</summary>
    public const string MayAct = "operators";

    public const int LongestPattern = 200, LongestReason = 200;

    private const string Changed = "something else is true by now than when you were asked; look again";

    public static void Map(WebApplication app)
    {
        RouteGroupBuilder acts = app.MapGroup("").RequireAuthorization(MayAct);
        Add(Addresses.StartRoute, answers => answers.Ask<StartPage>, answers => answers.Start);
        Add(Addresses.CancelRoute, answers => answers.Ask<CancelPage>, answers => answers.Cancel);
        Add(Addresses.ReleaseRoute, answers => answers.Ask<ReleasePage>, answers => answers.Release);
        Add(Addresses.RollbackRoute, answers => answers.Ask<RollbackPage>, answers => answers.RollBack);

        void Add(string route, Func<ActionAnswers, Func<HttpContext, PipelineStatus, string?, Task>> ask,
            Func<ActionAnswers, Func<HttpContext, PipelineStatus, Task<Done>>> act)
        {
            acts.MapGet(route, (HttpContext context, ActionAnswers answers, string pipeline) =>
                answers.Find(context, pipeline) is { } status ? ask(answers)(context, status, null) : Task.CompletedTask);
            acts.MapPost(route, (HttpContext context, ActionAnswers answers, string pipeline) =>
                answers.Act(context, pipeline, ask(answers), act(answers)));
        }
    }

    /// <summary>What a page shows that an action depends on.</summary>
    private static string Seen<TPage>(PipelineStatus status) =>
        typeof(TPage) == typeof(StartPage) ? status.UnderWay?.Run ?? status.LastRun?.RunId ?? "none"
        : typeof(TPage) == typeof(CancelPage) ? status.UnderWay?.Run ?? "none"
        : typeof(TPage) == typeof(ReleasePage) ? status.Hold is Hold hold ? IsoTime.Second(hold.SinceUtc) : "none"
        : Invariant($"{status.Current?.Sequence ?? 0}");

    private async Task Act(HttpContext context, string pipeline, Func<HttpContext, PipelineStatus, string?, Task> ask,
        Func<HttpContext, PipelineStatus, Task<Done>> act)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        if (Find(context, pipeline) is not { } status) return;
        Done done;
        try
        {
            done = await act(context, status);
        }
        catch (WarehouseDamagedException damaged)
        {
            done = Done.Refused(damaged.Message);
        }
        catch (Exception error) when (error is StorageException || StorageException.Covers(error))
        {
            done = Done.Refused(error is StorageException storage ? $"{storage.Code}: the warehouse cannot be written" : "the warehouse cannot be written");
        }
        string who = context.User.Identity!.Name!, where = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (done.Refusal is string refusal)
        {
            record.Trail.Add(Deed.Refused, who, where, $"{pipeline}: {done.What}: {refusal}");
            record.Log.Information("Pipeline {Pipeline}: {Account} from {Address} was refused {Action}: {Reason}", pipeline, who, where, done.What, refusal);
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            await ask(context, Find(context, pipeline) ?? status, refusal);
            return;
        }
        record.Trail.Add(Deed.Asked, who, where, $"{pipeline}: {done.What}{(done.RunId is null ? "" : $", run {done.RunId}")}");
        record.Log.Information("Pipeline {Pipeline}: {Account} from {Address} asked for {Action}", pipeline, who, where, done.What);
        context.Response.Redirect(done.RunId is string run ? Addresses.Run(pipeline, run) : "/");
    }

    private async Task<Done> Start(HttpContext context, PipelineStatus status)
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string scans = form["scans"].ToString().Trim();
        if (scans.Length > LongestPattern) return Done.Refused("the pattern is too long");
        RunOptions options = new()
        {
            Full = form.ContainsKey("full"),
            Verify = form.ContainsKey("verify"),
            AcceptShrink = form.ContainsKey("accept_shrink"),
            Scan = scans.Length > 0 ? new ScanPattern(scans) : null,
        };
        string[] asked = [.. new[] { options.Full ? "full" : "", options.Verify ? "verify" : "", options.AcceptShrink ? "accept shrink" : "",
            scans.Length > 0 ? $"scans {Finding.OneLine(scans)}" : "" }.Where(word => word.Length > 0)];
        string what = string.Join(", ", asked.Prepend("a run"));
        // what is under way is told first: it says more than that something has changed
        if (status.UnderWay is null && form["seen"] != Seen<StartPage>(status)) return Done.Refused(Changed) with { What = what };
        return Of(runs.Run(status.Pipeline.Name, options, context.User.Identity!.Name!), what);
    }

    private async Task<Done> Cancel(HttpContext context, PipelineStatus status)
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string seen = form["seen"].ToString();
        return Of(runs.Cancel(status.Pipeline.Name, seen, context.User.Identity!.Name!), $"the end of run {Finding.OneLine(seen)}");
    }

    private async Task<Done> Release(HttpContext context, PipelineStatus status)
    {
        const string What = "the release";
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (status.Hold is null) return Done.Refused("nothing is held; somebody released it already") with { What = What };
        if (form["seen"] != Seen<ReleasePage>(status)) return Done.Refused(Changed) with { What = What };
        Warehouse.Open(status.Pipeline.Load.Path).Release();
        return new Done(What);
    }

    private async Task<Done> RollBack(HttpContext context, PipelineStatus status)
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string what = "a rollback", reason = Finding.OneLine(form["reason"].ToString().Trim());
        if (!long.TryParse(form["to"], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            || !Older(status).Any(old => old.Sequence == sequence)) return Done.Refused("choose one of the snapshots") with { What = what };
        what = Invariant($"a rollback to {sequence}");
        if (reason.Length is 0 or > LongestReason) return Done.Refused(Invariant($"give a reason of at most {LongestReason} characters")) with { What = what };
        if (form["seen"] != Seen<RollbackPage>(status)) return Done.Refused(Changed) with { What = what };
        return Of(await runs.RollBack(status.Pipeline.Name, sequence, reason, context.User.Identity!.Name!), $"{what}: {reason}");
    }

    private static Done Of(RunsByHand.Begun begun, string what) => new(what) { RunId = begun.RunId, Refusal = begun.Refusal };

    private async Task Ask<TPage>(HttpContext context, PipelineStatus status, string? refusal) where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        SignedIn account = new(context.User.Identity!.Name!, antiforgery.GetAndStoreTokens(context));
        bool anyway = context.Request.Query.ContainsKey("accept_shrink");
        bool back = typeof(TPage) == typeof(RollbackPage);
        ActionAsk ask = new(status, Seen<TPage>(status), account, time.GetUtcNow())
        {
            Refusal = refusal,
            WithOptions = anyway || context.Request.Query.ContainsKey("options"),
            AcceptShrink = anyway,
            Older = back ? Older(status) : [],
        };
        if (back && ask.Older.Count > 0)
            ask = ask with { Names = Warehouse.OpenForReading(status.Pipeline.Load.Path).Names().ToLookup(named => named.Sequence, named => named.Name) };
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(await PageRenderer.Render<TPage>(new() { ["Ask"] = ask }), context.RequestAborted);
    }

    private static IReadOnlyList<Snapshot> Older(PipelineStatus status)
    {
        if (status.Current is not Snapshot current) return [];
        try
        {
            return [.. Warehouse.OpenForReading(status.Pipeline.Load.Path).Snapshots().Where(old => old.Sequence < current.Sequence).Reverse()];
        }
        catch (StorageException)
        {
            return [];
        }
    }

    /// <returns>Null where there is no such pipeline, which is answered.</returns>
    private PipelineStatus? Find(HttpContext context, string pipeline)
    {
        PipelineStatus? status = statuses.Outside().FirstOrDefault(status => status.Pipeline.Name == pipeline);
        if (status is null) context.Response.StatusCode = StatusCodes.Status404NotFound;
        return status;
    }

    /// <summary>What became of a form.</summary>
    /// <param name="What">Was asked for, for the log.</param>
    private sealed record Done(string What)
    {
        /// <summary>The run that it is about; null for none.</summary>
        public string? RunId { get; init; }

        /// <summary>Why nothing was done; null if it was.</summary>
        public string? Refusal { get; init; }

        public static Done Refused(string reason) => new("something") { Refusal = reason };
    }
}

/// <summary>Where it is written who did what.</summary>
internal sealed record ActionRecord(Trail Trail, Serilog.ILogger Log);
