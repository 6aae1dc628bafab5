using System.Text.Json;

namespace VerseEtl.Host.Tests.Commands;

/// <summary>Two snapshots of a small dataset; each test works on its own copy of the warehouse.</summary>
public sealed class WarehouseCommandsTests(WarehouseCommandsTests.TwoSnapshots two) : IClassFixture<WarehouseCommandsTests.TwoSnapshots>, IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Snapshots_are_listed_with_what_changed()
    {
        (int code, string output, _) = await Invoke("snapshots");
        Assert.Equal(ExitCode.Done, code);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Contains("4 scans (0 failed)", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("the oldest", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("*      2", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("0 added, 0 removed, 1 changed", lines[0], StringComparison.Ordinal);
        JsonElement newest = (await Json("snapshots")).GetProperty("snapshots")[0];
        Assert.True(newest.GetProperty("current").GetBoolean());
        Assert.Equal(4, newest.GetProperty("rows").GetProperty("scans").GetInt32());
        Assert.Equal(1, newest.GetProperty("changes").GetProperty("changed").GetInt32());
    }

    [Fact]
    public async Task Verify_names_a_damaged_file_and_ends_with_50()
    {
        Assert.Equal(ExitCode.Done, (await Invoke("snapshots verify")).Code);
        string file = Directory.GetFiles(Path.Join(Copy, "snapshots"), "vertebrae-0000000001-*.parquet", SearchOption.AllDirectories).Single();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.Delete(file);
        File.WriteAllBytes(file, bytes);
        (int code, string output, _) = await Invoke("snapshots verify");
        Assert.Equal(ExitCode.Integrity, code);
        Assert.Contains("snapshot 1 vertebrae/vertebrae-0000000001-00000.parquet: SHA-256", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await Invoke("snapshots verify --sequence 2")).Code);
        Assert.Equal(ExitCode.Integrity, (await Invoke("snapshots verify --sequence 1 --json")).Code);
        Assert.Equal(ExitCode.Configuration, (await Invoke("snapshots verify --sequence 9")).Code);
    }

    [Fact]
    public async Task A_picture_that_is_gone_is_named_where_scans_are_asked_for()
    {
        Assert.Equal(ExitCode.Done, (await Invoke("path scans --verify")).Code);
        string[] pictures = Directory.GetFiles(Path.Join(Copy, "pictures"));
        foreach (string picture in pictures) File.Delete(picture);
        (int code, _, string error) = await Invoke("path scans --verify");
        Assert.Equal(ExitCode.Integrity, code);
        Assert.Contains(".png: it is missing", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Integrity, (await Invoke("snapshots verify")).Code);
        Assert.Equal(ExitCode.Done, (await Invoke("path vertebrae --verify")).Code);
        Assert.Equal(ExitCode.Done, (await Invoke("path scans")).Code);
    }

    [Fact]
    public async Task Prune_keeps_what_retention_covers()
    {
        Assert.Contains("nothing to remove", (await Invoke("snapshots prune")).Out, StringComparison.Ordinal);
        Assert.Contains("must be a whole number from 2", (await Invoke("snapshots prune --keep-snapshots 1")).Error, StringComparison.Ordinal);
        Assert.Contains("must be a whole number from 1", (await Invoke("snapshots prune --keep-days 0")).Error, StringComparison.Ordinal);
        await Invoke("rollback 1");
        const string Prune = "snapshots prune --keep-snapshots 2 --keep-days 1";
        Assert.Contains("would remove 1: 1", (await InTwoDays(Prune + " --dry-run")).Out, StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetDirectories(Path.Join(Copy, "snapshots")).Length);
        Assert.Contains("removed 1: 1", (await InTwoDays(Prune)).Out, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetDirectories(Path.Join(Copy, "snapshots")).Length);
        Assert.Contains("there is no snapshot 1", (await Invoke("rollback 1")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_snapshot_is_never_pruned_and_goes_by_its_name_everywhere()
    {
        Assert.Contains("names/paper-2026", (await Invoke("snapshots tag paper-2026 1")).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await Invoke("snapshots tag paper-2026 1")).Code);
        Assert.Contains("is another snapshot's", (await Invoke("snapshots tag paper-2026 2")).Error, StringComparison.Ordinal);
        foreach (string bad in new[] { "7d", "1", "current", "2026-01-01", "a/b" })
            Assert.Equal(ExitCode.Configuration, (await Invoke($"snapshots tag {bad} 1")).Code);
        await Invoke("rollback 1");
        foreach (string dry in new[] { " --dry-run", "" })
            Assert.Contains("nothing to remove", (await InTwoDays("snapshots prune --keep-snapshots 2 --keep-days 1" + dry)).Out, StringComparison.Ordinal);
        Assert.Contains(", paper-2026", (await Invoke("snapshots")).Out, StringComparison.Ordinal);
        Assert.Contains("scans-0000000001", (await Invoke("path scans --sequence paper-2026")).Out, StringComparison.Ordinal);
        Assert.Contains("no row differs", (await Invoke("diff paper-2026 current")).Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Join(Copy, "names", "paper-2026", "manifest.json")));
        Assert.Contains("no longer paper-2026", (await Invoke("snapshots untag paper-2026")).Out, StringComparison.Ordinal);
        Assert.Contains("removed 1: 1", (await InTwoDays("snapshots prune --keep-snapshots 2 --keep-days 1")).Out, StringComparison.Ordinal);
        Assert.Contains("there is no name", (await Invoke("snapshots untag paper-2026")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_is_found_by_its_day_and_its_age()
    {
        string today = DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        foreach (string which in new[] { "current", "2", "0d", today, "2100-01-01", "2100-01-01T00:00Z" })
            Assert.Contains("scans-0000000002", (await Invoke($"path scans --snapshot {which}")).Out, StringComparison.Ordinal);
        Assert.Contains("no snapshot is as old as 7d", (await Invoke("path scans --snapshot 7d")).Error, StringComparison.Ordinal);
        Assert.Contains("no snapshot is as old as 2020-01-01", (await Invoke("diff 2020-01-01")).Error, StringComparison.Ordinal);
        Assert.Contains("there is no snapshot 'yesterday'", (await Invoke("export scans --sequence yesterday")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_of_the_last_run_are_listed_by_severity_and_filtered()
    {
        JsonElement all = (await Json("findings")).GetProperty("findings");
        Assert.NotEqual(0, all.GetArrayLength());
        string[] severities = [.. all.EnumerateArray().Select(finding => finding.GetProperty("severity").GetString()!)];
        Assert.Equal(severities.OrderBy(word => Array.IndexOf(["error", "warning", "info"], word)), severities);
        JsonElement of902 = (await Json("findings --scan sub-verse902")).GetProperty("findings");
        Assert.All(of902.EnumerateArray(), finding => Assert.Equal("verse19/training/sub-verse902", finding.GetProperty("scan_key").GetString()));
        Assert.Equal(of902.GetArrayLength(), (await Json("findings --scan *training/*902")).GetProperty("findings").GetArrayLength());
        Assert.InRange(of902.GetArrayLength(), 1, all.GetArrayLength() - 1);
        int before = (await Json("findings --sequence 1 --scan *902")).GetProperty("findings").GetArrayLength();
        Assert.NotEqual(before, of902.GetArrayLength());
        Assert.All((await Json("findings --severity warning")).GetProperty("findings").EnumerateArray(),
            finding => Assert.NotEqual("info", finding.GetProperty("severity").GetString()));
        Assert.All((await Json("findings --code CTD_*")).GetProperty("findings").EnumerateArray(),
            finding => Assert.StartsWith("CTD_", finding.GetProperty("code").GetString(), StringComparison.Ordinal));
        Assert.Equal(0, (await Json("findings --level L6")).GetProperty("findings").GetArrayLength());
        (_, string csv, _) = await Invoke("findings --csv --scan *902");
        Assert.Equal(of902.GetArrayLength() + 1, csv.TrimEnd().Split('\n').Length);
        Assert.StartsWith("code,severity,scan_key,", csv, StringComparison.Ordinal);
        Assert.Contains("must be a vertebra", (await Invoke("findings --level Q9")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollback_publishes_the_old_rows_anew_and_release_ends_the_hold()
    {
        (int code, string output, _) = await Invoke("rollback 1");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("snapshot 3 is current, with the content of 1", output, StringComparison.Ordinal);
        Assert.EndsWith("no row differs", (await Invoke("diff 1 3")).Out.Trim(), StringComparison.Ordinal);
        (_, output, _) = await Invoke("snapshots");
        Assert.Contains("rolled back to 1", output, StringComparison.Ordinal);
        Assert.Contains("scheduled runs skip until `release`", output, StringComparison.Ordinal);
        Assert.Contains("rolled back", (await Invoke("runs")).Out, StringComparison.Ordinal);
        Assert.True((await Json("release")).GetProperty("released").GetBoolean());
        Assert.Contains("there was no hold", (await Invoke("release")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_names_the_rows_that_changed()
    {
        (_, string output, _) = await Invoke("diff 1 2");
        Assert.Contains("scans: 0 added, 0 removed, 1 changed", output, StringComparison.Ordinal);
        Assert.Contains("~ verse19/training/sub-verse902", output, StringComparison.Ordinal);
        Assert.Equal(output, (await Invoke("diff")).Out);
        Assert.Equal(output, (await Invoke("diff 1")).Out);
        JsonElement tables = (await Json("diff 1 2")).GetProperty("tables");
        JsonElement Changed(string name) =>
            tables.EnumerateArray().Single(table => table.GetProperty("table").GetString() == name).GetProperty("changed");
        JsonElement row = Assert.Single(Changed("scans").EnumerateArray());
        Assert.Equal("verse19/training/sub-verse902", row.GetProperty("key").GetProperty("scan_key").GetString());
        Assert.Contains(row.GetProperty("cells").EnumerateArray(), cell => cell.GetProperty("column").GetString() == "centroid_sha256"
            && cell.GetProperty("before").GetString() != cell.GetProperty("after").GetString());
        JsonElement point = Changed("vertebrae")[0];
        Assert.Equal(JsonValueKind.Number, point.GetProperty("key").GetProperty("label").ValueKind);
        Assert.Contains(point.GetProperty("cells").EnumerateArray(), cell => cell.GetProperty("column").GetString() == "annotated_x_mm"
            && cell.GetProperty("after").ValueKind == JsonValueKind.Null);
        Assert.Equal(ExitCode.Configuration, (await Invoke("diff 1 7")).Code);
        string page = Path.Join(_temp.Path, "diff.html");
        Assert.Equal(output, (await Invoke($"diff --html {page}")).Out);
        Assert.Contains("<h1>Snapshot 1 to 2</h1>", File.ReadAllText(page), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Configuration, (await Invoke($"diff --html {Copy}/current/diff.html")).Code);
    }

    [Fact]
    public async Task Every_answer_in_json_begins_with_its_exit_code()
    {
        foreach (string line in new[]
        {
            "runs", "runs show zz", "findings", "snapshots", "snapshots verify", "snapshots prune --dry-run", "snapshots untag none", "diff", "gc",
            "path scans", "export scans", "audit", "release", "rollback 9",
        })
        {
            (int code, string output, string error) = await Invoke(line + " --json");
            JsonProperty first = JsonDocument.Parse(output).RootElement.EnumerateObject().First();
            Assert.Equal((line, "exit_code", code, ""), (line, first.Name, first.Value.GetInt32(), error));
        }
        foreach (string line in new[] { "schema", "completion zsh", "nonsense" })
            Assert.StartsWith("{\n  \"exit_code\": ", (await CommandLineTests.Invoke(line + " --json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_prints_files_that_exist_one_a_line()
    {
        (_, string output, _) = await Invoke("path vertebrae");
        string file = Assert.Single(output.TrimEnd().Split('\n'));
        Assert.True(File.Exists(file));
        Assert.Contains("vertebrae-0000000002-", file, StringComparison.Ordinal);
        Assert.Contains("scans-0000000001-", (await Json("path scans --sequence 1")).GetProperty("files")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("there is no table 'vertebra'; did you mean 'vertebrae'?", (await Invoke("path vertebra")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_listed_and_one_is_told_in_full()
    {
        (_, string output, _) = await Invoke("runs");
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains("unchanged", lines[0], StringComparison.Ordinal);
        string id = lines[2].Split(' ')[0];
        (int code, output, _) = await Invoke($"runs show {id}");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("ended      published, exit 0", output, StringComparison.Ordinal);
        Assert.Contains("4 found: ", output, StringComparison.Ordinal);
        Assert.Equal(id, (await Json($"runs show {id[..^2]}")).GetProperty("run").GetProperty("run_id").GetString());
        Assert.Contains("there is no run 'zz'", (await Invoke("runs show zz")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_writes_every_row_and_never_into_the_warehouse()
    {
        (_, string output, _) = await Invoke("export scans");
        Assert.Equal(5, output.TrimEnd().Split("\r\n").Length);
        Assert.StartsWith("scan_key,", output, StringComparison.Ordinal);
        string file = Path.Join(_temp.Path, "scans.csv");
        (int code, string said, _) = await Invoke($"export scans --format csv --to {file}");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("4 rows of scans, snapshot 2", said, StringComparison.Ordinal);
        Assert.Equal(output, File.ReadAllText(file));
        string arrow = Path.Join(_temp.Path, "scans.arrow");
        Assert.Equal(ExitCode.Done, (await Invoke($"export scans --format arrow --to {arrow}")).Code);
        Assert.StartsWith("ARROW1", File.ReadAllText(arrow), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Configuration, (await Invoke("export scans --format arrow")).Code);
        Assert.Equal(ExitCode.Configuration, (await Invoke($"export scans --to {Copy}/current/scans.csv")).Code);
        Assert.Equal(ExitCode.Storage, (await Invoke($"export scans --to {_temp.Path}/none/scans.csv")).Code);
        Assert.Contains("--format must be csv or arrow", (await Invoke("export scans --format xlsx")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_takes_a_warehouse_as_well()
    {
        (int code, string output, _) = await Invoke("audit");
        Assert.Equal(ExitCode.Done, code);
        Assert.StartsWith("audit: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipeline_stands_for_its_warehouse_and_may_be_left_out_where_there_is_one()
    {
        string yaml = _temp.File("p.yaml", $"version: 1\npipelines:\n  a: {{source: {{path: s}}, load: {{path: {Copy}}}}}\n");
        string[] ways = [$"path scans a --config {yaml}", $"path scans --config {yaml}", $"path scans -w {Copy}"];
        foreach (string way in ways) Assert.Contains("scans-0000000002", (await CommandLineTests.Invoke(way)).Out, StringComparison.Ordinal);
        Assert.Contains("scans-0000000002", (await CommandLineTests.Invoke("path scans", ("VERSEETL_OUTPUT", Copy))).Out, StringComparison.Ordinal);
        Assert.Contains("there is no pipeline 'b'", (await CommandLineTests.Invoke($"path scans b --config {yaml}")).Error, StringComparison.Ordinal);
        Assert.Contains("exclude each other", (await CommandLineTests.Invoke($"path scans a -w {Copy}")).Error, StringComparison.Ordinal);
        File.AppendAllText(yaml, "  b: {source: {path: s}, load: {path: v}}\n");
        Assert.Contains("name one pipeline of", (await CommandLineTests.Invoke($"export scans --config {yaml}")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_name_every_pipeline_is_told_of_and_a_run_is_found_in_the_one_that_has_it()
    {
        string yaml = _temp.File("p.yaml", $$"""
            version: 1
            pipelines:
              a: {source: {path: s}, load: {path: {{Copy}} } }
              b: {source: {path: s}, load: {path: {{_temp.Path}}/v } }

            """);
        (int code, string output, _) = await CommandLineTests.Invoke($"runs --config {yaml}");
        Assert.Equal(ExitCode.Done, code);
        Assert.StartsWith($"a: {Copy}\n2", output, StringComparison.Ordinal);
        Assert.Contains($"b: {_temp.Path}/v\nb has not run yet", output, StringComparison.Ordinal);
        string id = output.Split('\n')[1].Split(' ')[0];
        Assert.Contains($"run        {id}\n", (await CommandLineTests.Invoke($"runs show {id} --config {yaml}")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("b: ", (await CommandLineTests.Invoke($"findings --run {id} --config {yaml}")).Out, StringComparison.Ordinal);
        Assert.Contains("no pipeline has a run 'zz'", (await CommandLineTests.Invoke($"runs show zz --config {yaml}")).Error, StringComparison.Ordinal);
        Assert.Contains("\n*      2", (await CommandLineTests.Invoke($"snapshots --config {yaml}")).Out, StringComparison.Ordinal);

        (code, output, string error) = await CommandLineTests.Invoke($"path scans --config {yaml}");
        Assert.Equal(ExitCode.Storage, code);
        Assert.True(File.Exists(Assert.Single(output.TrimEnd().Split('\n'))));
        Assert.Contains("b has not run yet", error, StringComparison.Ordinal);
        JsonElement told = JsonDocument.Parse((await CommandLineTests.Invoke($"path scans --json --config {yaml}")).Out).RootElement;
        Assert.Equal(ExitCode.Storage, told.GetProperty("exit_code").GetInt32());
        Assert.Equal(["a", "b"], told.GetProperty("pipelines").EnumerateArray().Select(each => each.GetProperty("pipeline").GetString()));
        Assert.Equal([0, ExitCode.Storage], told.GetProperty("pipelines").EnumerateArray().Select(each => each.GetProperty("exit_code").GetInt32()));
        Assert.Contains("--csv has no column for the pipeline; name one", (await CommandLineTests.Invoke($"findings --csv --config {yaml}")).Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("snapshots")]
    [InlineData("snapshots verify")]
    [InlineData("snapshots prune")]
    [InlineData("rollback 1")]
    [InlineData("release")]
    [InlineData("diff 1 2")]
    [InlineData("path scans")]
    [InlineData("runs")]
    [InlineData("findings")]
    [InlineData("export scans")]
    [InlineData("report sub-verse902 -o /none/r.html")]
    public async Task A_folder_that_is_no_warehouse_is_told_and_stays_as_it_is(string line)
    {
        (int code, _, string error) = await CommandLineTests.Invoke($"{line} -w {_temp.Path}");
        Assert.Equal(ExitCode.Storage, code);
        Assert.Contains("is no warehouse", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
    }

    private string Copy
    {
        get
        {
            string copy = Path.Join(_temp.Path, "w");
            if (!Directory.Exists(copy)) two.CopyTo(copy);
            return copy;
        }
    }

    private Task<(int Code, string Out, string Error)> Invoke(string line) => CommandLineTests.Invoke($"{line} -w {Copy}");

    private Task<(int Code, string Out, string Error)> InTwoDays(string line) =>
        CommandLineTests.Invoke($"{line} -w {Copy}", new FixedTime(DateTimeOffset.UtcNow.AddDays(2)));

    private async Task<JsonElement> Json(string line) => JsonDocument.Parse((await Invoke(line + " --json")).Out).RootElement;

    public sealed class TwoSnapshots : IDisposable
    {
        private readonly TempFolder _temp = new();

        public TwoSnapshots(SmallDataset dataset)
        {
            string source = Path.Join(_temp.Path, "s");
            SmallDataset.Copy(dataset.Sound, source);
            Run(source);
            string centroids = Directory.GetFiles(source, "sub-verse902*ctd.json", SearchOption.AllDirectories).Single();
            File.WriteAllText(centroids, "[{\"direction\": [\"P\", \"I\", \"R\"]}]");
            Run(source);
            Run(source);
        }

        public void CopyTo(string path)
        {
            using System.Diagnostics.Process copy = System.Diagnostics.Process.Start("cp", ["-a", Path.Join(_temp.Path, "w"), path]);
            copy.WaitForExit();
        }

        public void Dispose() => _temp.Dispose();

        private void Run(string source) =>
            Assert.InRange(CommandLineTests.Invoke($"run --source {source} --output {_temp.Path}/w --quiet").GetAwaiter().GetResult().Code, 0, 10);
    }
}
