using System.Text.Json;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.Commands;

/// <summary>What nothing needs goes, and nothing else; each test works on its own copy of a warehouse with two snapshots.</summary>
public sealed class GcTests(WarehouseCommandsTests.TwoSnapshots two) : IClassFixture<WarehouseCommandsTests.TwoSnapshots>, IDisposable
{
    private readonly TempFolder _temp = new();

    private string Copy => Path.Join(_temp.Path, "w");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task What_nothing_needs_is_told_and_goes_only_when_asked()
    {
        two.CopyTo(Copy);
        string[] needed = Files();
        Assert.EndsWith("nothing that nothing needs\n", (await Gc()).Out, StringComparison.Ordinal);
        string[] litter = Litter();
        (int code, string output, _) = await Gc();
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("not needed: `gc --yes` frees them", output, StringComparison.Ordinal);
        Assert.Equal(needed.Concat(litter).Order(StringComparer.Ordinal), Files());

        JsonElement told = JsonDocument.Parse((await Gc("--yes --json")).Out).RootElement;
        Assert.Equal(litter.Length, told.GetProperty("room").EnumerateArray().Sum(kind => kind.GetProperty("free").GetInt32()));
        Assert.Equal(needed, Files());
        await IsWhole();
    }

    [Fact]
    public async Task A_named_snapshot_and_its_pictures_stay_and_an_unnamed_one_goes()
    {
        two.CopyTo(Copy);
        string yaml = _temp.File("p.yaml", $"version: 1\npipelines:\n  a: {{source: {{path: s}}, load: {{path: {Copy}, keep_snapshots: 2, keep_days: 1}}}}\n");
        await CommandLineTests.Invoke($"rollback 2 -w {Copy}");
        await CommandLineTests.Invoke($"snapshots tag paper 1 -w {Copy}");
        foreach (string file in Directory.GetFiles(Path.Join(Copy, "pictures"))) File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-3));
        // without stored results only snapshots have use for pictures
        Directory.Delete(Path.Join(Copy, "cache", "scans"), recursive: true);
        string only = await PictureOfTheFirstAlone();
        FixedTime later = new(DateTimeOffset.UtcNow.AddDays(2));
        Assert.Contains("nothing that nothing needs", (await CommandLineTests.Invoke($"gc --config {yaml} --yes", later)).Out, StringComparison.Ordinal);
        Assert.True(File.Exists(only));
        await CommandLineTests.Invoke($"snapshots tag other 2 -w {Copy}");
        File.Delete(Path.Join(Copy, "names", "paper"));
        Assert.Contains("snapshots", (await CommandLineTests.Invoke($"gc --config {yaml} --yes", later)).Out, StringComparison.Ordinal);
        Assert.False(File.Exists(only));
        Assert.Equal([2, 3], Warehouse.OpenForReading(Copy).Snapshots().Select(snapshot => snapshot.Sequence));
        await IsWhole();
    }

    [Fact]
    public async Task While_a_run_is_under_way_pictures_and_stored_results_stay()
    {
        two.CopyTo(Copy);
        string[] litter = Litter();
        Warehouse warehouse = Warehouse.Open(Copy);
        using (warehouse.BeginJournal("20260101T000000-atwork"))
        {
            Assert.Contains("a run is under way: all of it stays", (await Gc("--yes")).Out, StringComparison.Ordinal);
            string[] left = [.. litter.Where(path => Path.Exists(Path.Join(Copy, path)))];
            Assert.Equal(2, left.Length);
            Assert.All(left, path => Assert.Matches("^(pictures|cache/scans)/", path));
        }
        await Gc("--yes");
        Assert.DoesNotContain(litter, path => Path.Exists(Path.Join(Copy, path)));
    }

    [Fact]
    public async Task Cut_off_before_any_step_nothing_is_lost_and_the_next_call_ends_it()
    {
        for (int steps = 0; ; steps++)
        {
            if (Directory.Exists(Copy)) Directory.Delete(Copy, recursive: true);
            two.CopyTo(Copy);
            string[] needed = Files();
            Litter();
            int left = steps;
            Warehouse warehouse = Warehouse.Open(Copy, new WarehouseOptions
            {
                AtStep = step =>
                {
                    if (step == PublishSteps.Freeing && left-- == 0) throw new OperationCanceledException();
                },
            });
            bool cut = await Record.ExceptionAsync(() => warehouse.FreeRoom("/some/source", Token)) is OperationCanceledException;
            Assert.Empty(needed.Except(Files()));
            await Gc("--yes");
            Assert.Equal(needed, Files());
            if (!cut)
            {
                Assert.InRange(steps, 4, 10);
                break;
            }
        }
        await IsWhole();
    }

    /// <summary>A thing of each kind that nothing needs, long unused.</summary>
    private string[] Litter()
    {
        string[] litter =
        [
            $"pictures/{new string('a', 64)}.png", $"cache/scans/ab/ab{new string('0', 62)}.json", "cache/files-0123456789abcdef.json",
            "cache/files-0123456789abcdef.json.lock", "runs/20260101T000000-killed.journal", "trash/0000", "work/a:20260101t000000z/plan.json",
            "staging/dead/lock",
        ];
        foreach (string path in litter)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(Copy, path))!);
            File.WriteAllText(Path.Join(Copy, path), "x");
            File.SetLastWriteTimeUtc(Path.Join(Copy, path), DateTime.UtcNow.AddDays(-40));
        }
        return litter;
    }

    private async Task<string> PictureOfTheFirstAlone()
    {
        HashSet<string>[] pictures = [await Of(1), await Of(2)];
        return Path.Join(Copy, Assert.Single(pictures[0].Except(pictures[1])));

        async Task<HashSet<string>> Of(long sequence) => [.. (await Warehouse.ReadTable(Warehouse.OpenForReading(Copy).Find(sequence)!,
            Load.Tables.PublishedSchema.Scans, Token)).Select(scan => scan.PicturePath).OfType<string>()];
    }

    private string[] Files() =>
        [.. Directory.GetFiles(Copy, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Copy, file)).Order(StringComparer.Ordinal)];

    private Task<(int Code, string Out, string Error)> Gc(string more = "") => CommandLineTests.Invoke($"gc -w {Copy} {more}");

    private async Task IsWhole()
    {
        Assert.Equal(ExitCode.Done, (await CommandLineTests.Invoke($"snapshots verify -w {Copy}")).Code);
        Assert.Equal(ExitCode.Done, (await CommandLineTests.Invoke($"path scans --verify -w {Copy}")).Code);
    }
}
