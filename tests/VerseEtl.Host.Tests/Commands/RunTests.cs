using System.Security.Cryptography;
using System.Text.Json;
using VerseEtl.Host.Commands;

namespace VerseEtl.Host.Tests.Commands;

public sealed class RunTests(SmallDataset dataset) : IDisposable
{
    private static readonly string[] Tables = ["audit", "dataset_statistics", "findings", "label_statistics", "pairs", "scans", "spines", "vertebrae"];

    private readonly TempFolder _temp = new();

    private string Output => Path.Join(_temp.Path, "tables");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_run_publishes_every_table_and_says_where()
    {
        (int code, string output, _) = await Run(dataset.Sound);
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("4 found", output, StringComparison.Ordinal);
        Assert.Contains($"tables     {Output}/current", output, StringComparison.Ordinal);
        foreach (string table in Tables) Assert.Single(Directory.GetFiles(Path.Join(Output, "current", table), "*.parquet"));
    }

    [Fact]
    public async Task A_folder_of_masks_is_read_as_a_dataset_of_ones_own_and_the_plan_says_by_which_rule()
    {
        string own = _temp.Folder("own");
        string mask = Directory.GetFiles(dataset.Sound, "*_seg-vert_msk.nii.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        File.Copy(mask, Path.Join(own, "a_mask.nii.gz"));
        string line = $"--source {own} --output {Output} --dataset mine";
        (_, string plan, _) = await CommandLineTests.Invoke($"plan {line}");
        Assert.Contains("  folder     . (mine/training): 1 scan, paired by endings", plan, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await CommandLineTests.Invoke($"run {line}")).Code);
        Assert.Contains("mine/training/a,", (await CommandLineTests.Invoke($"export scans -w {Output}")).Out, StringComparison.Ordinal);
        string verse = line.Replace("mine", "verse19", StringComparison.Ordinal);
        Assert.Contains("--dataset: 'verse19' is VerSe's own", (await CommandLineTests.Invoke($"plan {verse}")).Error, StringComparison.Ordinal);
        (_, _, string unknown) = await CommandLineTests.Invoke($"plan {line} --labels nnunet");
        Assert.Contains("--labels must be verse or totalsegmentator", unknown, StringComparison.Ordinal);
        (int code, string output, _) = await CommandLineTests.Invoke($"plan --source {own} --output {Output}");
        Assert.Equal(ExitCode.SourceUnavailable, code);
        Assert.Contains("      - {path: \".\", dataset: mine, split: training}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_summary_fits_a_screen()
    {
        (_, string output, _) = await Run(dataset.Faulty);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 5, 24);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public async Task Unchanged_inputs_publish_nothing_new_and_end_with_the_same_code()
    {
        (int first, _, _) = await Run(dataset.Faulty);
        (int second, string output, _) = await Run(dataset.Faulty);
        Assert.Equal((ExitCode.PublishedWithErrors, ExitCode.PublishedWithErrors), (first, second));
        Assert.Contains("unchanged, snapshot 1 is current", output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Join(Output, "commits"), "*.json"));
    }

    [Theory]
    [InlineData("error", 10)]
    [InlineData("warning", 10)]
    [InlineData("never", 0)]
    public async Task A_bad_scan_never_stops_the_others_and_fail_on_decides_the_code(string failOn, int expected)
    {
        (int code, string output, _) = await Run(dataset.Faulty, $"--fail-on {failOn}");
        Assert.Equal(expected, code);
        Assert.Contains("published, snapshot 1 is current", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warnings_end_with_10_only_on_demand()
    {
        Assert.Equal(ExitCode.Done, (await Run(dataset.Sound)).Code);
        Assert.Equal(ExitCode.PublishedWithErrors, (await Run(dataset.Sound, "--fail-on warning")).Code);
        Assert.Equal(ExitCode.PublishedWithErrors, (await Run(dataset.Sound, "", ("VERSEETL_FAIL_ON", "warning"))).Code);
    }

    [Fact]
    public async Task Any_parallelism_gives_the_same_bytes()
    {
        (int one, _, _) = await Invoke($"run --source {dataset.Faulty} --output {Output}1 --parallelism 1 --quiet");
        (int five, _, _) = await Invoke($"run --source {dataset.Faulty} --output {Output}5 --parallelism 5 --quiet");
        Assert.Equal((10, 10), (one, five));
        Assert.Equal(Hashes(Output + "1"), Hashes(Output + "5"));
    }

    [Fact]
    public async Task Json_is_one_object_with_everything_the_summary_says()
    {
        (int code, string output, string error) = await Run(dataset.Faulty, "--json");
        JsonElement answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal(code, answer.GetProperty("exit_code").GetInt32());
        JsonElement run = answer.GetProperty("runs")[0];
        Assert.Equal("published", run.GetProperty("ending").GetString());
        Assert.Equal(run.GetProperty("scans_found").GetInt32(), run.GetProperty("rows").GetProperty("scans").GetInt32());
        Assert.Equal("error", run.GetProperty("findings")[0].GetProperty("severity").GetString());
        Assert.Empty(error);
    }

    [Fact]
    public async Task A_source_that_lost_scans_publishes_nothing_until_that_is_accepted()
    {
        string source = Path.Join(_temp.Path, "copy");
        SmallDataset.Copy(dataset.Sound, source);
        Assert.Equal(ExitCode.Done, (await Run(source)).Code);
        foreach (string folder in Directory.GetDirectories(source, "sub-verse907*", SearchOption.AllDirectories)) Directory.Delete(folder, recursive: true);
        (int code, string output, _) = await Run(source);
        Assert.Equal(ExitCode.Breaker, code);
        Assert.Contains("3 of the previous snapshot's 4 scans were found again", output, StringComparison.Ordinal);
        Assert.Contains("--accept-shrink", output, StringComparison.Ordinal);
        Assert.EndsWith("0000000001", Directory.ResolveLinkTarget(Path.Join(Output, "current"), true)!.Name.Split('-')[0], StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await Run(source, "--accept-shrink")).Code);
        Assert.Equal(2, Directory.GetFiles(Path.Join(Output, "commits"), "*.json").Length);
    }

    [Fact]
    public async Task A_folder_that_the_snapshot_had_and_that_is_empty_now_ends_with_41()
    {
        string source = Path.Join(_temp.Path, "copy");
        SmallDataset.Copy(dataset.Sound, source);
        await Run(source);
        Directory.Delete(Path.Join(source, "dataset-verse19validation"), recursive: true);
        (int code, string output, _) = await Run(source);
        Assert.Equal(ExitCode.SourceUnavailable, code);
        Assert.Contains("scans of verse19/validation, as in the previous snapshot", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await Run(source, "--accept-shrink")).Code);
    }

    [Fact]
    public async Task Only_what_changed_is_measured_again_and_full_and_verify_measure_and_hash_all()
    {
        string source = Path.Join(_temp.Path, "copy");
        SmallDataset.Copy(dataset.Sound, source);
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await Task.Delay(2_500, TestContext.Current.CancellationToken); // the change time has to settle, and only the kernel sets it
        Assert.Equal(0, await FromCache(source));
        Assert.Equal(4, await FromCache(source));
        Assert.Equal(4, await FromCache(source, "--verify"));
        Assert.Equal(0, await FromCache(source, "--full"));
        string centroids = Directory.GetFiles(source, "sub-verse902*ctd.json", SearchOption.AllDirectories).Single();
        File.WriteAllText(centroids, File.ReadAllText(centroids) + " ");
        Assert.Equal(3, await FromCache(source));
    }

    [Fact]
    public async Task A_run_from_stored_results_publishes_the_same_bytes_as_one_that_measures()
    {
        string source = Path.Join(_temp.Path, "copy");
        SmallDataset.Copy(dataset.Faulty, source);
        await Run(source);
        Directory.Delete(Path.Join(Output, "commits"), recursive: true);
        Directory.Delete(Path.Join(Output, "snapshots"), recursive: true);
        File.Delete(Path.Join(Output, "proven.json")); // the last that knows of them
        (_, string output, _) = await Run(source, "--verify");
        Assert.Contains("unchanged since an earlier run", output, StringComparison.Ordinal);
        await Invoke($"run --source {source} --output {Output}2 --quiet");
        Assert.Equal(Hashes(Output + "2"), Hashes(Output));
    }

    [Fact]
    public async Task A_configured_folder_that_is_missing_ends_with_41_and_touches_nothing()
    {
        string yaml = _temp.File("p.yaml", $"version: 1\npipelines:\n  a:\n    source:\n      path: {dataset.Sound}\n      folders:\n"
            + $"      - {{path: dataset-verse19training, dataset: verse19, split: training}}\n"
            + $"      - {{path: unmounted, dataset: verse19, split: test}}\n    load: {{path: tables}}\n");
        (int code, string output, _) = await Invoke($"run --config {yaml} --quiet");
        Assert.Equal(ExitCode.SourceUnavailable, code);
        Assert.Contains("TREE_FOLDER_MISSING", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public async Task A_source_that_must_be_mounted_and_is_not_ends_with_41()
    {
        string yaml = _temp.File("p.yaml", $"version: 1\npipelines:\n  a:\n"
            + $"    source: {{path: {dataset.Sound}, require_mount: true}}\n    load: {{path: tables}}\n");
        (int code, string output, _) = await Invoke($"run --config {yaml} --quiet");
        Assert.Equal(ExitCode.SourceUnavailable, code);
        Assert.Contains("is not mounted", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warehouse_that_cannot_be_made_ends_with_40_before_any_scan_is_read()
    {
        string file = _temp.File("tables", "not a folder");
        (int code, string output, string error) = await Invoke($"run --source {dataset.Sound} --output {file}/deeper");
        Assert.Equal(ExitCode.Storage, code);
        Assert.Contains("STO_", output, StringComparison.Ordinal);
        Assert.DoesNotContain("measuring", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_worst_of_several_pipelines_decides_the_code()
    {
        string yaml = _temp.File("p.yaml", $"version: 1\npipelines:\n  gone: {{source: {{path: nowhere}}, load: {{path: one}}}}\n"
            + $"  good: {{source: {{path: {dataset.Sound}}}, load: {{path: two}}}}\n");
        (int code, string output, _) = await Invoke($"run --config {yaml} --quiet");
        Assert.Equal(ExitCode.SourceUnavailable, code);
        Assert.Contains("good: published, snapshot 1 is current", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await Invoke($"run good --config {yaml} --quiet")).Code);
    }

    [Fact]
    public async Task A_plan_counts_scans_and_writes_nothing()
    {
        (int code, string output, _) = await Invoke($"plan --source {dataset.Sound} --output {Output}");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("4: 4 new, 0 known, 0 gone", output, StringComparison.Ordinal);
        Assert.Contains("4 to measure, 0 to hash", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
        await Run(dataset.Sound);
        (_, output, _) = await Invoke($"plan --source {dataset.Sound} --output {Output}");
        Assert.Contains("4: 0 new, 4 known, 0 gone", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_look_like_markup_or_control_codes_are_shown_as_they_are()
    {
        string source = Path.Join(_temp.Path, "we[red]ird\u001b[31m");
        SmallDataset.Copy(dataset.Faulty, source);
        StringWriter output = new();
        int code = await CommandTree.Invoke(["run", "--source", source, "--output", source + "-tables", "--quiet"],
            new Terminal(output, new StringWriter()), TimeProvider.System);
        Assert.Equal(10, code);
        Assert.Contains("we[red]ird\\u001b[31m-tables/current", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output.ToString());
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    public async Task A_narrow_terminal_cuts_lines_and_loses_no_verdict(int width)
    {
        StringWriter output = new();
        Terminal terminal = new(output, new StringWriter()) { Width = width, Environment = name => name == "NO_COLOR" ? "1" : null };
        await CommandTree.Invoke(["run", "--source", dataset.Faulty, "--output", Output, "--quiet"], terminal, TimeProvider.System);
        Assert.Contains("exit 10", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[3", output.ToString(), StringComparison.Ordinal);
    }

    private async Task<int> FromCache(string source, string more = "")
    {
        (_, string output, _) = await Run(source, "--json " + more);
        return JsonDocument.Parse(output).RootElement.GetProperty("runs")[0].GetProperty("scans_from_cache").GetInt32();
    }

    private Task<(int Code, string Out, string Error)> Run(string source, string more = "", params (string Name, string Value)[] environment) =>
        Invoke($"run --source {source} --output {Output} --quiet {more}", environment);

    private static Task<(int Code, string Out, string Error)> Invoke(string line, params (string Name, string Value)[] environment) =>
        CommandLineTests.Invoke(line, environment);

    private static IEnumerable<string> Hashes(string warehouse) =>
        from table in Tables
        from file in Directory.GetFiles(Path.Join(warehouse, "current", table))
        select $"{table}/{Path.GetFileName(file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}";
}
