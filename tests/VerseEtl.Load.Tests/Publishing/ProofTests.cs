using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>What is damaged is told and never read, and the next publish accounts for it.</summary>
public sealed class ProofTests : IDisposable
{
    private readonly TempFolder _directory = new();
    private readonly Calendar _calendar = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Root => _directory["warehouse"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task No_bit_of_a_commit_can_turn_unnoticed()
    {
        await Publish(1);
        await Publish(2);
        byte[] sound = File.ReadAllBytes(Commit(2));
        for (int bit = 0; bit < sound.Length * 8; bit++)
        {
            byte[] turned = [.. sound];
            turned[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(Commit(2), turned);
            Assert.Equal("commits/0000000002.json", Assert.Single(Assert.Throws<WarehouseDamagedException>(() => Open().Current).Damage).Path);
        }
        File.WriteAllBytes(Commit(2), sound);
        Assert.Equal(2, Open().Current!.Sequence);
    }

    [Fact]
    public async Task Commits_of_an_older_build_are_read_and_none_may_follow_a_sealed_one()
    {
        await Publish(1);
        SealedFile.Unseal(Commit(1));
        await Publish(2);
        Assert.Empty(await Open().Verify(null, Token));
        Assert.Equal(2, Open().Current!.Sequence);
        SealedFile.Unseal(Commit(2));
        Assert.Equal(2, Open().Current!.Sequence);
        await Publish(3);
        SealedFile.Unseal(Commit(3));
        Assert.Equal(3, Open().Current!.Sequence);

        // a key more or less, or a parent that is not the one that was named
        string text = File.ReadAllText(Commit(3));
        string renamed = text.Replace("\"run_id\"", "\"run_name\"", StringComparison.Ordinal);
        string longer = text.Replace("{\n", "{\n  \"more\": 1,\n", StringComparison.Ordinal);
        foreach (string changed in new[] { renamed, longer })
        {
            File.WriteAllText(Commit(3), changed);
            Assert.Throws<WarehouseDamagedException>(() => Open().Current);
        }
        File.WriteAllText(Commit(3), text);
        File.WriteAllText(Commit(2), File.ReadAllText(Commit(2)).Replace("\"two\"", "\"twi\"", StringComparison.Ordinal));
        Assert.Contains(await Open().Verify(null, Token), fault => fault is { Sequence: 2, Fault: "it is not the commit that 3 was made upon" });
        Assert.Throws<WarehouseDamagedException>(() => Open().Find(2));
    }

    [Fact]
    public async Task A_sequence_is_never_used_twice_though_its_commit_is_gone()
    {
        foreach (string witness in new[] { "current", "proven.json", "" })
        {
            string root = _directory["warehouse-" + witness];
            await Warehouse.Open(root).Publish(Requests.Of("one", 1), Token);
            await Warehouse.Open(root).Publish(Requests.Of("two", 2), Token);
            File.Delete(Path.Combine(root, "commits", "0000000002.json"));
            if (witness.Length > 0) File.Delete(Path.Combine(root, witness));
            Assert.Equal("it is missing", Assert.Single(Assert.Throws<WarehouseDamagedException>(() => Warehouse.OpenForReading(root).Current).Damage).Fault);
            Warehouse warehouse = Warehouse.Open(root);
            Proof proof = await warehouse.Prove(everything: false, Token);
            Assert.Equal(2, Assert.Single(proof.OfNewest).Sequence);
            Assert.Equal(3,
                (await warehouse.Publish(Requests.Of("three", 2) with { Mends = proof.Unmended, BasedOn = warehouse.Parent }, Token)).Current!.Sequence);
            Assert.Equal(3, warehouse.Current!.Sequence);
            Assert.Equal(3, Assert.Single(await warehouse.Verify(null, Token)).MendedBy);
        }
    }

    [Fact]
    public async Task Damage_is_accounted_for_once_and_a_snapshot_that_is_lost_stays_unreadable()
    {
        await Publish(1);
        await Publish(2);
        Damage.Do("flip", Directory.GetFiles(Path.Combine(Root, "snapshots"), "vertebrae-0000000002-*.parquet", SearchOption.AllDirectories).Single(),
            new Random(1));
        Warehouse warehouse = Open();
        await Assert.ThrowsAsync<WarehouseDamagedException>(() => Warehouse.ReadTables(warehouse.Current!, Token));
        Proof proof = await warehouse.Prove(everything: false, Token);
        Assert.Null(warehouse.VerifiedUtc(2));
        PublishRequest request = Requests.Of("mending", 2) with { Mends = proof.Unmended };
        Assert.Equal(PublishEnding.Published, (await warehouse.Publish(request, Token)).Ending);
        Assert.Equal(PublishEnding.Unchanged, (await warehouse.Publish(request with { RunId = "again" }, Token)).Ending);
        Assert.Equal([3L], (await warehouse.Prove(everything: true, Token)).Damage.Select(fault => fault.MendedBy!.Value));
        await Assert.ThrowsAsync<WarehouseDamagedException>(() => Warehouse.ReadTable(warehouse.Find(2)!, PublishedSchema.Vertebrae, Token));
        Assert.Equal(SampleTables.Of(seed: 2).Vertebrae.Count, (await Warehouse.ReadTable(warehouse.Current!, PublishedSchema.Vertebrae, Token)).Count);
    }

    [Fact]
    public async Task Two_writers_that_mend_at_once_make_one_commit()
    {
        await Publish(1);
        File.Delete(Path.Combine(Root, "current", "scans", "scans-0000000001-00000.parquet"));
        Warehouse[] both = [Open(), Open()];
        IReadOnlyList<DamagedFile>[] found = [(await both[0].Prove(everything: false, Token)).Unmended,
            (await both[1].Prove(everything: false, Token)).Unmended];
        PublishOutcome[] outcomes = await Task.WhenAll(both.Select((warehouse, at) =>
            Task.Run(() => warehouse.Publish(Requests.Of($"writer-{at}") with { Mends = found[at] }, Token), Token)));
        Assert.Equal([PublishEnding.Published, PublishEnding.Unchanged], outcomes.Select(outcome => outcome.Ending).Order());
        Assert.Equal(2, WarehouseInvariants.Check(Root)!.Sequence);
    }

    [Fact]
    public async Task Every_snapshot_is_read_within_a_week_of_nights_and_none_twice_a_day()
    {
        for (int at = 1; at <= 10; at++) await Publish(at);
        int[] readAgain = new int[11];
        for (int night = 1; night <= 7; night++)
        {
            _calendar.Now += TimeSpan.FromDays(1) + TimeSpan.FromMinutes(night % 2 == 0 ? 10 : -10);
            for (int minute = 0; minute < 3; minute++, _calendar.Now += TimeSpan.FromMinutes(1)) await Open().Prove(everything: false, Token);
            for (int at = 1; at <= 9; at++)
                if (_calendar.Now - Open().VerifiedUtc(at) < TimeSpan.FromHours(1)) readAgain[at]++;
            Assert.InRange(readAgain[1..10].Sum(), night, 2 * night);
        }
        Assert.All(readAgain[1..10], times => Assert.InRange(times, 1, 2));
        Assert.True(_calendar.Now - Open().VerifiedUtc(10) < TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task A_proof_of_a_time_to_come_does_not_count()
    {
        _calendar.Now += TimeSpan.FromDays(2000);
        await Publish(1);
        await Publish(2);
        _calendar.Now -= TimeSpan.FromDays(2000);
        Assert.Null(Open().VerifiedUtc(1));
        await Open().Prove(everything: false, Token);
        Assert.Equal(_calendar.Now, Open().VerifiedUtc(1));
    }

    [Theory]
    [InlineData("extra.parquet", "it is not in the manifest")]
    [InlineData("", "it is missing")]
    public async Task A_file_too_many_and_a_folder_that_is_gone_are_damage(string added, string fault)
    {
        for (int at = 1; at <= 3; at++) await Publish(at);
        string snapshot = Directory.GetDirectories(Path.Combine(Root, "snapshots")).Order(StringComparer.Ordinal).ElementAt(1);
        if (added.Length > 0) File.WriteAllText(Path.Combine(snapshot, "scans", added), "rows");
        else Directory.Delete(snapshot, recursive: true);
        Assert.Equal((2, fault), (await Open().Prove(everything: false, Token)).Unmended.Select(each => (each.Sequence, each.Fault)).Single());
    }

    [Fact]
    public async Task A_rollback_to_a_damaged_snapshot_changes_nothing()
    {
        await Publish(1);
        await Publish(2);
        Damage.Do("flip", Directory.GetFiles(Path.Combine(Root, "snapshots"), "scans-0000000001-*.parquet", SearchOption.AllDirectories).Single(),
            new Random(1));
        await Assert.ThrowsAsync<WarehouseDamagedException>(() => Open().Rollback(1, "back", Token));
        Assert.Null(Open().Hold);
        Assert.Equal(2, Open().Current!.Sequence);
    }

    [Fact]
    public async Task A_damaged_hold_holds_and_is_written_anew_with_what_the_commits_know()
    {
        await Publish(1);
        await Publish(2);
        await Open().Rollback(1, "back", Token);
        File.WriteAllText(Path.Combine(Root, "hold.json"), "{");
        Assert.Equal(PublishEnding.Held, (await Open().Publish(Requests.Of("nightly", 3, "nightly@1"), Token)).Ending);
        await Open().Prove(everything: false, Token);
        Assert.Equal(1, Open().Hold!.RolledBackTo);
    }

    [Fact]
    public async Task A_damaged_entry_of_the_ledger_is_written_anew_as_lost()
    {
        await Publish(1);
        Open().Record(new RunRecord { RunId = "20260102T030405-a", Outcome = RunEnding.Published, StartedUtc = _calendar.Now });
        File.WriteAllText(Path.Combine(Root, "runs", "20260102T030405-a.json"), "{}");
        await Open().Prove(everything: false, Token);
        RunRecord run = Assert.Single(Open().Runs());
        Assert.Equal((RunEnding.Lost, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), (run.Outcome, run.StartedUtc));
        Assert.Contains("it lacks the key 'run_id'", run.Message, StringComparison.Ordinal);
    }

    private Warehouse Open() => Warehouse.Open(Root, new WarehouseOptions { Time = _calendar, KeepNewest = 100 });

    private string Commit(long sequence) => Path.Combine(Root, "commits", $"{sequence:D10}.json");

    private Task<PublishOutcome> Publish(int seed) => Open().Publish(Requests.Of(seed == 2 ? "two" : $"run-{seed}", seed), Token);
}
