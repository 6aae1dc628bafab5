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
    [InlineData("{}", "CFG_MISSING 'notify' needs 'url_variable'")]
    [InlineData("{url_variable: A, url_file: b}", "CFG_RANGE 'url_variable' and 'url_file' exclude each other")]
    [InlineData("{url_variable: 'https://chat.example/x'}", "CFG_SECRET_INLINE 'url_variable' must be the name")]
    [InlineData("{url: 'https://chat.example/x'}", "CFG_UNKNOWN_KEY 'url'")]
    public void The_section_names_where_the_address_is_and_never_holds_it(string section, string? expected)
    {
        Problems problems = new("/etc/verse/p.yaml");
        PipelinesFile? file = PipelinesFile.Parse($"version: 1\npipelines:\n"
            + $"  a: {{source: {{path: s}}, load: {{path: w}}, notify: {section}}}\n", problems.File, new FixedTime(), problems);
        if (expected is null) Assert.True(file!.Pipelines[0].Notify is { UrlVariable: "HOOK" } or { UrlFile: "/etc/verse/hook" });
        else Assert.Contains(problems.All, problem => problem.ToString().Contains(expected, StringComparison.Ordinal));
    }

    private async Task<Telling> Tell(string url)
    {
        RunningPipelines running = new();
        Notifier notifier = new(running, new ReportedStates(_temp.Path, _log), new FixedTime(), _log, name => name == "HOOK" ? url : null);
        await notifier.StartAsync(TestContext.Current.CancellationToken);
        return new Telling(running, notifier);
    }

    private static Pipeline Pipeline() =>
        new() { Name = "a", Source = new Source { Path = "/s" }, Load = new Destination { Path = "/w" }, Notify = new Notify("HOOK", null) };

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
    };

    private sealed class Telling(RunningPipelines running, Notifier notifier) : IAsyncDisposable
    {
        private int _runs;

        public void End(string night)
        {
            using RunningPipelines.Entry entry = running.TryEnter(new RunKey("a", DateTimeOffset.UnixEpoch.AddDays(++_runs)))!;
            entry.End(Pipeline(), Report(night));
        }

        public async ValueTask DisposeAsync()
        {
            await notifier.StopAsync(CancellationToken.None);
            notifier.Dispose();
        }
    }
}
