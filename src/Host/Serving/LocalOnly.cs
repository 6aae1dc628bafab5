using System.Net;
using Hangfire.Annotations;
using Hangfire.Dashboard;

namespace VerseEtl.Host.Serving;

/// <summary>
/// Lets in who sits at this machine. A request that came through a proxy is refused even though the proxy is local: behind one, everybody would
/// look local.
/// </summary>
internal sealed class LocalOnly : IDashboardAuthorizationFilter
{
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    public bool Authorize([NotNull] DashboardContext context) => IsLocal(context.GetHttpContext());

    public static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is IPAddress address && IPAddress.IsLoopback(address) && !ProxyHeaders.Any(context.Request.Headers.ContainsKey);

    /// <summary>For every path: who is not local gets 403, who is gets headers that keep other sites out.</summary>
    public static Task Guard(HttpContext context, RequestDelegate next)
    {
        if (!IsLocal(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }
        IHeaderDictionary headers = context.Response.Headers;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        // the dashboard brings its own inline styles and scripts
        headers.ContentSecurityPolicy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        return next(context);
    }
}
