using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Serving.Access;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.Serving.Pages;

/// <summary>What an operator does on the page, over real HTTP.</summary>
public sealed class ActionTests(SmallDataset dataset)
{
    private static readonly string[] Actions = ["run", "cancel", "release", "rollback"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_a_rollback_and_a_release_are_done_once_they_are_confirmed_and_the_log_and_the_ledger_name_who_asked()
    {
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        using HttpClient client = await pages.SignedIn(Role.Operator);
        Assert.Contains("href=\"/pipelines/a/run?options\"", await client.GetStringAsync("/pipelines", Token), StringComparison.Ordinal);

        string? there = await Act(client, "run?options", ("full", "on"), ("scans", ""));
        RunRecord run = await Ended(pages, runs: 2);
        Assert.Equal($"/pipelines/a/runs/{run.RunId}", there);
        Assert.Equal(("published", 2L, "operator", null), (run.Outcome.Word, run.Sequence, run.By, run.RunKey));

        Assert.StartsWith("/pipelines/a/runs/", await Act(client, "run?options", ("scans", "sub-verse902"), ("verify", "on")), StringComparison.Ordinal);
        Assert.Equal(("unchanged", 4), ((await Ended(pages, runs: 3)).Outcome.Word, Runs(pages)[^1].ScansFound));

        Assert.StartsWith("/pipelines/a/runs/", await Act(client, "rollback", ("to", "1"), ("reason", "  L1 was halved\u0007 ")), StringComparison.Ordinal);
        Assert.Equal((3L, 1L), (Open(pages).Current!.Sequence, Open(pages).Current!.RolledBackTo));
        Assert.Equal("rolled back to snapshot 1: L1 was halved\\u0007", Open(pages).Hold!.Reason);
        Assert.Equal(("rolled back", "operator", "a"), (Runs(pages)[^1].Outcome.Word, Runs(pages)[^1].By, Runs(pages)[^1].Pipeline));

        string card = await client.GetStringAsync("/", Token);
        Assert.Contains("L1 was halved", card, StringComparison.Ordinal);
        Assert.Contains(">held<", card, StringComparison.Ordinal);
        Assert.Equal("/", await Act(client, "release"));
        Assert.Null(Open(pages).Hold);

        string[] log = [.. pages.Log.Where(line => Regex.IsMatch(line, "^Pipeline .*\"operator\" from \"127.1."))];
        Assert.Equal(["\"a run, full\"", "\"a run, verify, scans sub-verse902\"", "\"a rollback to 1: L1 was halved\\u0007\"", "\"the release\""],
            log.Select(line => line[(line.IndexOf("asked for ", StringComparison.Ordinal) + 10)..]));
    }

    [Fact]
    public async Task Only_an_operator_is_asked_and_heard()
    {
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        using HttpClient viewer = await pages.SignedIn(Role.Viewer);
        string home = await viewer.GetStringAsync("/", Token);
        Assert.DoesNotContain("/pipelines/a/run\"", home, StringComparison.Ordinal);
        Assert.DoesNotContain("/hangfire", home, StringComparison.Ordinal);
        // a token of their own helps them nothing
        KeyValuePair<string, string> token = ServedPages.Token(home);
        foreach (string action in Actions)
        {
            Assert.Equal((action, HttpStatusCode.Forbidden), (action, (await viewer.GetAsync($"/pipelines/a/{action}", Token)).StatusCode));
            using FormUrlEncodedContent form = new([token, new("seen", Runs(pages)[^1].RunId), new("to", "1"), new("reason", "x")]);
            Assert.Equal((action, HttpStatusCode.Forbidden), (action, (await viewer.PostAsync($"/pipelines/a/{action}", form, Token)).StatusCode));
        }
        Assert.Single(Runs(pages));
    }

    [Fact]
    public async Task A_form_without_its_token_or_about_what_is_no_longer_so_does_nothing()
    {
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        using HttpClient client = await pages.SignedIn(Role.Operator);
        string id = Runs(pages)[^1].RunId;
        string page = await client.GetStringAsync("/pipelines/a/run", Token);
        Assert.Contains($"name=\"seen\" value=\"{id}\"", page, StringComparison.Ordinal);

        using FormUrlEncodedContent bare = new([new("seen", id)]);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/pipelines/a/run", bare, Token)).StatusCode);
        foreach (string seen in new[] { "", "another" })
        {
            using FormUrlEncodedContent stale = new([ServedPages.Token(page), new("seen", seen)]);
            using HttpResponseMessage answer = await client.PostAsync("/pipelines/a/run", stale, Token);
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Contains("something else is true by now", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
        Assert.StartsWith("/pipelines/a/runs/", await Act(client, "run?options", ("full", "on")), StringComparison.Ordinal);
        await Ended(pages, runs: 2);
        // of two operators who were asked about the same snapshot one is heard
        string asked = await client.GetStringAsync("/pipelines/a/rollback", Token);
        Assert.StartsWith("/pipelines/a/runs/", await Act(client, "rollback", ("to", "1"), ("reason", "first")), StringComparison.Ordinal);
        using FormUrlEncodedContent late = new([ServedPages.Token(asked), new("seen", Seen(asked)), new("to", "1"), new("reason", "second")]);
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync("/pipelines/a/rollback", late, Token)).StatusCode);
        Assert.Equal(3, Open(pages).Current!.Sequence);
        Assert.Equal(3, Runs(pages).Count);
    }

    [Fact]
    public async Task A_second_run_gets_a_clear_answer_and_the_first_can_be_cancelled()
    {
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        using HttpClient client = await pages.SignedIn(Role.Operator);
        string asked = await client.GetStringAsync("/pipelines/a/run", Token);
        RunningPipelines running = pages.Services.GetRequiredService<RunningPipelines>();
        using RunningPipelines.Entry first = running.TryEnter("a", "another")!;

        using FormUrlEncodedContent form = new([ServedPages.Token(asked), new("seen", Seen(asked))]);
        using HttpResponseMessage answer = await client.PostAsync("/pipelines/a/run", form, Token);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        string page = await answer.Content.ReadAsStringAsync(Token);
        Assert.Matches("Nothing was done: the run that another started is still under way; it began 2[0-9T:-]+Z\\.", page);
        Assert.DoesNotContain("<form", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/pipelines/a/run\"", await client.GetStringAsync("/pipelines", Token), StringComparison.Ordinal);

        string cancel = await client.GetStringAsync("/pipelines/a/cancel", Token);
        using FormUrlEncodedContent another = new([ServedPages.Token(cancel), new("seen", "20260101T000000-00000000")]);
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync("/pipelines/a/cancel", another, Token)).StatusCode);
        Assert.Null(first.CancelledBy);
        Assert.StartsWith("/pipelines/a/runs/", await Act(client, "cancel"), StringComparison.Ordinal);
        Assert.Equal("operator", first.CancelledBy);
    }

    /// <summary>Asks, confirms and gives where the answer leads.</summary>
    private static async Task<string?> Act(HttpClient client, string action, params (string Name, string Value)[] fields)
    {
        string page = await client.GetStringAsync($"/pipelines/a/{action}", Token);
        using FormUrlEncodedContent form = new([ServedPages.Token(page), new("seen", Seen(page)),
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
        using HttpResponseMessage answer = await client.PostAsync($"/pipelines/a/{action.Split('?')[0]}", form, Token);
        return answer.Headers.Location?.ToString() ?? await answer.Content.ReadAsStringAsync(Token);
    }

    private static string Seen(string page) => Regex.Match(page, "name=\"seen\" value=\"([^\"]+)\"").Groups[1].Value;

    private static async Task<RunRecord> Ended(ServedPages pages, int runs)
    {
        RunningPipelines running = pages.Services.GetRequiredService<RunningPipelines>();
        for (Stopwatch waited = Stopwatch.StartNew(); running.Find("a") is not null || Runs(pages).Count < runs; await Task.Delay(20, Token))
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), "it did not happen in time");
        return Runs(pages)[^1];
    }

    private static Warehouse Open(ServedPages pages) => Warehouse.OpenForReading(Path.Join(pages.Folder, "w"));

    private static IReadOnlyList<RunRecord> Runs(ServedPages pages) => Open(pages).Runs();
}
