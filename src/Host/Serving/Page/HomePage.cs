using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using VerseEtl.Host.AuditPage;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Serving.Page;

/// <summary>What stands where, for a browser: one card per pipeline. Everything from outside is encoded.</summary>
internal static class HomePage
{
    private const int WhileRunning = 2;
    private const int WhileIdle = 15;
    private const int MostFindings = 12;

    public static async Task Write(HttpContext context, Standings standings, HostsCard hosts, IAntiforgery antiforgery, TimeProvider time)
    {
        IReadOnlyList<Standing> all = await standings.All(context.RequestAborted);
        HtmlText account = context.User.Identity is { IsAuthenticated: true, Name: string name }
            ? HtmlText.Of($"<span class=\"quiet\">signed in as {name}</span>\n<form method=\"post\" action=\"/sign-out\">{PageFrame.Token(context, antiforgery)}<button>Sign out</button></form>\n")
            : HtmlText.Of($"<a href=\"/sign-in\">Sign in</a>\n");
        HtmlText body = HtmlText.Of($"<header>\n<h1>VerseEtl</h1>\n<a href=\"/hangfire\">Scheduler</a>\n{account}</header>\n<main>\n{Cards(all, time.GetUtcNow(), hosts.Draw())}</main>\n");
        await PageFrame.Write(context, Title(all), body, Refresh(all));
    }

    /// <summary>The cards alone, for the page's script.</summary>
    public static async Task WriteCards(HttpContext context, Standings standings, HostsCard hosts, TimeProvider time) =>
        await PageFrame.Send(context, Cards(await standings.All(context.RequestAborted), time.GetUtcNow(), hosts.Draw()));

