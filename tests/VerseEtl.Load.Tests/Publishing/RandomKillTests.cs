using System.Diagnostics;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>Writers that publish without a pause until SIGKILL meets them anywhere.</summary>
public sealed class RandomKillTests : IDisposable
{
    private const int Queued = 60;
    private static readonly int Kills = 4 * LongRuns.Factor;
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact(Explicit = true)]
    public async Task A_writer_killed_at_a_random_moment_loses_no_reported_publish_and_thenext_run_clears_up()
    {
        Random random = new(20261125);
        int finished = 0, commits = 0, unreported = 0, litter = 0;
        long started = Stopwatch.GetTimestamp();
        using Spare spare = new(_temp);
        for (int kill = 0; kill < Kills; kill++)
        {
            // a warehouse for every 20 kills: the log grows and every publish reads it
            string root = _temp[$"warehouse-{kill / 20}"];
            using LoopWorker worker = spare.Take();
            await worker.Ready(Token);
            // every other one has compiled everything in a publish elsewhere and is met in a later one
            bool warm = kill % 2 == 1;
            if (warm) Assert.Equal(PublishEnding.Published, await worker.Ending(Token));
            long before = Directory.Exists(root) ? WarehouseInvariants.Check(root)?.Sequence ?? 0 : 0;
            for (int at = 0; at < Queued; at++) worker.Send(PublishWorker.Line(root, $"run-{kill}-{at}", seed: 100 * kill + at + 10));
            await Task.Delay(random.Next(warm ? 400 : 1200), Token);
            worker.Kill();
            string[] reported = await worker.End(Token);
            Assert.All(reported, ending => Assert.Equal("0", ending));

            if (!Directory.Exists(Path.Combine(root, "commits"))) continue; // met before the first call of the first publish
            long after = WarehouseInvariants.Check(root)?.Sequence ?? 0;
            // every reported publish is there, and at most the one in flight besides
            Assert.InRange(after - before, reported.Length, reported.Length + 1);
            if (worker.ExitCode == 0 || reported.Length == Queued) finished++;
            if (after - before > reported.Length) unreported++;
            if (Directory.EnumerateFileSystemEntries(Path.Combine(root, "staging")).Any()) litter++;
            commits += (int)(after - before);
            await Warehouse.Open(root).Publish(Requests.Of($"next-{kill}", seed: 100 * kill + 99), Token);
            Assert.Equal(after + 1, WarehouseInvariants.Check(root, recovered: true)!.Sequence);
        }
        LongRuns.Report($"{Kills} kills, {commits} publishes before them, {litter} in the middle of one, {unreported} between "
            + $"commit and report, {finished} after the last; {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
        Assert.True(litter > 0 || Kills < 50);
    }

    /// <summary>The next worker starts while the last one is judged.</summary>
    private sealed class Spare : IDisposable
    {
        private readonly TempFolder _temp;
        private LoopWorker _next;
        private int _started;

        public Spare(TempFolder directory)
        {
            _temp = directory;
            _next = Start();
        }

        public LoopWorker Take()
        {
            LoopWorker taken = _next;
            _next = Start();
            return taken;
        }

        private LoopWorker Start()
        {
            LoopWorker worker = new();
            if (_started++ % 2 == 1) worker.Send(PublishWorker.Line(_temp[$"warm-{_started}"], "warm"));
            return worker;
        }

        public void Dispose() => _next.Dispose();
    }
}
