using System.Diagnostics;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>Writers in processes of their own, killed with SIGKILL, raced and made to fail in their system calls.</summary>
public sealed class CrashTests : IDisposable
{
    private static readonly int Rounds = Math.Min(LongRuns.Factor, 5);
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Root => _temp["warehouse"];

    public void Dispose() => _temp.Dispose();

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

    [Theory(Explicit = true)]
    [InlineData("a table")]
    [InlineData("the commit")]
    public async Task A_writer_killed_at_any_step_while_it_mends_hands_out_nothing_damaged_and_the_next_one_goes_on(string broken)
    {
        await Warehouse.Open(Root).Publish(Requests.Of("first"), Token);
        for (int at = 0; at < PublishSteps.All.Count; at++)
        {
            Snapshot sound = Warehouse.OpenForReading(Root).Current!;
            Damage.Do(broken == "a table" ? "flip" : "delete",
                broken == "a table" ? Path.Combine(sound.Directory, sound.Manifest.Files[0].Path) : Path.Combine(Root, "commits", $"{sound.Sequence:D10}.json"),
                new Random(at));
            bool committed = at >= PublishSteps.All.ToList().IndexOf(PublishSteps.Committed);
            Assert.Equal(137, await Run(PublishWorker.Start(Root, $"killed-{at}", step: PublishSteps.All[at], action: "kill")));
            if (!committed)
                await Assert.ThrowsAsync<WarehouseDamagedException>(async () => await Warehouse.ReadTables(Warehouse.OpenForReading(Root).Current!, Token));
            Warehouse next = Warehouse.Open(Root, new WarehouseOptions { KeepNewest = 2, KeepYoungerThan = TimeSpan.Zero });
            PublishRequest request = Requests.Of($"next-{at}") with { Mends = (await next.Prove(everything: false, Token)).Unmended };
            Assert.Equal(committed ? PublishEnding.Unchanged : PublishEnding.Published, (await next.Publish(request, Token)).Ending);

            // never the lost commit's sequence again, and nothing is left to account for
            Assert.Equal(sound.Sequence + 1, WarehouseInvariants.Check(Root)!.Sequence);
            Assert.All(await Warehouse.OpenForReading(Root).Verify(null, Token), file => Assert.NotNull(file.MendedBy));
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
        Warehouse other =
            Warehouse.Open(Root, new WarehouseOptions { AtStep = step => { if (step == PublishSteps.Written) throw new InvalidOperationException("stop"); } });
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

    /// <summary>{next} stands for the sequence about to be written, {id} for the run id.</summary>
    [Theory]
    [InlineData("fsync", "", "EIO", "STO_FSYNC", 0)]
    [InlineData("link", "", "EPERM", "STO_NOLINK", 0)]
    [InlineData("link", "", "EXDEV", "STO_EXDEV", 0)]
    [InlineData("rename", "", "EROFS", "STO_READONLY", 0)]
    [InlineData("fsync", "staging/{id}/snapshot/scans/scans-{next}-00000.parquet", "EIO", "STO_FSYNC", 0)]
    [InlineData("fsync", "staging/{id}/snapshot/scans/scans-{next}-00000.parquet", "ENOSPC", "STO_ENOSPC", 0)]
    [InlineData("write", "staging/{id}/snapshot/vertebrae/vertebrae-{next}-00000.parquet", "EIO", "STO_EIO", 0)]
    [InlineData("close", "staging/{id}/snapshot/audit/audit-{next}-00000.parquet", "EDQUOT", "STO_EDQUOT", 0)]
    [InlineData("fsync", "staging/{id}/snapshot/vertebrae", "EIO", "STO_FSYNC", 0)]
    [InlineData("fsync", "staging/{id}/snapshot", "EIO", "STO_FSYNC", 0)]
    [InlineData("fsync", "staging/{id}/snapshot/manifest.json", "EIO", "STO_FSYNC", 0)]
    [InlineData("rename", "staging/{id}/snapshot", "EXDEV", "STO_EXDEV", 0)]
    [InlineData("fsync", "snapshots", "EIO", "STO_FSYNC", 0)]
    [InlineData("fsync", "staging/{id}/commit.json", "EIO", "STO_FSYNC", 0)]
    [InlineData("link", "commits/{next}.json", "EIO", "STO_EIO", 0)]
    [InlineData("link", "commits/{next}.json", "ENOSPC", "STO_ENOSPC", 0)]
    [InlineData("fsync", "commits", "EIO", "STO_FSYNC", 1)]
    [InlineData("rename", "current", "EIO", "", 1)]
    public async Task A_system_call_that_fails_is_named_and_readers_keep_a_whole_snapshot(string call, string path, string errno, string code, int committed)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        await Warehouse.Open(Root).Publish(Requests.Of("before"), Token);
        string target = Path.Combine(Root, path.Replace("{id}", "writer", StringComparison.Ordinal).Replace("{next}", "0000000002", StringComparison.Ordinal));
        string[] filter = path.Length == 0 ? [] : ["-P", target];
        using Process writer = PublishWorker.Start(Root, "writer", seed: 2, wrapper:
            ["/usr/bin/strace", "-f", "-o", "/dev/null", .. filter, "-e", $"trace={call}", "-e", $"inject={call}:error={errno}"]);
        string error = await writer.StandardError.ReadToEndAsync(Token);
        int exit = await Run(writer);
        Assert.SkipWhen(error.Contains("ptrace", StringComparison.OrdinalIgnoreCase), "strace may not trace here");
        Assert.Equal(code.Length == 0 ? 0 : 40, exit);
        Assert.StartsWith(code, error, StringComparison.Ordinal);
        Assert.Equal(1 + committed, WarehouseInvariants.Check(Root)!.Sequence);

        await Warehouse.Open(Root).Publish(Requests.Of("after", seed: 3), Token);
        Assert.Equal(2 + committed, WarehouseInvariants.Check(Root, recovered: true)!.Sequence);
    }

    private static async Task<int> Run(Process process)
    {
        await process.WaitForExitAsync(Token);
        return process.ExitCode;
    }
}
