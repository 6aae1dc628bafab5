using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using VerseEtl.Host.Serving.People;

namespace VerseEtl.Host.Serving.Access;

/// <summary>
/// Who is signed in. A cookie is a random key; what it opens is kept here under the key's hash, and with that gone a copy of the cookie opens nothing.
/// </summary>
internal sealed class Sessions(IKeptTexts kept, Accounts accounts, TimeProvider time) : ITicketStore
{
    /// <summary>Of an account at the same time; with one more the oldest ends.</summary>
    public const int MostOfAccount = 50;

    private const string Kind = "sessions", Stamp = "stamp", Own = "session";

    // how exactly it is known when a session was used last
    private static readonly TimeSpan Noted = TimeSpan.FromMinutes(1);

    /// <summary>Asked for by scripts as long as a page stands open: they must not keep a session alive that nobody uses.</summary>
    private static readonly PathString[] Polled = ["/pipelines", "/hangfire/stats"];

    // a session that was ended must not come back with the note of its last use
    private readonly Lock _lock = new();

    /// <summary>What <see cref="StoreAsync(AuthenticationTicket, HttpContext, CancellationToken)"/> makes a session of.</summary>
    public static ClaimsPrincipal Principal(string account, string stamp) => new(new ClaimsIdentity([.. ClaimsOf(account), new Claim(Stamp, stamp)],
        CookieAuthenticationDefaults.AuthenticationScheme));

    /// <summary>Asked for by a script, of which ours says so of itself.</summary>
    public static bool IsPolled(HttpRequest request) =>
        Polled.Any(path => request.Path == path) || request.Headers.XRequestedWith == "XMLHttpRequest";

    /// <summary>The name of the session that a request came with; null for none.</summary>
    public static string? NameOf(HttpContext context) => context.Items[Own] as string;

    /// <summary>Those that are open, the newest first.</summary>
    public IReadOnlyList<(string Name, Session Session)> Open()
    {
        List<(string Name, Session Session)> open = [];
        foreach ((string name, string text) in kept.All(Kind))
        {
            if (Parse(text) is not Session session || session.IsOver(time.GetUtcNow())) kept.Remove(Kind, name);
            else if (HasItsPassword(session)) open.Add((name, session));
        }
        return [.. open.OrderByDescending(each => each.Session.SinceUtc)];
    }

    /// <summary>Ends a session, whoever it belongs to.</summary>
    /// <returns>Null where there is none of that name.</returns>
    public Session? End(string name)
    {
        lock (_lock)
        {
            if (Find(name) is not Session session) return null;
            kept.Remove(Kind, name);
            return session;
        }
    }

    public Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken)
    {
        string account = ticket.Principal.Identity!.Name!;
        IEnumerable<(string Name, Session Session)> same = Open().Where(open => open.Session.Account == account);
        foreach ((string oldest, _) in same.Skip(MostOfAccount - 1)) kept.Remove(Kind, oldest);
        DateTimeOffset now = time.GetUtcNow();
        string key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        kept.Write(Kind, NameOf(key),
            Json.Line(new Session(account, $"{httpContext.Connection.RemoteIpAddress}", ticket.Principal.FindFirstValue(Stamp)!, now, now)));
        return Task.FromResult(key);
    }

    public Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        string name = NameOf(key);
        lock (_lock)
        {
            if (Find(name) is not Session session || !HasItsPassword(session)) return Task.FromResult<AuthenticationTicket?>(null);
            if (!IsPolled(httpContext.Request) && time.GetUtcNow() - session.SeenUtc >= Noted)
            {
                session = session with { SeenUtc = time.GetUtcNow() };
                kept.Write(Kind, name, Json.Line(session));
            }
            httpContext.Items[Own] = name;
            ClaimsPrincipal person = new(new ClaimsIdentity(ClaimsOf(session.Account), CookieAuthenticationDefaults.AuthenticationScheme));
            AuthenticationProperties times = new() { IssuedUtc = session.SinceUtc, ExpiresUtc = session.EndsUtc, AllowRefresh = false };
            return Task.FromResult<AuthenticationTicket?>(new(person, times, CookieAuthenticationDefaults.AuthenticationScheme));
        }
    }

    public Task RemoveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken) => RemoveAsync(key);

    public Task RemoveAsync(string key)
    {
        lock (_lock) kept.Remove(Kind, NameOf(key));
        return Task.CompletedTask;
    }

    /// <summary>Never asked for: a session goes on by being used, and each sign-in makes one of its own.</summary>
    public Task RenewAsync(string key, AuthenticationTicket ticket) => Task.CompletedTask;

    /// <summary>Without a request there is no session.</summary>
    public Task<string> StoreAsync(AuthenticationTicket ticket) => throw new NotSupportedException();

    /// <inheritdoc cref="StoreAsync(AuthenticationTicket)"/>
    public Task<AuthenticationTicket?> RetrieveAsync(string key) => throw new NotSupportedException();

    private static string NameOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static Claim[] ClaimsOf(string account) =>
        [new Claim(ClaimTypes.NameIdentifier, account), new Claim(ClaimTypes.Name, account), new Claim(ClaimTypes.Role, account)];

    private Session? Find(string name) => kept.Read(Kind, name) is string text && Parse(text) is Session session
        && !session.IsOver(time.GetUtcNow()) ? session : null;

    /// <summary>As long as the accounts cannot be read nobody is in.</summary>
    private bool HasItsPassword(Session session)
    {
        try
        {
            return accounts.Stamp(session.Account) == session.Stamp;
        }
        catch (AccountsUnusableException)
        {
            return false;
        }
    }

    private static Session? Parse(string text)
    {
        try
        {
            return Json.Read<Session>(text) is { Account: not null, Stamp: not null } session ? session : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>
/// Keeps the cookie of a session from a sign-in, which would otherwise go on under the same key: who planted a key in another's browser would be signed in
/// with them.
/// </summary>
internal sealed class FreshCookies : ICookieManager
{
    private readonly ChunkingCookieManager _all = new();

    public string? GetRequestCookie(HttpContext context, string key) =>
        context.Request.Path.StartsWithSegments(SignIn.Path) ? null : _all.GetRequestCookie(context, key);

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _all.AppendResponseCookie(context, key, value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _all.DeleteCookie(context, key, options);
}
