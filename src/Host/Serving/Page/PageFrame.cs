using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using VerseEtl.Host.AuditPage;

namespace VerseEtl.Host.Serving.Page;

/// <summary>What every page of the host has around it, and the two files that they share.</summary>
internal static class PageFrame
{
    /// <param name="refreshSeconds">After how long a browser without scripts loads the page again; null never.</param>
    public static Task Write(HttpContext context, string title, HtmlText body, int? refreshSeconds)
    {
        HtmlText refresh = refreshSeconds is int seconds ? HtmlText.Of($"<noscript><meta http-equiv=\"refresh\" content=\"{seconds}\"></noscript>\n<script src=\"/assets/page.js\" defer></script>\n") : new HtmlText();
        return Send(context, HtmlText.Of($"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/assets/page.css\">\n{refresh}</head>\n<body>\n{body}</body>\n</html>\n"));
    }

    public static Task Send(HttpContext context, HtmlText markup)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(markup.ToString());
    }

    /// <summary>The hidden field without which a form is refused.</summary>
    public static HtmlText Token(HttpContext context, IAntiforgery antiforgery)
    {
        AntiforgeryTokenSet tokens = antiforgery.GetAndStoreTokens(context);
        return HtmlText.Of($"<input type=\"hidden\" name=\"{tokens.FormFieldName}\" value=\"{tokens.RequestToken}\">\n");
    }

    public static void MapAssets(this WebApplication app)
    {
        // colours and tables are the audit page's
        string css = $"{PageStyle.Css}\n{Own("page.css")}", js = Own("page.js");
        app.MapGet("/assets/page.css", () => Results.Text(css, "text/css", Encoding.UTF8)).AllowAnonymous();
        app.MapGet("/assets/page.js", () => Results.Text(js, "text/javascript", Encoding.UTF8)).AllowAnonymous();
    }

    private static string Own(string name)
    {
        using StreamReader reader = new(typeof(PageFrame).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