    /// <summary>The audit page of the current snapshot.</summary>
    public static async Task WriteAudit(HttpContext context, Standings standings, string pipeline)
    {
        string? file = standings.Outside().FirstOrDefault(standing => standing.Pipeline.Name == pipeline)?.Current is Snapshot current ? Path.Join(current.Directory, "audit.html") : null;
        if (!File.Exists(file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.SendFileAsync(file);
    }

    /// <param name="more">What else is shown below the pipelines.</param>
    internal static HtmlText Cards(IReadOnlyList<Standing> all, DateTimeOffset now, HtmlText? more = null) =>
        HtmlText.Of($"<div data-refresh=\"{Refresh(all)}\">\n{HtmlText.Join(all, standing => $"{Card(standing, now)}")}{more}</div>\n");

    private static int Refresh(IReadOnlyList<Standing> all) => all.Any(standing => standing.UnderWay is not null) ? WhileRunning : WhileIdle;

    private static string Title(IReadOnlyList<Standing> all) =>
        all.FirstOrDefault(standing => standing.UnderWay is not null) is { UnderWay: RunProgress run } one ? string.Create(CultureInfo.InvariantCulture, $"{one.Pipeline.Name} {run.Done}/{run.Total} - VerseEtl") : "VerseEtl";

    private static HtmlText Card(Standing standing, DateTimeOffset now)
    {
        Pipeline pipeline = standing.Pipeline;
        HtmlText card = HtmlText.Of($"<article>\n<h2>{pipeline.Name} <span class=\"state {standing.State}\">{standing.State}</span></h2>\n");
        if (pipeline.Description is string description) card.Add($"<p class=\"quiet\">{description}</p>\n");
        if (standing.UnderWay is RunProgress running) card.Add($"{Progress(running, now)}");
        if (standing.Trouble is string trouble) card.Add($"<p class=\"trouble\">The warehouse cannot be read: {trouble}</p>\n");
        if (standing.Hold is Hold hold) card.Add($"<p class=\"some-text\">Held since {Words.At(hold.SinceUtc)}: {hold.Reason}. Scheduled runs skip until <code>release</code>.</p>\n");
        if (standing.OverdueSince(now) is DateTimeOffset since) card.Add($"<p class=\"trouble\">No refresh has succeeded since {Words.At(since)}.</p>\n");
        if (standing.Summary is SnapshotSummary summary) card.Add($"{Verdict(pipeline.Name, summary)}");
        card.Add($"<dl class=\"facts\">\n<dt>Next run</dt><dd>{Next(standing, now)}</dd>\n<dt>Last run</dt><dd>{Last(standing, now)}</dd>\n<dt>Snapshot</dt><dd>{Current(standing, now)}</dd>\n</dl>\n");
        if (standing.Summary is { Findings.Count: > 0 } found) card.Add($"{Findings(pipeline.Name, found.Findings)}");
        return card.Add($"{RunHistory.Section(pipeline.Name, standing.Runs)}</article>\n");
    }

    private static HtmlText Progress(RunProgress run, DateTimeOffset now)
    {
        List<string> words = [run.Phase ?? string.Create(CultureInfo.InvariantCulture, $"{run.Done} of {run.Total} scans")];
        if (run.Warnings > 0) words.Add(string.Create(CultureInfo.InvariantCulture, $"{run.Warnings} with warnings"));
        if (run.Failed > 0) words.Add(string.Create(CultureInfo.InvariantCulture, $"{run.Failed} failed"));
        if (run.ScansPerMinute is double rate) words.Add(string.Create(CultureInfo.InvariantCulture, $"{rate.ToString(rate < 10 ? "0.0" : "0", CultureInfo.InvariantCulture)} scans a minute"));
        if (run.Left is TimeSpan left) words.Add("about " + Words.Took(left) + " left");
        words.Add("started " + Words.From(now, run.StartedUtc));
        HtmlText bar = run.Phase is null ? HtmlText.Of($"<progress max=\"{Math.Max(1, run.Total)}\" value=\"{run.Done}\"></progress>") : HtmlText.Of($"<progress></progress>");
        return HtmlText.Of($"<div class=\"progress\">{bar}<div>{string.Join(" · ", words)}</div></div>\n");
    }

    private static HtmlText Verdict(string pipeline, SnapshotSummary summary)
    {
        string look = summary.Attention switch { AuditView.Weight.Differs => "differs", AuditView.Weight.Incomplete => "incomplete", _ => summary.Tally.Count > 0 ? "fine" : "" };
        return HtmlText.Of($"<p class=\"verdict {look}\">{summary.Verdict} <a href=\"/audit/{pipeline}\">The audit</a></p>\n");
    }

    private static HtmlText Next(Standing standing, DateTimeOffset now) => standing.Next is DateTimeOffset next
        ? HtmlText.Of($"{Words.At(next)}, {Words.From(now, next)} <span class=\"quiet\">({standing.Pipeline.Schedule!.CronText}, {standing.Pipeline.Schedule.Zone.Id})</span>")
        : HtmlText.Of($"not scheduled");

    private static HtmlText Last(Standing standing, DateTimeOffset now)
    {
        // the one under way stands above
        if ((standing.UnderWay is null ? standing.LastRun : standing.Runs.LastOrDefault(ended => ended.EndedUtc is not null)) is not RunRecord run) return HtmlText.Of($"none yet");
        HtmlText last = HtmlText.Of($"<span class=\"{RunHistory.Class(run)}-text\">{run.Outcome}</span>, {Words.From(now, run.StartedUtc)}");
        if (run.EndedUtc is not null) last.Add($", took {Words.Took(RunHistory.Took(run))}, exit {run.ExitCode}");
        else last.Add($": it goes on in another process, or it was killed");
        return run.Message is string message ? last.Add($"<div class=\"quiet\">{message}</div>") : last;
    }

    private static HtmlText Current(Standing standing, DateTimeOffset now)
    {
        if (standing.Current is not Snapshot current) return HtmlText.Of($"none yet");
        Manifest manifest = current.Manifest;
        HtmlText text = HtmlText.Of($"{current.Sequence}, {Words.From(now, current.CommittedUtc)}: {manifest.ScansFound} scans ({manifest.ScansOk} ok, {manifest.ScansWarning} with warnings, {manifest.ScansFailed} failed)");
        if (standing.Summary is SnapshotSummary summary) text.Add($", {summary.Vertebrae} vertebrae");
        return current.RolledBackTo is long back ? text.Add($"; the rows of {back}, by a rollback") : text;
    }

    private static HtmlText Findings(string pipeline, IReadOnlyList<FindingCount> findings)
    {
        string tally = string.Join(", ", findings.GroupBy(finding => finding.Severity).Select(group => Counted(group.Sum(finding => finding.Count), group.Key)));
        HtmlText table = HtmlText.Of($"<details id=\"findings-{pipeline}\"><summary>Findings: {tally}</summary>\n<div class=\"scroll\"><table class=\"stack\">\n<tr><th class=\"l\">code</th><th class=\"l\">severity</th><th>count</th><th class=\"l\">for example</th></tr>\n");
        foreach (FindingCount finding in findings.Take(MostFindings))
            table.Add($"<tr><td class=\"l\"><b>{finding.Code}</b></td><td class=\"l\">{AuditText.Word(finding.Severity)}</td><td data-name=\"count\">{finding.Count}</td><td class=\"l w\">{finding.Example}</td></tr>\n");
        if (findings.Count > MostFindings) table.Add($"<tr><td class=\"l\" colspan=\"4\">and {findings.Count - MostFindings} more kinds, in the audit</td></tr>\n");
        return table.Add($"</table></div></details>\n");
    }

    private static string Counted(int count, Severity severity) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {AuditText.Word(severity)}{(severity == Severity.Info || count == 1 ? "" : "s")}");
}
