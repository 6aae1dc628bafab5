using System.Text.Json;
using VerseEtl.Host.Tests.Commands;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Releases;

/// <summary>What this build makes of a warehouse that an earlier release wrote.</summary>
public sealed class EarlierReleaseTests(SmallDataset dataset)
{
    private const string First = "0.1.0";

    private static readonly (string Line, string Said)[] Reading =
    [
        ("snapshots", "3 scans (0 failed)"),
        ("snapshots", "held since"),
        ("snapshots verify", "3 whole"),
        ("path vertebrae", "vertebrae-0000000003-00000.parquet"),
        ("path scans --sequence 2 --verify", "scans-0000000002-00000.parquet"),
        ("runs", "rolled back"),
        ("runs", "exit 20"),
        ("findings", "TREE_NO_CT"),
        ("audit", "audit: "),
        ("diff 1 2", "verse19/training/sub-verse902"),
        ("diff 1 3", "no row differs"),
        ("export vertebrae", "verse19/training/sub-verse901,"),
        ("report sub-verse901 -o {0}/r.html", "verse19/training/sub-verse901, snapshot 3"),
        ("gc", "nothing that nothing needs"),
    ];

    public static TheoryData<string> Releases => [.. KeptWarehouse.Releases];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Every_reading_command_reads_it_and_leaves_it_as_it_is(string release)
    {
        using KeptWarehouse kept = new(release);
        string[] before = kept.Everything();
        foreach ((string line, string said) in Reading)
        {
            (int code, string output, string error) = await kept.Invoke(line.Replace("{0}", kept.Beside, StringComparison.Ordinal));
            Assert.True((code, error) == (ExitCode.Done, ""), $"{line} ended with {code}: {error}");
            Assert.Contains(said, output, StringComparison.Ordinal);
        }
        Assert.Equal(before, kept.Everything());
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task It_is_gone_back_to_as_it_was_and_the_hold_ends(string release)
    {
        using KeptWarehouse kept = new(release);
        int schema = Current(kept).Manifest.SchemaVersion;
        string before = Description(kept);
        (int code, string output, _) = await kept.Invoke("rollback 1");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("snapshot 4 is current, with the content of 1", output, StringComparison.Ordinal);
        Assert.Contains("no row differs", (await kept.Invoke("diff 1 4")).Out, StringComparison.Ordinal);
        Assert.Equal(schema, Current(kept).Manifest.SchemaVersion);
        Assert.Equal(before.Replace("-0000000003-", "-0000000004-", StringComparison.Ordinal), Description(kept));
        Assert.Contains("released", (await kept.Invoke("release")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_run_publishes_beside_it_continues_its_ledger_and_finds_no_damage(string release)
    {
        using KeptWarehouse kept = new(release);
        (int code, string output, _) = await CommandLineTests.Invoke($"run --source {dataset.Sound} --output {kept.Root} --accept-shrink");
        Assert.True(code == ExitCode.Done, output);
        Snapshot current = Current(kept);
        Assert.Equal((4, PublishedSchema.Version), (current.Sequence, current.Manifest.SchemaVersion));
        Assert.DoesNotContain(await Warehouse.ReadTable(current, PublishedSchema.Findings, Token),
            finding => finding.Code is "CACHE_CORRUPT" or "SNAPSHOT_MENDED");
        Assert.Equal(5, Warehouse.OpenForReading(kept.Root).Runs().Count);
        Assert.Contains("held since", (await kept.Invoke("snapshots")).Out, StringComparison.Ordinal);
        Assert.Contains("scans: ", (await kept.Invoke("diff 1 4")).Out, StringComparison.Ordinal);
        Assert.Contains("4 whole", (await kept.Invoke("snapshots verify")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_a_voltage_as_text_is_a_number()
    {
        using KeptWarehouse kept = new(First);
        Assert.Equal([120.0, 140.0, null], (await Warehouse.ReadTable(Current(kept), PublishedSchema.Scans, Token)).Select(scan => scan.Kvp));
        Assert.Equal("sc:Text", Croissant(Description(kept), "scans/kvp"));
    }

    [Fact]
    public async Task Columns_that_follow_from_others_are_there_and_the_rest_is_null()
    {
        using KeptWarehouse kept = new(First);
        IReadOnlyList<VertebraRow> rows = await Warehouse.ReadTable(Current(kept), PublishedSchema.Vertebrae, Token);
        Assert.Equal(20, rows.Count);
        Assert.All(rows, row => Assert.Equal(row.VolumeMm3, Math.PI / 6 * Math.Pow(row.EquivalentDiameterMm, 3), 1e-6));
        Assert.All(rows, row => Assert.InRange(row.BoxFill, 0.05, 0.95));
        Assert.All(rows, row => Assert.Null(row.SurfaceAreaMm2));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Snapshot Current(KeptWarehouse kept) => Warehouse.OpenForReading(kept.Root).Current!;

    private static string Description(KeptWarehouse kept) => File.ReadAllText(Path.Join(kept.Root, "current", "croissant.json"));

    private static string? Croissant(string text, string field) => JsonDocument.Parse(text).RootElement.GetProperty("recordSet").EnumerateArray()
        .SelectMany(table => table.GetProperty("field").EnumerateArray())
        .Single(each => each.GetProperty("@id").GetString() == field).GetProperty("dataType").GetString();
}
