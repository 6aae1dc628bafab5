using System.Text.Json;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;

namespace VerseEtl.Host.Tests.Commands;

/// <summary>
/// A warehouse that was written by 0.1.0+937d522, the last commit of schema version 1: three scans of the sample, whose `_ct.json` say a KVP of
/// "120", "140.0" and "unknown".
/// </summary>
public sealed class OlderSchemaTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly SmallDataset _dataset;

    public OlderSchemaTests(SmallDataset dataset)
    {
        _dataset = dataset;
        using System.Diagnostics.Process copy = System.Diagnostics.Process.Start("cp",
            ["-a", Path.Join(Repository.Root, "tests", "VerseEtl.Load.Tests", "Schema", "warehouse-v1"), _temp["w"]]);
        copy.WaitForExit();
    }

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("snapshots", "3 scans (0 failed)")]
    [InlineData("snapshots verify", "1 whole")]
    [InlineData("path vertebrae", "vertebrae-0000000001-00000.parquet")]
    [InlineData("runs", "published")]
    [InlineData("audit", "audit: ")]
    [InlineData("export vertebrae", "verse19/training/sub-verse901,")]
    [InlineData("report sub-verse901 -o {0}/r.html", "verse19/training/sub-verse901, snapshot 1")]
    public async Task Its_snapshot_is_read_by_every_command(string line, string said)
    {
        (int code, string output, string error) = await Invoke(line.Replace("{0}", _temp.Path, StringComparison.Ordinal));
        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_a_voltage_as_text_is_a_number()
    {
        Snapshot snapshot = Warehouse.OpenForReading(_temp["w"]).Current!;
        Assert.Equal([120.0, 140.0, null], (await Warehouse.ReadTable(snapshot, PublishedSchema.Scans, Token)).Select(scan => scan.Kvp));
    }

    [Fact]
    public async Task Columns_that_follow_from_others_are_there_and_the_rest_is_null()
    {
        Snapshot snapshot = Warehouse.OpenForReading(_temp["w"]).Current!;
        var rows = await Warehouse.ReadTable(snapshot, PublishedSchema.Vertebrae, Token);
        Assert.All(rows, row => Assert.Equal(row.VolumeMm3, Math.PI / 6 * Math.Pow(row.EquivalentDiameterMm, 3), 1e-6));
        Assert.All(rows, row => Assert.InRange(row.BoxFill, 0.05, 0.95));
        Assert.All(rows, row => Assert.Null(row.SurfaceAreaMm2));
    }

    [Fact]
    public async Task It_is_gone_back_to_as_it_was()
    {
        string before = Description;
        (int code, string output, _) = await Invoke("rollback 1");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("snapshot 2 is current, with the content of 1", output, StringComparison.Ordinal);
        Assert.Contains("no row differs", (await Invoke("diff 1 2")).Out, StringComparison.Ordinal);
        Assert.Equal(1, Warehouse.OpenForReading(_temp["w"]).Current!.Manifest.SchemaVersion);
        Assert.Equal(before.Replace("-0000000001-", "-0000000002-", StringComparison.Ordinal), Description);
        Assert.Equal("sc:Text", Croissant(Description, "scans/kvp"));
    }

    [Fact]
    public async Task A_run_publishes_the_newer_schema_beside_it()
    {
        (int code, string output, _) = await CommandLineTests.Invoke($"run --source {_dataset.Sound} --output {_temp["w"]} --accept-shrink");
        Assert.True(code == ExitCode.Done, output);
        Assert.Equal(2, Warehouse.OpenForReading(_temp["w"]).Current!.Manifest.SchemaVersion);
        Assert.Equal("sc:Float", Croissant(Description, "scans/kvp"));
        Assert.Equal(ExitCode.Done, (await Invoke("snapshots")).Code);
        Assert.Contains("scans: ", (await Invoke("diff 1 2")).Out, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<(int Code, string Out, string Error)> Invoke(string line) => CommandLineTests.Invoke($"{line} -w {_temp["w"]}");

    private string Description => File.ReadAllText(Path.Join(_temp["w"], "current", "croissant.json"));

    private static string? Croissant(string text, string field) => JsonDocument.Parse(text).RootElement.GetProperty("recordSet").EnumerateArray()
        .SelectMany(table => table.GetProperty("field").EnumerateArray())
        .Single(each => each.GetProperty("@id").GetString() == field).GetProperty("dataType").GetString();
}
