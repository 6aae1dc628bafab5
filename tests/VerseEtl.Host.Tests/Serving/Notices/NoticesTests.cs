using System.Text.Json;
using Serilog;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Schedules;
using VerseEtl.Host.Serving.Notices;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Tests.Serving.Notices;

public sealed class NoticesTests : IDisposable
{
    private static readonly FindingCount Differs = new(Faults.AudDiffers.Code, Severity.Warning, 3, "secret/path");

    private readonly TempFolder _temp = new();
    private readonly LogLines _lines = new();
    private readonly Logger _log;

    public NoticesTests() => _log = new LoggerConfiguration().WriteTo.Sink(_lines).CreateLogger();

    public void Dispose()
    {
        _log.Dispose();
        _temp.Dispose();
    }

    // what ended, in order, and what people are told of it
    public static TheoryData<string, string> Nights { get; } = new()
    {
        { "ok ok ok", "" },
        { "fail fail fail ok ok", "failed recovered" },
        { "ok differs differs ok", "audit_differs recovered" },
        { "fail differs ok", "failed audit_differs recovered" },
        { "differs fail differs ok", "audit_differs failed audit_differs recovered" },
        { "fail held overtaken fail ok", "failed recovered" },
        { "errors errors", "" },
        { "fail errors", "failed recovered" },
        { "one one two two ok ok", "scans_failed scans_failed recovered" },
        { "one fail fail one ok", "scans_failed failed scans_failed recovered" },
        { "one differs ok", "scans_failed audit_differs recovered" },
    };

    [Theory]
    [MemberData(nameof(Nights))]
    public void Only_a_change_is_told(string nights, string told)
    {
        ReportedState state = ReportedState.Fine;
        List<string> events = [];
        foreach (string night in nights.Split(' '))
        {
            if (Notice.Of(Pipeline(), Report(night), state, DateTimeOffset.UnixEpoch) is Notice notice) events.Add(notice.Event);
            state = state.After(Report(night));
        }
        Assert.Equal(told, string.Join(' ', events));
    }

