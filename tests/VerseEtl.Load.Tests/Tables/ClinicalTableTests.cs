using System.Text.Json;
using DuckDB.NET.Data;
using Parquet;
using VerseEtl.Load.Export;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Load.Tests.Publishing;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Tables;

/// <summary>The table whose columns a user declares, through a warehouse and back.</summary>
public sealed class ClinicalTableTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Every_type_and_null_is_read_back_from_a_warehouse()
    {
        PublishedTables tables = With(Table());
        Snapshot snapshot = (await Warehouse.Open(_temp["w"]).Publish(Requests.Of("one", tables: tables), Token)).Current!;
        ClinicalTable read = (await Warehouse.ReadTables(snapshot, Token)).Clinical!;
        Assert.Equal(tables.Clinical!.Rows.Select(row => row.ScanKey), read.Rows.Select(row => row.ScanKey));
        Assert.Equal(tables.Clinical.Rows.Select(row => row.Values), read.Rows.Select(row => row.Values));
        Assert.Equal(tables.Clinical.Declaration.Columns, read.Declaration.Columns);
        Assert.Equal([new ClinicalSource("c.csv", "abc"), new ClinicalSource("lost.csv", null)], read.Declaration.Files);
        WarehouseInvariants.Check(_temp["w"], recovered: true);
    }

    [Fact]
    public async Task DuckDB_reads_the_declared_names_types_and_values()
    {
        Snapshot snapshot = (await Warehouse.Open(_temp["w"]).Publish(Requests.Of("one", tables: With(Table())), Token)).Current!;
        using DuckDBConnection duck = new("DataSource=:memory:");
        duck.Open();
        using DuckDBCommand command = duck.CreateCommand();
        command.CommandText = $"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{snapshot.Directory}/clinical/*.parquet')";
        using (DuckDBDataReader schema = command.ExecuteReader())
        {
            List<(string, string)> columns = [];
            while (schema.Read()) columns.Add((schema.GetString(0), schema.GetString(1)));
            Assert.Equal([("scan_key", "VARCHAR"), ("sex", "VARCHAR"), ("age", "INTEGER"), ("dose", "BIGINT"), ("bmd", "DOUBLE"), ("contrast", "BOOLEAN")],
                columns);
        }
        command.CommandText = $"SELECT age FROM '{snapshot.Directory}/clinical/*.parquet' "
            + $"JOIN '{snapshot.Directory}/scans/*.parquet' USING (scan_key) WHERE sex = 'f'";
        Assert.Equal(71, command.ExecuteScalar());
    }

    [Fact]
    public async Task The_files_and_their_hashes_stand_in_the_footer_and_no_licence_of_the_scans()
    {
        using MemoryStream file = new(TableFile.Bytes(ClinicalSchema.Of(Table().Declaration), With(Table())));
        await using ParquetReader reader = await ParquetReader.CreateAsync(file, cancellationToken: Token);
        Assert.Equal("""{"c.csv":"abc","lost.csv":null}""", reader.CustomMetadata["files"]);
        JsonElement age = JsonDocument.Parse(reader.CustomMetadata["columns"]).RootElement.GetProperty("age");
        Assert.Equal(("int32", "year", "age at the scan (column `Alter` of c.csv)"),
            (age.GetProperty("type").GetString(), age.GetProperty("unit").GetString(), age.GetProperty("definition").GetString()));
        Assert.DoesNotContain("license", reader.CustomMetadata.Keys);
    }

    [Fact]
    public void Another_hash_meaning_or_value_gives_other_bytes_and_the_same_the_same()
    {
        static byte[] Bytes(ClinicalTable table) => TableFile.Bytes(ClinicalSchema.Of(table.Declaration), With(table));
        ClinicalTable table = Table();
        Assert.Equal(Bytes(table), Bytes(Table()));
        ClinicalDeclaration declared = table.Declaration;
        ClinicalColumn first = declared.Columns[0];
        ClinicalDeclaration otherFile = declared with { Files = [declared.Files[0] with { Sha256 = "abd" }, declared.Files[1]] };
        ClinicalDeclaration otherWords = declared with { Columns = [first with { Meaning = "gender" }, .. declared.Columns.Skip(1)] };
        ClinicalRow otherValue = table.Rows[0] with { Values = ["d", .. table.Rows[0].Values.Skip(1)] };
        Assert.NotEqual(Bytes(table), Bytes(table with { Declaration = otherFile }));
        Assert.NotEqual(Bytes(table), Bytes(table with { Declaration = otherWords }));
        Assert.NotEqual(Bytes(table), Bytes(table with { Rows = [otherValue, table.Rows[1]] }));
    }

    [Fact]
    public async Task The_other_tables_bytes_do_not_depend_on_it()
    {
        Snapshot without = (await Warehouse.Open(_temp["a"]).Publish(Requests.Of("one"), Token)).Current!;
        Snapshot with = (await Warehouse.Open(_temp["b"]).Publish(Requests.Of("one", tables: With(Table())), Token)).Current!;
        Assert.Equal(PublishedSchema.All.Count, without.Manifest.Files.Count(file => file.Rows is not null));
        Assert.Equal(without.Manifest.Files.Where(file => file.Rows is not null),
            with.Manifest.Files.Where(file => file.Rows is not null && !file.Path.StartsWith("clinical/", StringComparison.Ordinal)));
        Assert.Null(without.Manifest.Clinical);
        Assert.Null((await Warehouse.ReadTables(without, Token)).Clinical);
    }

    [Fact]
    public async Task The_description_of_a_snapshot_has_it_like_any_other_table()
    {
        Snapshot snapshot = (await Warehouse.Open(_temp["w"]).Publish(Requests.Of("one", tables: With(Table())), Token)).Current!;
        JsonElement root = JsonDocument.Parse(File.ReadAllBytes(Path.Join(snapshot.Directory, "croissant.json"))).RootElement;
        JsonElement table = root.GetProperty("recordSet").EnumerateArray().Single(record => record.GetProperty("name").GetString() == "clinical");
        Assert.Equal(["scan_key", "sex", "age", "dose", "bmd", "contrast"],
            table.GetProperty("field").EnumerateArray().Select(field => field.GetProperty("name").GetString()));
        JsonElement manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Join(snapshot.Directory, "manifest.json"))).RootElement.GetProperty("clinical");
        Assert.Equal("abc", manifest.GetProperty("files")[0].GetProperty("sha256").GetString());
        Assert.Equal(("age", "int32", "age at the scan"), (manifest.GetProperty("columns")[1].GetProperty("name").GetString(),
            manifest.GetProperty("columns")[1].GetProperty("type").GetString(), manifest.GetProperty("columns")[1].GetProperty("meaning").GetString()));
    }

    [Fact]
    public async Task A_rollback_brings_it_back_and_a_diff_names_its_rows()
    {
        Warehouse warehouse = Warehouse.Open(_temp["w"]);
        ClinicalTable table = Table();
        ClinicalTable changed = table with { Rows = [table.Rows[0], table.Rows[1] with { Values = ["m", .. table.Rows[1].Values.Skip(1)] }] };
        Snapshot first = (await warehouse.Publish(Requests.Of("one", tables: With(table)), Token)).Current!;
        Snapshot second = (await warehouse.Publish(Requests.Of("two", seed: 2, tables: With(changed)), Token)).Current!;
        Snapshot third = (await warehouse.Publish(Requests.Of("three", seed: 3, tables: SampleTables.Of()), Token)).Current!;
        TableDiff diff = (await Warehouse.Diff(first, second, Token)).Single(each => each.Table == "clinical");
        RowChange change = Assert.Single(diff.Changed);
        Assert.Equal(table.Rows[1].ScanKey, change.Key.ToString());
        Assert.Equal("m", Assert.Single(change.Cells).After);
        Assert.Empty(diff.Added.Concat(diff.Removed));
        Assert.Equal(2, (await Warehouse.Diff(second, third, Token)).Single(each => each.Table == "clinical").Removed.Count);
        Assert.Equal(2, (await Warehouse.Diff(third, second, Token)).Single(each => each.Table == "clinical").Added.Count);
        Snapshot back = (await warehouse.Rollback(1, "back", Token)).Current!;
        Assert.All(await Warehouse.Diff(first, back, Token), each => Assert.True(each.IsEmpty));
        Assert.EndsWith("clinical-0000000004-00000.parquet", Assert.Single(warehouse.PathOf("clinical")), StringComparison.Ordinal);
        WarehouseInvariants.Check(_temp["w"], recovered: true);
    }

    [Fact]
    public async Task A_column_more_changes_the_rows_that_have_a_value_in_it()
    {
        Warehouse warehouse = Warehouse.Open(_temp["w"]);
        ClinicalTable table = Table(), wider = new(
            table.Declaration with
            {
                Columns = [.. table.Declaration.Columns, new ClinicalColumn("site", "string", "where") { File = "c.csv", Header = "site" }],
            },
            [.. table.Rows.Select((row, at) => row with { Values = [.. row.Values, at == 0 ? "Ulm" : null] })]);
        Snapshot first = (await warehouse.Publish(Requests.Of("one", tables: With(table)), Token)).Current!;
        Snapshot second = (await warehouse.Publish(Requests.Of("two", seed: 2, tables: With(wider)), Token)).Current!;
        RowChange change = Assert.Single((await Warehouse.Diff(first, second, Token)).Single(each => each.Table == "clinical").Changed);
        Assert.Equal([new CellChange("site", null, "Ulm", null)], change.Cells);
        change = Assert.Single((await Warehouse.Diff(second, first, Token)).Single(each => each.Table == "clinical").Changed);
        Assert.Equal([new CellChange("site", "Ulm", null, null)], change.Cells);
    }

    [Fact]
    public async Task A_row_without_a_scan_or_a_scan_twice_is_not_published()
    {
        ClinicalTable table = Table();
        Warehouse warehouse = Warehouse.Open(_temp["w"]);
        foreach (IReadOnlyList<ClinicalRow> bad in new[] { new[] { table.Rows[0] with { ScanKey = "a/test/nobody" } }, [table.Rows[0], table.Rows[0]] })
            await Assert.ThrowsAsync<ConservationException>(() => warehouse.Publish(Requests.Of("one", tables: With(table with { Rows = bad })), Token));
        Assert.Null(warehouse.Current);
    }

    [Fact]
    public void It_is_exported_as_any_other_table()
    {
        using StringWriter text = new();
        CsvExport.Write(ClinicalSchema.Of(Table().Declaration), With(Table()), text);
        Assert.Equal(["scan_key,sex,age,dose,bmd,contrast",
            "verse19/training/sub-verse0000,f,71,9000000000,-0.5,true", "verse19/training/sub-verse0002,,,,,", ""],
            text.ToString().Split("\r\n"));
    }

    [Fact]
    public void Names_that_identify_rows_are_reserved()
    {
        foreach (string name in PublishedSchema.All.SelectMany(table => table.Key).Append("series_id").Append("subject_id"))
            Assert.Contains(name, ClinicalSchema.ReservedNames);
        Assert.DoesNotContain("age", ClinicalSchema.ReservedNames);
    }

    private static PublishedTables With(ClinicalTable table) => SampleTables.Of() with { Clinical = table };

    private static ClinicalTable Table()
    {
        ClinicalColumn Column(string name, string type) => new(name, type, "as told") { File = "c.csv", Header = name };
        return new ClinicalTable(new ClinicalDeclaration([new ClinicalSource("c.csv", "abc"), new ClinicalSource("lost.csv", null)],
        [
            Column("sex", ClinicalTypes.Text),
            new ClinicalColumn("age", ClinicalTypes.Whole32, "age at the scan") { File = "c.csv", Header = "Alter", Unit = "year", Role = "age" },
            Column("dose", ClinicalTypes.Whole64), Column("bmd", ClinicalTypes.Real), Column("contrast", ClinicalTypes.Truth),
        ]),
        [
            new ClinicalRow { ScanKey = "verse19/training/sub-verse0000", Values = ["f", 71, 9_000_000_000L, -0.5, true] },
            new ClinicalRow { ScanKey = "verse19/training/sub-verse0002", Values = [null, null, null, null, null] },
        ]);
    }
}
