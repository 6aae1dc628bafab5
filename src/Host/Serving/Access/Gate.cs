using System.Net;

namespace VerseEtl.Host.Serving.Access;

/// <summary>
/// What every request must get through before anything looks at it: it comes by the way that `serve` was told of, and its answer keeps other
/// sites out.
/// </summary>
internal sealed class Gate(ServeOptions options)
{
    private const string Direct = "direct";

    // the dashboard's script sets styles inline
    private const string DashboardPolicy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
    private const string AuditPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    private const string OwnPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; "
        + "connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"];
    private static readonly PathString[] ForMonitors = ["/health", "/metrics"];

    /// <summary>Somebody on this machine asks, and no proxy in between says that it was somebody else.</summary>
    public static bool IsFromHere(HttpContext context) => context.Items.ContainsKey(Direct);

    /// <summary>By the connection's own address, so it must come before forwarded headers are taken for true.</summary>
    public Task Admit(HttpContext context, RequestDelegate next)
    {
        IPAddress? remote = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
        bool forwarded = ProxyHeaders.Any(context.Request.Headers.ContainsKey);
        bool local = remote is not null && IPAddress.IsLoopback(remote);
        if (local && !forwarded) context.Items[Direct] = true;
        if (options.Proxies.Count == 0 && forwarded) return Refuse(context, "this came through a proxy that serve was not told of; see --proxy");
        bool monitor = local && !forwarded && IsForMonitors(context);
        if (options.Proxies.Count > 0 && !monitor && !options.Proxies.Contains(remote))
            return Refuse(context, "only the proxies that serve was told of may ask");
        return next(context);
    }

    /// <summary>After forwarded headers were taken for true: behind a proxy the browser's side must be encrypted.</summary>
    public Task Answer(HttpContext context, RequestDelegate next)
    {
        if (options.Proxies.Count > 0 && !context.Request.IsHttps && !IsForMonitors(context))
            return Refuse(context, "the proxy must end TLS and send X-Forwarded-Proto: https");
        PathString path = context.Request.Path;
        IHeaderDictionary headers = context.Response.Headers;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = path.StartsWithSegments("/hangfire") ? DashboardPolicy : path.StartsWithSegments("/audit") ? AuditPolicy : OwnPolicy;
        context.Response.OnStarting(() =>
        {
            // the forms and the dashboard's files bring their own
            if (headers.CacheControl.Count == 0 && !path.StartsWithSegments("/hangfire")) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);
    }

    private static bool IsForMonitors(HttpContext context) => ForMonitors.Any(path => context.Request.Path.StartsWithSegments(path));

    private static Task Refuse(HttpContext context, string reason)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync(reason);
    }
}
