using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using VerseEtl.Host.Serving.Pages;

namespace VerseEtl.Host.Serving.Access;

/// <summary>The sign-in: a form, a cookie for half an hour, and a limit on tries.</summary>
internal static class SignIn
{
    public const string Path = "/sign-in";
    public const int TriesPerMinute = 10;

    private const string Stamp = "stamp", Cards = "/pipelines";

    // each hash takes a core for a tenth of a second
    private const int HashesAtOnce = 1;
    private const int HashesWaiting = 8;

    private static readonly TimeSpan Session = TimeSpan.FromMinutes(30);

    /// <summary>Asked for by scripts as long as a page stands open: they must not keep a session alive that nobody uses.</summary>
    private static readonly PathString[] Polled = [Cards, "/hangfire/stats"];

    public static void AddSignIn(this IServiceCollection services, ServeOptions options)
    {
        CookieSecurePolicy secure = options.IsEncrypted ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        string prefix = options.IsEncrypted ? "__Host-" : "";
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie = new CookieBuilder
            {
                Name = prefix + "verse-etl",
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                SecurePolicy = secure,
                Path = "/",
                IsEssential = true,
            };
            cookie.ExpireTimeSpan = Session;
            cookie.LoginPath = Path;
            cookie.Events = new CookieAuthenticationEvents
            {
                OnValidatePrincipal = RequireSamePassword,
                OnCheckSlidingExpiration = check =>
                {
                    if (IsPolled(check.Request)) check.ShouldRenew = false;
                    return Task.CompletedTask;
                },
                OnRedirectToLogin = redirect =>
                {
                    if (HttpMethods.IsGet(redirect.Request.Method) && !IsPolled(redirect.Request))
                        redirect.Response.Redirect(redirect.RedirectUri);
                    else redirect.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    return Task.CompletedTask;
                },
                OnRedirectToAccessDenied = redirect =>
                {
                    redirect.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                },
            };
        });
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie = new CookieBuilder
            {
                Name = prefix + "verse-etl-form",
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                SecurePolicy = secure,
                Path = "/",
                IsEssential = true,
            };
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = "60";
                return default;
            };
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, string>(context => !IsTry(context) ? RateLimitPartition.GetNoLimiter("")
                    : RateLimitPartition.GetFixedWindowLimiter(From(context.Connection.RemoteIpAddress), _ =>
                        new FixedWindowRateLimiterOptions { PermitLimit = TriesPerMinute, Window = TimeSpan.FromMinutes(1) })),
                PartitionedRateLimiter.Create<HttpContext, bool>(context => !IsTry(context) ? RateLimitPartition.GetNoLimiter(false)
                    : RateLimitPartition.GetConcurrencyLimiter(true, _ =>
                        new ConcurrencyLimiterOptions { PermitLimit = HashesAtOnce, QueueLimit = HashesWaiting })));
        });
    }

    public static void MapSignIn(this WebApplication app)
    {
        app.MapGet(Path, (HttpContext context, PageAnswers pages) => pages.SignIn(context, refused: false)).AllowAnonymous();
        app.MapPost(Path, Try).AllowAnonymous();
        app.MapPost("/sign-out", Out).AllowAnonymous();
    }

    private static async Task Try(HttpContext context, IAntiforgery antiforgery, Accounts accounts, PageAnswers pages, Serilog.ILogger log)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string account = form["account"].ToString(), password = form["password"].ToString();
        if (accounts.Verify(account, password) is not string stamp)
        {
            // not the name that was typed: it may be the password
            log.Warning("Sign-in refused from {Address}", context.Connection.RemoteIpAddress?.ToString());
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await pages.SignIn(context, refused: true);
            return;
        }
        ClaimsIdentity identity = new([new Claim(ClaimTypes.NameIdentifier, account), new Claim(ClaimTypes.Name, account),
            new Claim(ClaimTypes.Role, account), new Claim(Stamp, stamp)], CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(new ClaimsPrincipal(identity));
        log.Information("Signed in as {Account} from {Address}", account, context.Connection.RemoteIpAddress?.ToString());
        string back = context.Request.Query["ReturnUrl"].ToString();
        context.Response.Redirect(RedirectHttpResult.IsLocalUrl(back) ? back : "/");
    }

    private static async Task Out(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        await context.SignOutAsync();
        context.Response.Redirect(Path);
    }

    private static Task RequireSamePassword(CookieValidatePrincipalContext context)
    {
        Accounts accounts = context.HttpContext.RequestServices.GetRequiredService<Accounts>();
        string? now = context.Principal?.Identity?.Name is string account ? accounts.Stamp(account) : null;
        if (now is null || context.Principal?.FindFirstValue(Stamp) != now) context.RejectPrincipal();
        return Task.CompletedTask;
    }

    /// <summary>Asked for by a script, of which ours says so of itself.</summary>
    private static bool IsPolled(HttpRequest request) =>
        Polled.Any(path => request.Path == path) || request.Headers.XRequestedWith == "XMLHttpRequest";

    private static bool IsTry(HttpContext context) => HttpMethods.IsPost(context.Request.Method) && context.Request.Path.StartsWithSegments(Path);

    // who has one IPv6 address has a whole network of them
    private static string From(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };
}
