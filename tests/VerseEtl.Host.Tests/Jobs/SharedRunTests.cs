using System.Diagnostics;
using System.Globalization;
using Hangfire;
using Hangfire.PostgreSql;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Schedules;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Jobs;

/// <summary>Several real hosts, a real PostgreSQL, one warehouse.</summary>
public sealed class SharedRunTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hosts_share_a_missed_night_and_publish_the_bytes_that_one_process_would()
    {
        PostgresServer.RequireInstalled();
        using SharedSource source = new(scans: 40, side: 80);
        DateTimeOffset old = new(2020, 1, 1, 4, 0, 0, TimeSpan.Zero);
        Warehouse.Open(source.Warehouse)
            .Record(new RunRecord { RunId = "old", Pipeline = "a", StartedUtc = old, EndedUtc = old, Outcome = RunEnding.Unchanged, ExitCode = 0 });
        using HostProcess one = source.StartHost(postgres, "one"), two = source.StartHost(postgres, "two");
        // whoever begins stands still until the other has measured some, however late that one starts
        await Until(() => source.MeasuredBy("one").Count + source.MeasuredBy("two").Count > 0, TimeSpan.FromSeconds(90));
        (HostProcess first, string other) = source.MeasuredBy("one").Count > 0 ? (one, "two") : (two, "one");
        first.Signal("STOP");
        await Until(() => source.MeasuredBy(other).Count > 0, TimeSpan.FromSeconds(90));
        first.Signal("CONT");
        await Until(() => Current(source) is not null, TimeSpan.FromSeconds(90));

        Snapshot shared = Current(source)!, alone = await source.Alone("alone");
        Assert.EndsWith("0101t040000z", shared.RunKey, StringComparison.Ordinal);
        Assert.Equal(alone.Manifest.Files.Select(file => (file.Path, file.Sha256)), shared.Manifest.Files.Select(file => (file.Path, file.Sha256)));
        Assert.Equal(40, shared.Manifest.ScansFound);
        // between them they measured every scan (one that fell silent for a while may have done again what the other did), and the publisher none
        await Until(() => Runs(source).Any(run => run.Outcome == RunEnding.Published), TimeSpan.FromSeconds(10));
        Assert.Equal(0, Runs(source).Single(run => run.Outcome == RunEnding.Published).ScansMeasured);
        Assert.Equal(40, source.MeasuredBy("one").Union(source.MeasuredBy("two")).Count());

        await Until(() => new DividedRuns(Storage(), new BackgroundJobClient(Storage())).All().Count == 0, TimeSpan.FromSeconds(10));
        Assert.Equal(ExitCode.Terminated, await one.Stop());
        Assert.Equal(ExitCode.Terminated, await two.Stop());
    }

    [Fact]
    public async Task A_run_finishes_once_whatever_host_is_killed_or_stopped_and_although_PostgreSQL_restarts()
    {
        PostgresServer.RequireInstalled();
        const int Scans = 48;
        int rounds = LongRuns.Factor;
        Random random = new(2026 + rounds);
        using SharedSource source = new(Scans, side: 72, pictures: false);
        HostProcess[] hosts = [.. Enumerable.Range(0, 3).Select(host => source.StartHost(postgres, $"host{host}"))];
        try
        {
            Queue<string> told = [];
            for (int round = 1; round <= rounds; round++)
            {
                for (int scan = 0; scan < Scans; scan++)
                    if (round == 1 || random.Next(3) > 0) source.WriteCt(scan, seed: 1000 * round + scan);
                // after the instant that was due, so that no host has anything to make up
                RunKey key = new("a", new DateTimeOffset(2026, 1, 1, 5, 0, 0, TimeSpan.Zero).AddMinutes(round));
                await Enqueue(key);
                Stopwatch watch = Stopwatch.StartNew();
                for (int trouble = 0; trouble < 3; trouble++)
                {
                    await Task.Delay(random.Next(300, 2500), Token);
                    string met = await Trouble(rounds == 1 ? trouble : random.Next(4));
                    told.Enqueue(string.Create(CultureInfo.InvariantCulture, $"round {round} {watch.Elapsed.TotalSeconds:0.0} s: {met}"));
                }
                await Until(() => Runs(source).Any(run => run.RunKey == key.ToString() && run.Outcome == RunEnding.Published), TimeSpan.FromMinutes(4));
                told.Enqueue(string.Create(CultureInfo.InvariantCulture, $"round {round} published after {watch.Elapsed.TotalSeconds:0.0} s"));

                Warehouse warehouse = Warehouse.OpenForReading(source.Warehouse);
                Assert.Equal((round, key.ToString()), ((int)warehouse.Current!.Sequence, warehouse.Current.RunKey));
                Assert.Equal(Enumerable.Range(0, Scans).Select(scan => $"verse19/training/{SharedSource.NameOf(scan)}"),
                    (await Scanned(warehouse.Current)).Select(scan => scan.ScanKey));
                if (round % 10 == 1)
                {
                    Snapshot alone = await source.Alone($"alone{round}");
                    Assert.All(await Warehouse.Diff(alone, warehouse.Current, Token), diff =>
                        Assert.True(diff.IsEmpty || diff.Table == "findings", diff.Table));
                }
            }
            Assert.Empty(await Warehouse.OpenForReading(source.Warehouse).Verify(null, Token));
            Assert.Equal(rounds, Directory.GetFiles(Path.Join(source.Warehouse, "commits")).Length);
            if (rounds > 1 && Environment.GetEnvironmentVariable("VERSEETL_LONG_LOG") is string log) await File.WriteAllLinesAsync(log, told, Token);

            async Task<string> Trouble(int kind)
            {
                int at = random.Next(hosts.Length);
                switch (kind)
                {
                    case 0 or 3:
                        hosts[at].Dispose();
                        hosts[at] = source.StartHost(postgres, $"host{at}");
                        return $"host {at} killed and started anew";
                    case 1:
                        int seconds = random.Next(1, 30);
                        hosts[at].Signal("STOP");
                        HostProcess stopped = hosts[at];
                        _ = Task.Delay(TimeSpan.FromSeconds(seconds), Token)
                            .ContinueWith(_ => { if (!stopped.HasExited) stopped.Signal("CONT"); }, Token, TaskContinuationOptions.None, TaskScheduler.Default);
                        return $"host {at} stopped for {seconds} s";
                    default:
                        await postgres.Restart();
                        return "PostgreSQL restarted";
                }
            }
        }
        finally
        {
            foreach (HostProcess host in hosts) host.Dispose();
        }
    }

    private async Task Enqueue(RunKey key)
    {
        string text = key.ToString();
        BackgroundJobClient client = new(Storage());
        for (int tries = 0; ; tries++)
        {
            try
            {
                client.Enqueue<PipelineJob>(job => job.Run(text, null!, CancellationToken.None));
                return;
            }
            // the first call after a restart meets the connections that broke
            catch (BackgroundJobClientException) when (tries < 20)
            {
                await Task.Delay(500, Token);
            }
        }
    }

    private PostgreSqlStorage Storage() =>
        new(new Connections(postgres.Connection), new PostgreSqlStorageOptions { QueuePollInterval = TimeSpan.FromSeconds(1) });

    private static Snapshot? Current(SharedSource source) => Warehouse.OpenForReading(source.Warehouse).Current;

    private static IReadOnlyList<RunRecord> Runs(SharedSource source) =>
        Warehouse.Exists(source.Warehouse) ? Warehouse.OpenForReading(source.Warehouse).Runs() : [];

    private static Task<IReadOnlyList<ScanRow>> Scanned(Snapshot snapshot) => Warehouse.ReadTable(snapshot, Load.Tables.PublishedSchema.Scans, Token);

    private static async Task Until(Func<bool> condition, TimeSpan patience)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < patience, "it did not happen in time");
            await Task.Delay(20, Token);
        }
    }
}