    [Fact]
    public async Task A_failure_and_its_end_are_posted_once_each_also_over_a_restart()
    {
        await using Receiver receiver = await Receiver.Start();
        await using (Telling telling = await Tell(receiver.Url))
        {
            telling.End("fail");
            telling.End("fail");
            telling.End("ok");
            await receiver.Came(2);
            telling.End("fail");
            await receiver.Came(1);
            await _lines.Came("was told", 3);
        }
        await using (Telling telling = await Tell(receiver.Url))
        {
            telling.End("fail");
            telling.End("ok");
            await receiver.Came(1);
        }
        Assert.Equal(["failed", "recovered", "failed", "recovered"], receiver.Notices.Select(notice => notice.GetProperty("event").GetString()));
        JsonElement first = receiver.Notices.First();
        Assert.Equal("VerseEtl, pipeline a: failed, nothing was published: the source is not there or cannot be read", first.GetProperty("text").GetString());
        Assert.Equal("TREE_FOLDER_MISSING", first.GetProperty("codes")[0].GetString());
        Assert.Equal(41, first.GetProperty("exit_code").GetInt32());
        // a chat of strangers learns no path
        Assert.DoesNotContain("secret", first.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_way_has_its_shape_and_is_told_once_whatever_becomes_of_the_others()
    {
        await using Receiver receiver = await Receiver.Start();
        Notify[] ways =
        [
            new Notify("HOOK", null), new Notify("HOOK", null) { Format = NoticeFormat.Slack, NameScans = true },
            new Notify("HOOK", null) { Format = NoticeFormat.Teams, NameScans = true },
        ];
        receiver.Answers.Enqueue(200);
        receiver.Answers.Enqueue(404);
        await using Telling telling = await Tell(receiver.Url, ways);
        telling.End("two");
        await receiver.Came(3);
        telling.End("two");
        // only the one that was refused
        await receiver.Came(1);
        telling.End("two");
        telling.End("ok");
        await receiver.Came(3);
        JsonElement[] came = [.. receiver.Notices];
        Assert.Equal(7, came.Length);
        (JsonElement json, JsonElement slack, JsonElement teams) = (came[0], came[3], came[2]);
        const string Text = "VerseEtl, pipeline a: 2 scans failed", Link = "https://verse.example/pipelines/a/runs/r";
        Assert.Equal(("scans_failed", Text, Link),
            (json.GetProperty("event").GetString(), json.GetProperty("text").GetString(), json.GetProperty("link").GetString()));
        JsonElement failed = Assert.Single(json.GetProperty("failed").EnumerateArray());
        Assert.Equal(("GZ_TRUNCATED", 2, 0),
            (failed.GetProperty("code").GetString(), failed.GetProperty("count").GetInt32(), failed.GetProperty("scans").GetArrayLength()));
        Assert.DoesNotContain("mine/all", json.GetRawText(), StringComparison.Ordinal);

        Assert.Equal(Text, slack.GetProperty("text").GetString());
        JsonElement blocks = slack.GetProperty("blocks");
        JsonElement header = blocks[0].GetProperty("text");
        Assert.Equal((Text, "plain_text"), (header.GetProperty("text").GetString(), header.GetProperty("type").GetString()));
        string lines = blocks[1].GetProperty("text").GetProperty("text").GetString()!;
        Assert.StartsWith("scans: 9 found, 0 ok, 0 with warnings, 2 failed\nfailed: GZ_TRUNCATED x 2, ", lines, StringComparison.Ordinal);
        Assert.Contains(": mine/all/a, mine/all/&lt;b&gt;\n", lines, StringComparison.Ordinal);
        Assert.Equal($"<{Link}|The run>", blocks[2].GetProperty("text").GetProperty("text").GetString());

        JsonElement attachment = teams.GetProperty("attachments")[0], card = attachment.GetProperty("content");
        Assert.Equal(("message", "application/vnd.microsoft.card.adaptive", "AdaptiveCard"),
            (teams.GetProperty("type").GetString(), attachment.GetProperty("contentType").GetString(), card.GetProperty("type").GetString()));
        Assert.Equal(Text, card.GetProperty("body")[0].GetProperty("inlines")[0].GetProperty("text").GetString());
        Assert.EndsWith("mine/all/<b>", card.GetProperty("body")[2].GetProperty("inlines")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(Link, card.GetProperty("actions")[0].GetProperty("url").GetString());
    }

    [Fact]
    public async Task A_receiver_that_stumbles_is_tried_again_and_one_that_refuses_is_not()
    {
        await using Receiver receiver = await Receiver.Start();
        foreach (int status in new[] { 503, 0, 429, 200, 404 }) receiver.Answers.Enqueue(status);
        await using Telling telling = await Tell(receiver.Url);
        telling.End("fail");
        await receiver.Came(4);
        // refused: not told, so the next night tells it
        telling.End("ok");
        await receiver.Came(1);
        telling.End("ok");
        await receiver.Came(1);
        await _lines.Came("was told", 2);
        Assert.Equal(["failed", "failed", "failed", "failed", "recovered", "recovered"],
            receiver.Notices.Select(notice => notice.GetProperty("event").GetString()));
        string log = string.Join('\n', _lines.All);
        Assert.Contains("127.0.0.1 answered 404", log, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret-part", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "the environment variable HOOK is not set")]
    [InlineData("http://chat.example/secret", "must be https")]
    [InlineData("no address, secret", "must be https")]
    [InlineData("ftp://127.0.0.1/secret", "must be https")]
    public async Task An_address_that_cannot_keep_a_secret_is_not_posted_to_and_not_repeated(string? url, string reason)
    {
        using Webhook webhook = new(new FixedTime());
        Notice notice = Notice.Of(Pipeline(), Report("fail"), ReportedState.Fine, DateTimeOffset.UnixEpoch)!;
        string? trouble = await webhook.Post(new Notify("HOOK", null), notice, _ => url, TestContext.Current.CancellationToken);
        Assert.Contains(reason, trouble, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void The_address_may_stand_in_a_file_for_its_owner_alone()
    {
        string file = _temp.File("hook", "https://chat.example/x\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        Assert.Equal("https://chat.example/x", Webhook.Address(new Notify(null, file), _ => null).ToString());
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Throws<IOException>(() => Webhook.Address(new Notify(null, file), _ => null));
    }

    [Theory]
    [InlineData("{url_variable: HOOK}", null)]
    [InlineData("{url_file: hook}", null)]
    [InlineData("[{url_variable: HOOK, format: teams}]", null)]
    [InlineData("{mail: {server: s, from: a@b, to: 'c@d, E <e@f>', user: u, login_variable: V}}", null)]
    [InlineData("[{url_variable: HOOK}, {url_variable: HOOK}]", "CFG_RANGE 'notify' has json to HOOK twice")]
    [InlineData("{url_variable: HOOK, mail: {server: s, from: a@b, to: c@d}}", "CFG_RANGE 'mail' and an address to post to exclude each other")]
    [InlineData("{mail: {server: s, from: a@b, to: c@d, user: u}}", "CFG_MISSING 'mail' needs 'login_variable'")]
    [InlineData("{mail: {server: s, from: a@b, to: c@d, password: hunter2}}", "CFG_SECRET_INLINE")]
    [InlineData("{mail: {server: s, from: a@b, to: c@d, user: u, login_variable: V, encryption: none}}", "would send the password in the clear")]
    [InlineData("{mail: {server: s, from: a@b, to: nobody}}", "CFG_RANGE 'to' must be mail addresses")]
    [InlineData("{mail: {server: s, from: 'a@b, c@d', to: c@d}}", "CFG_RANGE 'from' must be a mail address")]
    [InlineData("{mail: {server: s, from: a@b}}", "CFG_MISSING 'mail' needs 'to'")]
    [InlineData("{url_variable: HOOK, format: xml}", "CFG_RANGE 'format' must be json, slack, teams")]
    [InlineData("{}", "CFG_MISSING 'notify' needs 'url_variable'")]
    [InlineData("{url_variable: A, url_file: b}", "CFG_RANGE 'url_variable' and 'url_file' exclude each other")]
    [InlineData("{url_variable: 'https://chat.example/x'}", "CFG_SECRET_INLINE 'url_variable' must be the name")]
    [InlineData("{url: 'https://chat.example/x'}", "CFG_UNKNOWN_KEY 'url'")]
    public void The_section_names_where_the_address_is_and_never_holds_it(string section, string? expected)
    {
        Problems problems = new("/etc/verse/p.yaml");
        PipelinesFile? file = PipelinesFile.Parse($"version: 1\npipelines:\n"
            + $"  a: {{source: {{path: s}}, load: {{path: w}}, notify: {section}}}\n", problems.File, new FixedTime(), problems);
        if (expected is null) Assert.True(file!.Pipelines[0].Notify is [{ UrlVariable: "HOOK" } or { UrlFile: "/etc/verse/hook" } or { Mail.Server: "s" }]);
        else Assert.Contains(problems.All, problem => problem.ToString().Contains(expected, StringComparison.Ordinal));
    }

    private async Task<Telling> Tell(string url, params Notify[]? ways)
    {
        RunningPipelines running = new();
        NoticeSurroundings around = new(name => name == "HOOK" ? url : null, path => "https://verse.example" + path);
        Notifier notifier = new(running, new ReportedStates(_temp.Path, _log), around, new FixedTime(), _log);
        await notifier.StartAsync(TestContext.Current.CancellationToken);
        return new Telling(running, notifier, ways);
    }

    private static Pipeline Pipeline(Notify[]? ways = null) =>
        new()
        {
            Name = "a", Source = new Source { Path = "/s" }, Load = new Destination { Path = "/w" },
            Notify = ways is { Length: > 0 } ? ways : [new Notify("HOOK", null)],
        };

    private static RunReport Report(string night) => new()
    {
        Pipeline = "a",
        RunId = "r",
        Warehouse = "/w",
        Source = "/s",
        ExitCode = night switch
        {
            "fail" => ExitCode.SourceUnavailable,
            "errors" => ExitCode.PublishedWithErrors,
            "overtaken" => ExitCode.Overtaken,
            _ => ExitCode.Done
        },
        Ending = night switch { "fail" => RunEnding.NotPublished, "held" or "overtaken" => RunEnding.Of(night), _ => RunEnding.Published },
        Reasons = night == "fail" ? ["TREE_FOLDER_MISSING a folder is missing below /secret/path", "cannot list /secret"] : [],
        Findings = night == "differs" ? [Differs] : [],
        ScansFound = 9,
        ScansFailed = night switch { "one" => 1, "two" => 2, _ => 0 },
        Failed = night switch { "one" => [Truncated("a")], "two" => [Truncated("a"), Truncated("<b>")], _ => [] },
    };

    private static FailedEntry Truncated(string scan) => new($"mine/all/{scan}", Faults.GzTruncated.Code);

    private sealed class Telling(RunningPipelines running, Notifier notifier, Notify[]? ways) : IAsyncDisposable
    {
        private int _runs;

        public void End(string night)
        {
            using RunningPipelines.Entry entry = running.TryEnter(new RunKey("a", DateTimeOffset.UnixEpoch.AddDays(++_runs)))!;
            entry.End(Pipeline(ways), Report(night));
        }

        public async ValueTask DisposeAsync()
        {
            await notifier.StopAsync(CancellationToken.None);
            notifier.Dispose();
        }
    }
}
