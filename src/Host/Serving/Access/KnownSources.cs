using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using VerseEtl.Host.Serving.People;

namespace VerseEtl.Host.Serving.Access;

/// <summary>
/// Browsers and addresses from which somebody has signed in: their tries are counted apart, so that nobody who guesses can keep them out. A browser is known
/// by a cookie that it got then, for a quarter of a year; an address as long as the process lives.
/// </summary>
internal sealed class KnownSources(IDataProtectionProvider protection, ServeOptions options)
{
    private const int MostAddresses = 1_000;

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(90);

    private readonly ITimeLimitedDataProtector _cookies = protection.CreateProtector("browsers that signed in").ToTimeLimitedDataProtector();
    private readonly OrderedDictionary<IPAddress, bool> _addresses = [];
    private readonly Lock _lock = new();
    private readonly string _cookie = options.CookiePrefix + "verse-etl-known";

    /// <summary>
    /// The share that a try counts against; null for one of which nothing is known. All browsers of an account have one together, and so have the known
    /// addresses of a network: more sign-ins do not give more guesses.
    /// </summary>
    public string? ShareOf(HttpContext context)
    {
        if (context.Request.Cookies[_cookie] is string cookie && AccountOf(cookie) is string account) return "browsers of " + account;
        if (context.Connection.RemoteIpAddress is not IPAddress address) return null;
        lock (_lock) return _addresses.ContainsKey(address) ? "known in " + Networks.Of(address) : null;
    }

    public void Remember(HttpContext context, string account)
    {
        context.Response.Cookies.Append(_cookie, _cookies.Protect(account, Remembered), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = options.IsEncrypted,
            Path = "/",
            MaxAge = Remembered,
            IsEssential = true,
        });
        if (context.Connection.RemoteIpAddress is not IPAddress address) return;
        lock (_lock)
        {
            _addresses.Remove(address);
            _addresses.Add(address, true);
            if (_addresses.Count > MostAddresses) _addresses.RemoveAt(0);
        }
    }

    private string? AccountOf(string cookie)
    {
        try
        {
            return _cookies.Unprotect(cookie);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
