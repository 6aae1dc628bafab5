using System.Text.Json;
using VerseEtl.Host.Tests.Commands;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Flow;

/// <summary>Runs of a pipelines.yaml that declares a clinical file, from the file to the published table.</summary>
public sealed class ClinicalRunTests(SmallDataset dataset) : IDisposable
{
    private const string Columns =
        "{name: age_years, column: Age, type: int32, unit: year, meaning: age at the scan}, {name: sex, type: string, meaning: f or m}";

    private const string Whole =
        "participant,Name,Age,sex\nsub-verse902,Jane Doe,61,f\nverse907,Jane Doe,62,m\nverse912,Jane Doe,63,\nverse962,Jane Doe,64,m\n";

    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Declared_columns_are_published_and_no_other_word_of_the_file()
    {
        JsonElement run = await Run(Whole);
        Assert.Equal((0, 4), (run.GetProperty("exit_code").GetInt32(), run.GetProperty("rows").GetProperty("clinical").GetInt32()));
        ClinicalTable table = (await Tables()).Clinical!;
        Assert.Equal([("verse902", 61, "f"), ("verse907", 62, "m"), ("verse912", 63, null), ("verse962", 64, "m")],
            table.Rows.Select(row => (row.ScanKey.Split("sub-")[1].Split('_')[0], (int)row.Values[0]!, (string?)row.Values[1])));
        foreach (string file in Directory.GetFiles(_temp["tables"], "*", SearchOption.AllDirectories))
            Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf("Jane"u8) < 0, file);
        Assert.Equal("scan_key,age_years,sex", (await CommandLineTests.Invoke($"export clinical -w {_temp["tables"]}")).Out.Split("\r\n")[0]);
        Assert.EndsWith(".parquet", (await CommandLineTests.Invoke($"path clinical -w {_temp["tables"]}")).Out.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unchanged_publishes_nothing_and_a_changed_file_publishes_anew_without_measuring()
    {
        Assert.Equal((1, "published", 0), Told(await Run(Whole)));
        Assert.Equal((1, "unchanged", 4), Told(await Run(Whole)));
        Assert.Equal((2, "published", 4), Told(await Run(Whole.Replace("61", "51", StringComparison.Ordinal))));
        Assert.Equal(51, (await Tables()).Clinical!.Rows[0].Values[0]);
        // also where no published value changed: the hash of the file is part of the table
        string renamed = Whole.Replace("61", "51", StringComparison.Ordinal).Replace("Jane", "John", StringComparison.Ordinal);
        Assert.Equal((3, "published", 4), Told(await Run(renamed)));
    }

    [Fact]
    public async Task A_changed_declaration_publishes_anew_and_so_does_its_end()
    {
        Assert.Equal((1, "published", 0), Told(await Run(Whole)));
        Assert.Equal((2, "published", 4), Told(await Run(Whole, Columns.Replace("f or m", "female or male", StringComparison.Ordinal))));
        Assert.Equal((3, "published", 4), Told(await Run(Whole, Columns.Replace("int32", "double", StringComparison.Ordinal))));
        Assert.Equal(61.0, (await Tables()).Clinical!.Rows[0].Values[0]);
        Assert.Equal((4, "published", 4), Told(await Run(Whole, columns: null)));
        Assert.Null((await Tables()).Clinical);
        (int code, _, string error) = await CommandLineTests.Invoke($"export clinical -w {_temp["tables"]}");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("no clinical file was declared", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_gone_costs_its_columns_and_nothing_else_and_comes_back()
    {
        await Run(Whole);
        IReadOnlyList<VertebraRow> before = (await Tables()).Vertebrae;
        JsonElement gone = await Run(null);
        Assert.Equal((2, "published", 4), Told(gone));
        Assert.Equal(ExitCode.PublishedWithErrors, gone.GetProperty("exit_code").GetInt32());
        PublishedTables tables = await Tables();
        Assert.Equal(before, tables.Vertebrae);
        Assert.Empty(tables.Clinical!.Rows);
        Assert.Equal(["age_years", "sex"], ClinicalSchema.Of(tables.Clinical.Declaration).Columns.Skip(1).Select(column => column.Name));
        Assert.Equal("clinical.csv", tables.Findings.Single(finding => finding.Code == Faults.ClnFile.Code).Path);
        Assert.Equal((2, "unchanged", 4), Told(await Run(null)));
        Assert.Equal((3, "published", 4), Told(await Run(Whole)));
    }

    private static (int Sequence, string Ending, int FromCache) Told(JsonElement run) => (run.GetProperty("sequence").GetInt32(),
        run.GetProperty("ending").GetString()!, run.GetProperty("scans_from_cache").GetInt32());

    private async Task<PublishedTables> Tables() => await Warehouse.ReadTables(Warehouse.OpenForReading(_temp["tables"]).Current!, Token);

    /// <param name="text">Of the clinical file; null for none.</param>
    /// <param name="columns">As pipelines.yaml declares them; null declares no file.</param>
    private async Task<JsonElement> Run(string? text, string? columns = Columns)
    {
        File.Delete(_temp["clinical.csv"]);
        if (text is not null) File.WriteAllText(_temp["clinical.csv"], text);
        string clinical = columns is null ? "" : $", clinical: [{{path: clinical.csv, key: subject_id, key_column: participant, columns: [{columns}]}}]";
        _temp.File("pipelines.yaml",
            $"version: 1\npipelines:\n  a:\n    source: {{path: {dataset.Sound}{clinical}}}\n    load: {{path: tables}}\n    reference: none\n");
        (_, string output, string error) = await CommandLineTests.Invoke($"run --json --config {_temp["pipelines.yaml"]}");
        Assert.True(output.Length > 0, error);
        return JsonDocument.Parse(output).RootElement.GetProperty("runs")[0];
    }
}
