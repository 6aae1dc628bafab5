using System.Diagnostics;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>Writers in processes of their own, killed with SIGKILL, raced and made to fail in their system calls.</summary>
public sealed class CrashTests : IDisposable
{
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("VERSEETL_LONG"), out int rounds) ? rounds : 1;
    private readonly TemporaryDirectory directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Root => directory.File("warehouse");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_writer_killed_at_any_step_leaves_the_snapshot_before_or_the_one_after_and_the_next_run_clears_up()
    {
        for (int round = 0; round < Rounds; round++)
            for (int at = 0; at < PublishSteps.All.Count; at++)
            {
                string step = PublishSteps.All[at];
                long before = Warehouse.Open(Root).Current?.Sequence ?? 0;
                bool committed = at >= PublishSteps.All.ToList().IndexOf(PublishSteps.Committed);
                int exit = await Run(PublishWorker.Start(Root, $"killed-{round}-{at}", seed: 2 * (round * 100 + at) + 10, step: step, action: "kill"));
                Assert.Equal(137, exit);
                Snapshot? after = WarehouseInvariants.Check(Root);
                Assert.Equal(before + (committed ? 1 : 0), after?.Sequence ?? 0);

                // recovery happens at every start, also of a run that then finds nothing to do
                await Warehouse.Open(Root).Publish(Requests.Of($"next-{round}-{at}", seed: 2 * (round * 100 + at) + 11), Token);
                Assert.Equal(before + (committed ? 2 : 1), WarehouseInvariants.Check(Root, recovered: true)!.Sequence);
            }
    }

    [Fact]
    public async Task Processes_racing_the_same_run_make_one_commit()
    {
        for (int round = 0; round < 2 * Rounds; round++)
        {
            int seed = 10 + round;
            Process[] racers = [.. Enumerable.Range(0, 3).Select(at => PublishWorker.Start(Root, $"racer-{round}-{at}", $"nightly@{round}", seed))];
            int[] exits = await Task.WhenAll(racers.Select(Run));
            Assert.Equal(1, exits.Count(exit => exit == (int)PublishEnding.Published));
            Assert.Equal(2, exits.Count(exit => exit == (int)PublishEnding.AlreadyPublished));
            Assert.Equal(round + 1, WarehouseInvariants.Check(Root)!.Sequence);
        }
    }

    [Fact]
    public async Task Manual_writers_in_one_process_all_publish_one_after_the_other()
    {
        PublishOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(at => Task.Run(() =>
            Warehouse.Open(Root).Publish(Requests.Of($"manual-{at}", seed: 10 + at), Token), Token)));
        Assert.All(outcomes, outcome => Assert.Equal(PublishEnding.Published, outcome.Ending));
        await Warehouse.Open(Root).Publish(Requests.Of("last", seed: 99), Token);
        Assert.Equal(5, WarehouseInvariants.Check(Root, recovered: true)!.Sequence);
    }

    [Fact]
    public async Task Recovery_beside_a_live_writer_leaves_its_placed_directory_alone()
    {
        using Process slow = PublishWorker.Start(Root, "slow", "nightly@1", step: PublishSteps.Prepared, action: "wait");
        Assert.Equal("waiting", await slow.StandardOutput.ReadLineAsync(Token));
        Warehouse other = Warehouse.Open(Root, new WarehouseOptions { AtStep = step => { if (step == PublishSteps.Written) throw new InvalidOperationException("stop"); } });
        await Assert.ThrowsAsync<InvalidOperationException>(() => other.Publish(Requests.Of("other"), Token));
        await slow.StandardInput.WriteLineAsync();
        Assert.Equal((int)PublishEnding.Published, await Run(slow));
        Assert.Equal("slow", WarehouseInvariants.Check(Root, recovered: true)!.RunId);
    }

    [Fact]
    public async Task A_scheduled_writer_paused_before_its_commit_and_overtaken_stands_down()
    {
        using Process slow = PublishWorker.Start(Root, "slow", "nightly@1", step: PublishSteps.Prepared, action: "wait");
        Assert.Equal("waiting", await slow.StandardOutput.ReadLineAsync(Token));
        await Warehouse.Open(Root).Publish(Requests.Of("fast", seed: 2), Token);
        await slow.StandardInput.WriteLineAsync();
        Assert.Equal((int)PublishEnding.Overtaken, await Run(slow));
        Assert.Equal("fast", WarehouseInvariants.Check(Root, recovered: true)!.RunId);
    }

    [Theory]
    [InlineData("fsync", "EIO", "STO_FSYNC")]
    [InlineData("fsync", "ENOSPC", "STO_ENOSPC")]
    [InlineData("link", "EIO", "STO_EIO")]
    [InlineData("link", "EXDEV", "STO_EXDEV")]
    [InlineData("rename", "EROFS", "STO_READONLY")]
    [InlineData("rename", "EXDEV", "STO_EXDEV")]
    public async Task A_system_call_that_fails_is_named_and_the_old_snapshot_stays(string call, string errno, string code)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        await Warehouse.Open(Root).Publish(Requests.Of("before"), Token);
        using Process probe = PublishWorker.Start(Root, "probe", seed: 2, step: PublishSteps.Begun, action: "kill", wrapper: ["/usr/bin/strace", "-f", "-o", "/dev/null", "-e", "trace=none"]);
        await probe.StandardError.ReadToEndAsync(Token);
        Assert.SkipUnless(await Run(probe) == 137, "strace may not trace here");

        // at the start (the probe of the warehouse) and, where the call comes again, later in the publish
        int failures = 0;
        foreach (string when in Rounds > 1 ? Enumerable.Range(1, 24).SelectMany(at => new[] { $"{at}", $"{at}+" }) : ["1", "3+"])
        {
            int seed = 100 + failures + (int)Warehouse.Open(Root).Current!.Sequence * 1000;
            long sequence = Warehouse.Open(Root).Current!.Sequence;
            using Process writer = PublishWorker.Start(Root, $"{call}-{errno}-{when.Length}-{when[0]}-{seed}", seed: seed, wrapper:
                ["/usr/bin/strace", "-f", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:error={errno}:when={when}"]);
            string error = await writer.StandardError.ReadToEndAsync(Token);
            int exit = await Run(writer);
            if (exit == 40)
            {
                failures++;
                Assert.StartsWith(code + ":", error, StringComparison.Ordinal);
                Assert.InRange(WarehouseInvariants.Check(Root)!.Sequence, sequence, sequence + 1);
            }
            else
            {
                Assert.Equal(0, exit); // the call came too seldom, or failed only after the commit
                Assert.Equal(sequence + 1, WarehouseInvariants.Check(Root)!.Sequence);
            }
            await Warehouse.Open(Root).Publish(Requests.Of($"after-{seed}", seed: seed + 500), Token);
            WarehouseInvariants.Check(Root, recovered: true);
        }
        Assert.True(failures > 1);
    }

    private static async Task<int> Run(Process process)
    {
        await process.WaitForExitAsync(Token);
        return process.ExitCode;
    }
}
