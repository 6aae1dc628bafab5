using System.Diagnostics;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>Two processes that want the same thing at the same time, or one that sleeps through it.</summary>
public sealed class RaceTests : IDisposable
{
    private const int RacesInAWarehouse = 50, StopsInAWarehouse = 20;
    private static readonly int Races = 20 * LongRuns.Factor, Stops = 4 * LongRuns.Factor;
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact(Explicit = true)]
    public async Task Two_processes_racing_through_the_same_nights_make_one_commit_each_night()
    {
        long started = Stopwatch.GetTimestamp();
        using LoopWorker first = new(), second = new();
        await first.Ready(Token);
        await second.Ready(Token);
        int wonByFirst = 0, races = 0;
        for (; races < Races; races++)
        {
            string root = _temp[$"warehouse-{races / RacesInAWarehouse}"];
            string key = $"nightly@{races}";
            first.Send(PublishWorker.Line(root, $"first-{races}", key, seed: 10 + races));
            second.Send(PublishWorker.Line(root, $"second-{races}", key, seed: 10 + races));
            PublishEnding one = await first.Ending(Token), two = await second.Ending(Token);
            Assert.Equal([PublishEnding.Published, PublishEnding.AlreadyPublished], new[] { one, two }.Order());
            if (one == PublishEnding.Published) wonByFirst++;
            Assert.Equal(races % RacesInAWarehouse + 1, Directory.GetFiles(Path.Combine(root, "commits"), "*.json").Length);
            if (races % 10 == 9) WarehouseInvariants.Check(root);
        }
        LongRuns.Report($"{races} races, {races} commits, {wonByFirst} won by the first process; {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
    }

    [Fact(Explicit = true)]
    public async Task A_writer_stopped_before_its_commit_and_overtaken_publishes_nothing_stale_when_it_wakes()
    {
        long started = Stopwatch.GetTimestamp();
        using LoopWorker slow = new();
        await slow.Ready(Token);
        int stoodDown = 0, again = 0;
        for (int round = 0; round < Stops; round++)
        {
            string root = _temp[$"warehouse-{round / StopsInAWarehouse}"];
            bool scheduled = round % 2 == 0;
            slow.Send(PublishWorker.Line(root, $"slow-{round}", scheduled ? $"nightly@{round}" : null, 2 * round + 10, PublishSteps.Prepared, "wait"));
            Assert.Equal("waiting", await slow.Line(Token));
            slow.Stop();
            slow.Send(""); // lies in the pipe until it wakes
            Snapshot fast = (await Warehouse.Open(root).Publish(Requests.Of($"fast-{round}", 2 * round + 11), Token)).Current!;
            slow.Continue();
            if (!scheduled)
            {
                Assert.Equal("waiting", await slow.Line(Token)); // it starts again, on top of the other
                slow.Send("");
            }
            Assert.Equal(scheduled ? PublishEnding.Overtaken : PublishEnding.Published, await slow.Ending(Token));
            Snapshot now = WarehouseInvariants.Check(root)!;
            Assert.Equal(fast.Sequence + (scheduled ? 0 : 1), now.Sequence);
            if (scheduled) stoodDown++;
            else again++;
        }
        LongRuns.Report($"{Stops} stops, {stoodDown} stood down, {again} published again on top; {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
    }
}
