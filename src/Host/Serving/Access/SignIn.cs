using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.RateLimiting;
using VerseEtl.Host.Serving.Pages;
using VerseEtl.Host.Serving.People;

namespace VerseEtl.Host.Serving.Access;

/// <summary>The sign-in: a form, a session, and a limit on tries.</summary>
internal static class SignIn
{
    public const string Path = "/sign-in";
    public const int TriesPerMinute = 10;

    // of all that are new; known sources have their own
    private const int NetworksHeard = 6;

    // each hash takes a core for a tenth of a second
    private const int HashesAtOnce = 1;
    private const int HashesWaiting = 8;

    public static void AddSignIn(this IServiceCollection services, ServeOptions options)
    {
        CookieSecurePolicy secure = options.IsEncrypted ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie = new CookieBuilder
            {
                Name = options.CookiePrefix + "verse-etl",
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                SecurePolicy = secure,
                Path = "/",
                IsEssential = true,
            };
            cookie.CookieManager = new FreshCookies();
            cookie.ExpireTimeSpan = Session.Longest;
            cookie.SlidingExpiration = false;
            cookie.LoginPath = Path;
            cookie.Events = new CookieAuthenticationEvents
            {
                OnRedirectToLogin = redirect =>
                {
                    if (HttpMethods.IsGet(redirect.Request.Method) && !Sessions.IsPolled(redirect.Request))
                        redirect.Response.Redirect(redirect.RedirectUri);
                    else redirect.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    return Task.CompletedTask;
                },
                OnRedirectToAccessDenied = redirect =>
                {
                    redirect.HttpContext.RequestServices.GetRequiredService<StrangerLines>()
                        .Write(redirect.HttpContext, $"What operators do, refused to {redirect.HttpContext.User.Identity?.Name}");
                    redirect.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                },
            };
        });
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<Sessions, TimeProvider>((cookie, sessions, time) => (cookie.SessionStore, cookie.TimeProvider) = (sessions, time));
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie = new CookieBuilder
            {
                Name = options.CookiePrefix + "verse-etl-form",
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                SecurePolicy = secure,
                Path = "/",
                IsEssential = true,
            };
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddSingleton<KnownSources>().AddSingleton<Sessions>().AddSingleton<SignInSurroundings>();
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = "60";
                return default;
            };
        });
        services.AddOptions<RateLimiterOptions>().Configure<KnownSources>((limiter, known) => limiter.GlobalLimiter = Limiter(known, options));
    }

    /// <summary>Tries are counted by network, those of known sources apart; so are the hashes, which nobody who guesses can keep others from.</summary>
    private static PartitionedRateLimiter<HttpContext> Limiter(KnownSources known, ServeOptions options)
    {
        return PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(context => !IsTry(context) ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetFixedWindowLimiter(known.ShareOf(context) ?? "new in " + Networks.Of(context.Connection.RemoteIpAddress),
                    _ => InAMinute(options.TriesPerMinute))),
            PartitionedRateLimiter.Create<HttpContext, string>(context => !IsTry(context) || known.ShareOf(context) is not null
                ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetFixedWindowLimiter("new", _ => InAMinute(options.TriesPerMinute * NetworksHeard))),
            PartitionedRateLimiter.Create<HttpContext, string>(context => !IsTry(context) ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetConcurrencyLimiter(known.ShareOf(context) is null ? "new" : "known", _ =>
                    new ConcurrencyLimiterOptions { PermitLimit = HashesAtOnce, QueueLimit = HashesWaiting })));

        static FixedWindowRateLimiterOptions InAMinute(int most) => new() { PermitLimit = most, Window = TimeSpan.FromMinutes(1) };
    }

    public static void MapSignIn(this WebApplication app)
    {
        app.MapGet(Path, (HttpContext context, PageAnswers pages) => pages.SignIn(context, refused: false)).AllowAnonymous();
        app.MapPost(Path, Try).AllowAnonymous();
        app.MapPost("/sign-out", Out).AllowAnonymous();
    }

    public static bool IsTry(HttpContext context) => HttpMethods.IsPost(context.Request.Method) && context.Request.Path.StartsWithSegments(Path);

    private static async Task Try(HttpContext context, IAntiforgery antiforgery, PageAnswers pages, SignInSurroundings around)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            around.Lines.Write(context, "A sign-in without its token refused");
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string account = form["account"].ToString(), password = form["password"].ToString();
        string? address = context.Connection.RemoteIpAddress?.ToString();
        if (around.Accounts.Verify(account, password) is not string stamp)
        {
            // not the name that was typed: it may be the password
            if (around.Lines.Write(context, "Sign-in refused")) around.Trail.Add(Deed.SignInRefused, Role.All.Contains(account) ? account : "?", address);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await pages.SignIn(context, refused: true);
            return;
        }
        await context.SignInAsync(Sessions.Principal(account, stamp));
        around.Known.Remember(context, account);
        around.Trail.Add(Deed.SignedIn, account, address);
        around.Log.Information("Signed in as {Account} from {Address}", account, address);
        string back = context.Request.Query["ReturnUrl"].ToString();
        context.Response.Redirect(RedirectHttpResult.IsLocalUrl(back) ? back : "/");
    }

    private static async Task Out(HttpContext context, IAntiforgery antiforgery, SignInSurroundings around)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        if (context.User.Identity is { IsAuthenticated: true, Name: string account })
            around.Trail.Add(Deed.SignedOut, account, context.Connection.RemoteIpAddress?.ToString());
        await context.SignOutAsync();
        context.Response.Redirect(Path);
    }
}

/// <summary>What a sign-in touches.</summary>
internal sealed record SignInSurroundings(Accounts Accounts, KnownSources Known, Trail Trail, StrangerLines Lines, Serilog.ILogger Log);
