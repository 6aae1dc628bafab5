using System.Text.Json;
using VerseEtl.Load.Delta;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Load.Tests.Delta;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>Tables of several files: three rows a file, two a row group.</summary>
public sealed class PartsTests : IDisposable
{
    private static readonly WarehouseOptions Options = new() { Parts = new PartSizes(2, 3), Delta = true };
    private readonly TempFolder _temp = new();

    private string Root => _temp["warehouse"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_table_of_several_files_has_the_rows_of_one_in_the_same_order_whether_it_came_whole_or_in_pieces()
    {
        PublishedTables whole = SampleTables.Of(11);
        await Warehouse.Open(_temp["one"]).Publish(Requests.Of("one", tables: whole), Token);
        await Warehouse.Open(Root, Options).Publish(Requests.Of("whole", tables: whole), Token);
        PublishRequest request = Requests.Of("pieces", tables: whole) with { EvenIfUnchanged = true };
        await Warehouse.Open(Root, Options).Publish(request with { Tables = WithoutScans(whole), Pieces = Pieces(whole, scans: 2) }, Token);

        Snapshot[] both = [.. Warehouse.OpenForReading(Root).Snapshots()];
        string[] one = await Rows(Warehouse.OpenForReading(_temp["one"]).Current!);
        Assert.Equal(one, await Rows(both[0]));
        Assert.Equal(one, await Rows(both[1]));
        Assert.Equal(both[0].Manifest.Files.Where(file => file.Rows is not null).Select(file => (file.Sha256, file.Rows)),
            both[1].Manifest.Files.Where(file => file.Rows is not null).Select(file => (file.Sha256, file.Rows)));
        Assert.Equal([3, 3, 3, 2], both[0].Manifest.FilesOf("scans").Select(file => file.Rows ?? 0));
        Assert.EndsWith("scans-0000000001-00003.parquet", both[0].Manifest.FilesOf("scans")[^1].Path, StringComparison.Ordinal);
        Assert.Single(both[0].Manifest.FilesOf("audit"));
    }

    [Fact]
    public async Task Pieces_that_are_not_in_key_order_are_refused()
    {
        PublishedTables whole = SampleTables.Of(6);
        PublishRequest request = Requests.Of("pieces", tables: whole) with { Tables = WithoutScans(whole), Pieces = Pieces(whole, scans: 2).Reverse() };
        await Assert.ThrowsAsync<InvalidDataException>(() => Warehouse.Open(Root, Options).Publish(request, Token));
        Assert.Null(Warehouse.OpenForReading(Root).Current);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Root, "staging")));
    }

    [Fact]
    public async Task Each_file_of_a_table_is_proven_described_and_part_of_its_Delta_table()
    {
        Warehouse warehouse = Warehouse.Open(Root, Options);
        await warehouse.Publish(Requests.Of("first", tables: SampleTables.Of(11)), Token);
        await warehouse.Publish(Requests.Of("second", seed: 2, tables: SampleTables.Of(4, seed: 2)), Token);
        DeltaInvariants.Check(Root, upToDate: true);
        DeltaVersion second = DeltaVersion.Read(2, await File.ReadAllTextAsync(Path.Combine(Root, "delta", "scans", "_delta_log", $"{2:D20}.json"), Token))!;
        Assert.Equal(["scans-0000000002-00000.parquet", "scans-0000000002-00001.parquet"], second.Files.Select(file => file.Name));

        // back to four files: names, second names and description follow
        await warehouse.Rollback(1, "back", "tried", Token);
        DeltaInvariants.Check(Root, upToDate: true);
        Snapshot back = Warehouse.OpenForReading(Root).Current!;
        Assert.Equal(await Rows(warehouse.Find(1)!), await Rows(back));
        using JsonDocument croissant = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(back.Directory, "croissant.json"), Token));
        JsonElement set = croissant.RootElement.GetProperty("distribution").EnumerateArray()
            .Single(each => each.GetProperty("@id").GetString() == "scans-files");
        Assert.Equal(4, set.GetProperty("containedIn").GetArrayLength());
        Assert.Equal(back.Manifest.FilesOf("scans").Select(file => file.Path), set.GetProperty("containedIn").EnumerateArray()
            .Select(file => file.GetProperty("@id").GetString()!));

        string third = back.Manifest.FilesOf("scans")[2].Path;
        File.Delete(Path.Combine(back.Directory, third));
        Assert.Contains(await warehouse.Verify(cancellation: Token), fault => fault.Path == third);
        await Assert.ThrowsAsync<WarehouseDamagedException>(() => Warehouse.ReadTable(back, PublishedSchema.Scans, Token));
    }

    private static IEnumerable<PublishedTables> Pieces(PublishedTables whole, int scans) => whole.Scans.Chunk(scans).Select(chunk =>
    {
        HashSet<string> keys = [.. chunk.Select(scan => scan.ScanKey)];
        return SampleTables.Empty with
        {
            Scans = chunk,
            Vertebrae = [.. whole.Vertebrae.Where(row => keys.Contains(row.ScanKey))],
            Pairs = [.. whole.Pairs.Where(row => keys.Contains(row.ScanKey))],
            Spines = [.. whole.Spines.Where(row => keys.Contains(row.ScanKey))],
        };
    });

    private static PublishedTables WithoutScans(PublishedTables whole) => whole with { Scans = [], Vertebrae = [], Pairs = [], Spines = [] };

    private static async Task<string[]> Rows(Snapshot snapshot)
    {
        PublishedTables tables = await Warehouse.ReadTables(snapshot, Token);
        return [.. PublishedSchema.All.SelectMany(table => table.Values(tables).Select(row => table.Name + JsonSerializer.Serialize(row)))];
    }
}
