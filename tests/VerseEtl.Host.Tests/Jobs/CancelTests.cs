using System.Diagnostics;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Serilog;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Schedules;
using VerseEtl.Host.Serving;
using VerseEtl.Host.Serving.Access;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.Jobs;

/// <summary>The real scheduler in this process.</summary>
public sealed class CancelTests(SmallDataset dataset)
{
    [Fact]
    public async Task Cancelling_a_night_ends_it_within_seconds_for_good_and_a_second_trigger_is_shown_as_skipped()
    {
        using TempFolder temp = new();
        string mask = Directory.GetFiles(dataset.Sound, "sub-verse912*msk.nii.gz", SearchOption.AllDirectories).First();
        // more than can be measured before the run is stopped
        for (int copy = 0; copy < 3000; copy++)
        {
            string folder = temp.Folder($"s/dataset-verse19training/derivatives/sub-verse{copy:000}");
            File.Copy(mask, Path.Join(folder, $"sub-verse{copy:000}_seg-vert_msk.nii.gz"));
        }
        string yaml = temp.File("p.yaml", "version: 1\npipelines:\n"
            + "  a: {source: {path: s}, load: {path: w}, parallelism: 1, schedule: {cron: '30 2 * * *'}}\n");
        await using Logger log = new LoggerConfiguration().CreateLogger();
        PipelineSet pipelines = new(PipelinesFile.Read(yaml, TimeProvider.System, out _)!, TimeProvider.System, log);
        await using WebApplication app = ServedHost.Build(pipelines, new ServeOptions { StateFolder = temp.Folder("state") }, TimeProvider.System, log);
        await app.StartAsync(TestContext.Current.CancellationToken);
        IBackgroundJobClient jobs = app.Services.GetRequiredService<IBackgroundJobClient>();
        JobStorage storage = app.Services.GetRequiredService<JobStorage>();
        string first = jobs.Enqueue<PipelineJob>(job => job.Run("a", null!, CancellationToken.None));
        await Until(() => Directory.Exists(Path.Join(temp.Path, "w/runs")) && Directory.GetFiles(Path.Join(temp.Path, "w/runs"), "2*.json").Length > 0);

        string second = jobs.Enqueue<PipelineJob>(job => job.Run("a", null!, CancellationToken.None));
        await Until(() => State(second) is "Deleted" or "Failed" or "Succeeded");
        using (IStorageConnection connection = storage.GetConnection())
        {
            StateData skipped = connection.GetStateData(second);
            Assert.Equal(DeletedState.StateName, skipped.Name);
            Assert.Contains("is still running", skipped.Reason, StringComparison.Ordinal);
        }
        Assert.Equal(ProcessingState.StateName, State(first));

        Stopwatch watch = Stopwatch.StartNew();
        string run = Assert.Single(Runs()).RunId;
        RunsByHand byHand = app.Services.GetRequiredService<RunsByHand>();
        Assert.Contains("that run has ended", byHand.Cancel("a", "another", "operator").Refusal, StringComparison.Ordinal);
        Assert.Equal(RunEnding.Unfinished, Assert.Single(Runs()).Outcome);
        Assert.Equal(new RunsByHand.Begun(run, null), byHand.Cancel("a", run, "operator"));
        await Until(() => Runs() is [{ Outcome.Word: "cancelled", Message: "cancelled by operator" }]);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
        Assert.Empty(Directory.GetFiles(Path.Join(temp.Path, "w/commits")));
        await Until(() => State(first) == DeletedState.StateName);
        // its night is over: nothing is made up
        Assert.NotNull(Ledger.Of("a", Path.Join(temp.Path, "w"), DateTimeOffset.MaxValue).Settlement(RunKey.Parse(Runs()[0].RunKey)!.Value));
        await app.StopAsync(TestContext.Current.CancellationToken);

        IReadOnlyList<RunRecord> Runs() => Warehouse.OpenForReading(Path.Join(temp.Path, "w")).Runs();

        string? State(string id)
        {
            using IStorageConnection connection = storage.GetConnection();
            return connection.GetStateData(id)?.Name;
        }
    }

    private static async Task Until(Func<bool> condition)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), "it did not happen in time");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
