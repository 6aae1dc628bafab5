using System.Text;
using VerseEtl.Host.Objects;
using VerseEtl.Load.Objects;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Tests.Objects;

/// <summary>A warehouse's copy in real object stores: `eng/heavy objectstores` runs them, CI does not.</summary>
public sealed class ObjectDestinationTests(SmallDataset dataset, ObjectServers servers) : IClassFixture<ObjectServers>, IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Schemes => [.. ObjectServers.Schemes];

    public void Dispose() => _temp.Dispose();

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task A_run_puts_a_copy_and_follows_rollback_retention_and_its_own_command(string scheme)
    {
        string place = $"{await servers.NewContainer(scheme)}/pub lished/ü";
        IObjectStore store = servers.Store(scheme, place);
        string yaml = Yaml($"{scheme}://{place}");
        (int code, string said) = await Run(scheme, ["run", "--config", yaml]);
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains($"copy       {scheme}://{place} (", said, StringComparison.Ordinal);
        await CopiedWarehouse.AssertComplete(store, _temp["w"]);

        (int again, string nothing) = await Run(scheme, ["run", "--config", yaml, "--json"]);
        Assert.True(again == ExitCode.Done, nothing);
        Assert.Contains("\"objects\":0", nothing.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);

        (int back, string told) = await Run(scheme, ["rollback", "1", "--config", yaml]);
        Assert.True(back == ExitCode.Done, told);
        await CopiedWarehouse.AssertComplete(store, _temp["w"]);

        // two more by hand, and retention in a year
        await Rollback(2);
        Warehouse later = Warehouse.Open(_temp["w"], new WarehouseOptions { KeepNewest = 2, Time = new FixedTime(DateTimeOffset.UtcNow.AddDays(365)) });
        Assert.Equal([1L, 2L], later.Prune());
        (int copied, string line) = await Run(scheme, ["snapshots", "copy", "--config", yaml]);
        Assert.True(copied == ExitCode.Done, line);
        await CopiedWarehouse.AssertNeverHalf(store, oldest: 3);
        await CopiedWarehouse.AssertComplete(store, _temp["w"]);
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task A_copy_that_stops_anywhere_is_never_half_and_the_next_goes_on(string scheme)
    {
        await Published();
        await Rollback(2);
        List<string> steps = [];
        string container = await servers.NewContainer(scheme);
        await Copy(servers.Store(scheme, container + "/counted"), steps.Add);
        // each kind of step: the first, one in the middle, the last; all of them in a long run
        int[] stops = LongRuns.Factor > 1 ? [.. Enumerable.Range(0, steps.Count)]
            : [.. steps.Select((step, at) => (step, at)).GroupBy(each => each.step, each => each.at)
                .SelectMany(same => new[] { same.First(), same.ElementAt(same.Count() / 2), same.Last() }).Distinct().Order()];
        Dictionary<string, int> tried = [];
        foreach (int stop in stops)
        {
            IObjectStore store = servers.Store(scheme, $"{container}/at-{stop}");
            int at = 0;
            await Assert.ThrowsAsync<InvalidOperationException>(() => Copy(store, _ =>
            {
                if (at++ == stop) throw new InvalidOperationException("killed");
            }));
            await CopiedWarehouse.AssertNeverHalf(store);
            CopyOutcome outcome = await Copy(store);
            Assert.Null(outcome.Foreign);
            // a crash costs nothing that was put
            Assert.Equal(steps.Count, stop + 1 + outcome.Objects);
            await CopiedWarehouse.AssertComplete(store, _temp["w"]);
            tried[steps[stop]] = tried.GetValueOrDefault(steps[stop]) + 1;
        }
        LongRuns.Report($"{scheme}: {string.Join(", ", tried.Select(each => $"{each.Key} {each.Value}"))}; "
            + Invariant($"of {steps.Count} steps {stops.Length} were last ones, none left half, all went on"));
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task Connections_cut_on_the_way_leave_nothing_half_and_lost_answers_are_not_taken_for_others(string scheme)
    {
        await Published();
        Random random = new(7);
        IObjectStore store = servers.Store(scheme, $"{await servers.NewContainer(scheme)}/x");
        string place = store.Place[(scheme.Length + 3)..];
        int failed = 0;
        for (int tries = 0; ; tries++)
        {
            // the request may have done its work when its answer is lost
            using FaultyProxy proxy = new(servers.Port(scheme))
            {
                CutUp = _ => Next(random, 400_000), CutDown = _ => Next(random, 4) == 1 ? Next(random, 2_000) : Next(random, 200_000), Resets = tries % 2 == 0,
            };
            try
            {
                CopyOutcome outcome = await Copy(servers.Store(scheme, place, proxy.Port));
                Assert.Null(outcome.Foreign);
                break;
            }
            catch (StorageException unreachable)
            {
                Assert.Equal("DST_UNREACHABLE", unreachable.Code);
                await CopiedWarehouse.AssertNeverHalf(store);
                failed++;
                Assert.True(tries < 30, "no end");
            }
        }
        await CopiedWarehouse.AssertComplete(store, _temp["w"]);
        LongRuns.Report(Invariant($"{scheme}: {failed} copies were cut off before one was complete"));
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task Where_somebody_else_writes_nothing_more_is_put_and_what_is_published_here_stays(string scheme)
    {
        string place = $"{await servers.NewContainer(scheme)}/x";
        IObjectStore store = servers.Store(scheme, place);
        string yaml = Yaml($"{scheme}://{place}");
        await store.Put("id", new MemoryStream(Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N"))), Token);
        (int code, string said) = await Run(scheme, ["run", "--config", yaml]);
        Assert.True(code == ExitCode.Breaker, said);
        Assert.Contains("it is the copy of another warehouse; nothing more is put there", said, StringComparison.Ordinal);
        Warehouse warehouse = Warehouse.OpenForReading(_temp["w"]);
        RunRecord entry = warehouse.Runs()[^1];
        Assert.Equal((1L, RunEnding.Published, ExitCode.Breaker), (warehouse.Current!.Sequence, entry.Outcome, entry.ExitCode));
        Assert.Contains("another warehouse", entry.Message, StringComparison.Ordinal);
        Assert.Equal("id", Assert.Single(await store.List("", Token)).Key);

        // ours, and then a version and a commit of somebody else's
        await store.Delete("id", Token);
        Assert.Equal(ExitCode.Done, (await Run(scheme, ["snapshots", "copy", "--config", yaml])).Code);
        foreach (string key in new[] { "delta/scans/_delta_log/00000000000000000002.json", "commits/0000000002.json" })
        {
            await store.Put(key, new MemoryStream("{\"commitInfo\":{\"operation\":\"OPTIMIZE\"}}\n"u8.ToArray()), Token);
            int before = (await store.List("", Token)).Count;
            (int refused, string told) = await Run(scheme, ["run", "--config", yaml]);
            Assert.True(refused == ExitCode.Breaker, told);
            Assert.Equal(before, (await store.List("", Token)).Count);
            await store.Delete(key, Token);
        }
        Assert.Equal(ExitCode.Done, (await Run(scheme, ["run", "--config", yaml])).Code);
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task A_store_that_is_away_ends_the_run_with_40_and_the_next_run_puts_all(string scheme)
    {
        string container = await servers.NewContainer(scheme);
        string yaml = Yaml($"{scheme}://{container}/x");
        (int code, string said) = await Run(scheme, ["run", "--config", yaml], port: ObjectServers.FreePort());
        Assert.True(code == ExitCode.Storage, said);
        RunRecord entry = Warehouse.OpenForReading(_temp["w"]).Runs()[^1];
        Assert.Equal((RunEnding.Published, ExitCode.Storage, 1L), (entry.Outcome, entry.ExitCode, entry.Sequence));
        Assert.Contains("DST_UNREACHABLE", entry.Message, StringComparison.Ordinal);
        using FaultyProxy expired = new(servers.Port(scheme)) { Answer = () => FaultyProxy.Expired(scheme) };
        (int refused, string told) = await Run(scheme, ["run", "--config", yaml], expired.Port);
        Assert.True(refused == ExitCode.Storage, told);
        Assert.Contains("DST_REFUSED", told, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", told, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await Run(scheme, ["run", "--config", yaml])).Code);
        await CopiedWarehouse.AssertComplete(servers.Store(scheme, $"{container}/x"), _temp["w"]);
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Schemes))]
    public async Task Of_eight_writers_of_one_object_exactly_one_puts_it(string scheme)
    {
        IObjectStore[] writers = [.. Enumerable.Repeat(await servers.NewContainer(scheme), 8).Select(container => servers.Store(scheme, container))];
        for (int round = 0; round < 25; round++)
        {
            string key = Invariant($"round/{round}");
            bool[] won = await Task.WhenAll(writers.Select((writer, at) => Task.Run(() => writer.TryPut(key, new MemoryStream([(byte)at]), Token))));
            byte[] put = (await writers[0].Get(key, Token))!;
            Assert.Equal(Array.IndexOf(won, true), put[0]);
            Assert.Single(won, true);
        }
    }

    [Fact(Explicit = true)]
    public async Task ClickHouse_reads_the_copy_by_its_address_as_the_tables_are_here()
    {
        await Published();
        string container = await servers.NewContainer(ObjectUrl.S3);
        await Copy(servers.Store(ObjectUrl.S3, container + "/x"));
        string address = $"http://127.0.0.1:{servers.Port(ObjectUrl.S3)}/{container}/x/delta/vertebrae/";
        const string Columns = "SELECT scan_key, label, volume_cm3, centroid_x_mm FROM";
        string script = _temp.File("reads.cjs", """
            const { query } = require(process.env.VERSEETL_CHDB_MODULE);
            for (const sql of process.argv.slice(2)) process.stdout.write(query(sql, "TSV") + "\n--\n");
            """);
        string[] read = NodePackage.Chdb.Run(script,
        [
            $"{Columns} deltaLakeS3('{address}', 'AK', 'SK') ORDER BY ALL",
            $"{Columns} file('{_temp["w"]}/current/vertebrae/*.parquet') ORDER BY ALL",
        ]).Split("\n--\n");
        Assert.True(read[0].Split('\n').Length > 20, read[0]);
        Assert.Equal(read[1], read[0]);
    }

    private static int Next(Random random, int most)
    {
        lock (random) return random.Next(1, most);
    }

    private string Yaml(string to) => File("pipelines.yaml", $"path: w, delta: true, publish_to: \"{to}\"");

    private string File(string name, string load) => _temp.File(name,
        $"version: 1\npipelines:\n  a:\n    source: {{path: \"{dataset.Sound}\"}}\n    load: {{{load}}}\n    reference: none\n");

    private Task<(int Code, string Said)> Run(string scheme, IReadOnlyList<string> arguments, int? port = null) =>
        ObjectRun.Of(arguments, ObjectServers.Environ(scheme, port ?? servers.Port(scheme)));

    /// <summary>One snapshot, with Delta tables, and no copy yet.</summary>
    private async Task Published()
    {
        string yaml = File("local.yaml", "path: w, delta: true");
        Assert.Equal(ExitCode.Done, (await ObjectRun.Of(["run", "--config", yaml], new Dictionary<string, string>())).Code);
    }

    /// <summary>More commits of the first snapshot's content.</summary>
    private async Task Rollback(int times)
    {
        Warehouse warehouse = Warehouse.Open(_temp["w"], new WarehouseOptions { KeepNewest = int.MaxValue });
        for (int time = 0; time < times; time++)
            Assert.Equal(PublishEnding.Published, (await warehouse.Rollback(1, Guid.NewGuid().ToString("N"), Token)).Ending);
    }

    private Task<CopyOutcome> Copy(IObjectStore store, Action<string>? atStep = null)
    {
        void AtCopy(string step)
        {
            if (step.StartsWith("copy-", StringComparison.Ordinal)) atStep?.Invoke(step);
        }
        return Warehouse.Open(_temp["w"], new WarehouseOptions { AtStep = AtCopy }).CopyTo(store, Token);
    }
}
