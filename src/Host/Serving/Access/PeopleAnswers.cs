using Microsoft.AspNetCore.Antiforgery;
using VerseEtl.Host.Pages;
using VerseEtl.Host.Serving.Pages;
using VerseEtl.Host.Serving.People;

namespace VerseEtl.Host.Serving.Access;

/// <summary>For operators: who is signed in, what people did, and the end of a session.</summary>
internal sealed class PeopleAnswers(Sessions sessions, Trail trail, IAntiforgery antiforgery, TimeProvider time, Serilog.ILogger log)
{
    private const int ShownDeeds = 200;

    public static void Map(WebApplication app)
    {
        RouteGroupBuilder acts = app.MapGroup("").RequireAuthorization(ActionAnswers.MayAct);
        acts.MapGet(Addresses.SessionsRoute, (HttpContext context, PeopleAnswers people) => people.Show(context));
        acts.MapPost(Addresses.EndRoute, (HttpContext context, PeopleAnswers people) => people.End(context));
    }

    private async Task Show(HttpContext context)
    {
        string page = await PageRenderer.Render<SessionsPage>(new()
        {
            [nameof(SessionsPage.Open)] = sessions.Open(),
            [nameof(SessionsPage.Own)] = Sessions.NameOf(context),
            [nameof(SessionsPage.Trail)] = trail.Newest(ShownDeeds),
            [nameof(SessionsPage.Account)] = new SignedIn(context.User.Identity!.Name!, antiforgery.GetAndStoreTokens(context)) { MayAct = true },
            [nameof(SessionsPage.Now)] = time.GetUtcNow(),
        });
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(page, context.RequestAborted);
    }

    private async Task End(HttpContext context)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (sessions.End(form["session"].ToString()) is Session ended)
        {
            string who = context.User.Identity!.Name!, where = $"{context.Connection.RemoteIpAddress}";
            string about = $"of {ended.Account} from {ended.Address}, since {IsoTime.Second(ended.SinceUtc)}";
            trail.Add(Deed.SessionEnded, who, where, about);
            log.Information("{Account} from {Address} ended a session {About}", who, where, about);
        }
        // one that has ended meanwhile is as was asked for
        context.Response.Redirect(Addresses.SessionsRoute);
    }
}
