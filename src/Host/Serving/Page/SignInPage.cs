using Microsoft.AspNetCore.Antiforgery;
using VerseEtl.Host.AuditPage;

namespace VerseEtl.Host.Serving.Page;

/// <summary>The form for account and password.</summary>
internal static class SignInPage
{
    public static Task Write(HttpContext context, IAntiforgery antiforgery, bool refused)
    {
        HtmlText trouble = refused ? HtmlText.Of($"<p class=\"trouble\" role=\"alert\">Wrong account or password.</p>\n") : new HtmlText();
        // posted to where it is, so that the page that was asked for stays in the address
        HtmlText body = HtmlText.Of($"<main class=\"sign-in\">\n<h1>VerseEtl</h1>\n{trouble}<form method=\"post\">\n{PageFrame.Token(context, antiforgery)}<label>Account <input name=\"account\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" required autofocus></label>\n<label>Password <input name=\"password\" type=\"password\" autocomplete=\"current-password\" required></label>\n<button>Sign in</button>\n</form>\n<p class=\"quiet\">Accounts are <b>viewer</b>, who may look, and <b>operator</b>, who may also trigger, cancel and delete. <code>verse-etl password</code> on the machine that serves sets their passwords.</p>\n</main>\n");
        return PageFrame.Write(context, "VerseEtl: sign in", body, refreshSeconds: null);
    }
}
