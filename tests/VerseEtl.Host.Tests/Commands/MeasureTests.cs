using System.Security.Cryptography;
using System.Text.Json;
using Serilog.Core;
using VerseEtl.Extract;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Commands;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Commands;

/// <summary>What engines call: plan, measure parts anywhere, publish what was measured. The tables are byte for byte those of one process.</summary>
public sealed class MeasureTests(SmallDataset dataset) : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Output => Path.Join(_temp.Path, "tables");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Parts_measured_into_the_warehouse_by_twins_and_published_are_the_tables_of_one_process()
    {
        string one = await Alone(dataset.Faulty);
        (int none, string told, _) = await Invoke($"run --measured-only --source {dataset.Faulty} --output {Output}");
        Assert.Equal(ExitCode.Breaker, none);
        Assert.Contains("not measured: verse19/training/sub-verse902", told, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Join(Output, "commits"), "*.json"));

        (int Code, string Out, string Error)[] parts = await Task.WhenAll(new[] { 1, 1, 2, 3, 3, 99 }.Select(part =>
            Task.Run(() => Invoke($"measure --source {dataset.Faulty} --output {Output} --quiet --shard {part}/{(part == 99 ? 99 : 3)}"))));
        // also with scans that failed, and where the part is empty
        Assert.All(parts, part => Assert.True(part.Code == ExitCode.Done, part.Out + part.Error));
        Assert.Empty(Directory.GetFiles(Path.Join(Output, "commits"), "*.json"));
        (int code, string output, _) = await Invoke($"run --measured-only --source {dataset.Faulty} --output {Output} --json");
        Assert.Equal(ExitCode.PublishedWithErrors, code);
        JsonElement run = JsonDocument.Parse(output).RootElement.GetProperty("runs")[0];
        Assert.Equal((0, 0), (run.GetProperty("bytes_read").GetInt64(), run.GetProperty("scans_hashed").GetInt32()));
        Assert.Equal(Tables(one), Tables(Output));
        Assert.Equal(Pictures(one), Pictures(Output));
    }

    [Fact]
    public async Task A_source_that_is_missing_leaves_no_folder_for_results()
    {
        string results = Path.Join(_temp.Path, "results");
        (int code, _, _) = await Invoke($"measure --source {Path.Join(_temp.Path, "none")} --output {Output} --quiet --out {results}");
        Assert.NotEqual(ExitCode.Done, code);
        Assert.False(Directory.Exists(results));
    }

    [Fact]
    public async Task Folders_that_overlap_and_are_damaged_are_merged_and_what_lacks_is_named_until_it_is_measured_again()
    {
        string one = await Alone(dataset.Sound), a = Path.Join(_temp.Path, "a"), b = Path.Join(_temp.Path, "b");
        Assert.Equal(ExitCode.Done, (await Measure($"--shard 1/2 --out {a}")).Code);
        Assert.Equal(ExitCode.Done, (await Measure($"--out {b}")).Code);
        Assert.False(Directory.Exists(Output));
        string[] twice = [.. Entries(b).Where(entry => Entries(a).Any(other => Path.GetFileName(other) == Path.GetFileName(entry)))];
        string[] once = [.. Entries(b).Except(twice)];
        Assert.True(twice.Length > 0 && once.Length > 1);
        foreach (string entry in new[] { twice[0], once[0] })
        {
            byte[] bytes = File.ReadAllBytes(entry);
            bytes[^40] ^= 1;
            File.WriteAllBytes(entry, bytes);
        }
        File.Delete(once[1]);
        string[] before = [.. Entries(b).Select(Sha)];

        string publish = $"run --measured-only --source {dataset.Sound} --output {Output} --from {a} {b}";
        (int code, string output, _) = await Invoke(publish);
        Assert.Equal(ExitCode.Breaker, code);
        Assert.Contains("2 scans have no stored result", output, StringComparison.Ordinal);
        Assert.Equal(before, Entries(b).Select(Sha));
        // the damaged entry is measured again, the sound ones are not
        (code, output, _) = await Measure($"--out {b}");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("4 of 4 scans, 3 measured, 1 stored before, 0 failed", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await Invoke(publish)).Code);
        Assert.Equal(Tables(one), Tables(Output));
        Assert.Equal(Pictures(one), Pictures(Output));
        Assert.Equal(ExitCode.Done, (await Invoke(publish)).Code);
        Assert.Single(Directory.GetFiles(Path.Join(Output, "commits"), "*.json"));

        (code, _, string error) = await Invoke(publish.Replace(a, _temp.Path + "/typo", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Configuration, code);
        Assert.DoesNotContain("unexpected", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_has_every_scan_with_files_bytes_and_work_and_can_be_measured_part_by_part_or_by_keys()
    {
        JsonElement[] plan = await Plan(dataset.Sound);
        Assert.Equal(4, plan.Length);
        Assert.All(plan, scan => Assert.Equal("measure", scan.GetProperty("work").GetString()));
        foreach (JsonElement scan in plan)
        {
            JsonElement[] files = [.. scan.GetProperty("files").EnumerateArray()];
            Assert.All(files, file => Assert.Equal(new FileInfo(Path.Join(dataset.Sound, file.GetProperty("path").GetString())).Length,
                file.GetProperty("bytes").GetInt64()));
            Assert.Equal(files.Sum(file => file.GetProperty("bytes").GetInt64()), scan.GetProperty("bytes").GetInt64());
        }
        string list = Path.Join(_temp.Path, "plan.jsonl"), keys = Path.Join(_temp.Path, "keys");
        File.WriteAllLines(list, plan.Select(scan => scan.GetRawText()));
        File.WriteAllText(keys, plan[2].GetProperty("key").GetString() + "\n\n");
        // an array task reads its part of the list, as SLURM numbers it
        (int code, string output, string error) = await Measure($"--output {Output} --scans {list}", ("SLURM_ARRAY_TASK_ID", "11"),
            ("SLURM_ARRAY_TASK_MIN", "10"), ("SLURM_ARRAY_TASK_MAX", "11"), ("SLURM_ARRAY_TASK_COUNT", "2"));
        Assert.True(code == ExitCode.Done, output + error);
        Assert.Contains("ad-hoc: part 2/2: ", output, StringComparison.Ordinal);
        (_, output, _) = await Measure($"--output {Output} --scans {keys} --shard 1/1");
        Assert.Contains("1 of 4 scans", output, StringComparison.Ordinal);
        (_, output, _) = await Measure($"--output {Output} --participant-label sub-verse902 verse912");
        Assert.Contains("2 of 4 scans", output, StringComparison.Ordinal);
        (code, output, _) = await Measure($"--output {Output} --scans {list} --shard 1/2");
        Assert.Equal(ExitCode.Done, code);
        Assert.All(await Plan(dataset.Sound), scan => Assert.Equal("take", scan.GetProperty("work").GetString()));
    }

    [Fact]
    public async Task A_host_whose_source_or_warehouse_is_another_measures_nothing_and_says_why()
    {
        string other = Path.Join(_temp.Path, "other"), list = Path.Join(_temp.Path, "plan.jsonl");
        SmallDataset.Copy(dataset.Sound, other);
        Assert.Equal(ExitCode.Done, (await Invoke($"measure --source {dataset.Sound} --output {Output} --shard 1/9 --quiet")).Code);
        JsonElement[] plan = await Plan(dataset.Sound);
        File.WriteAllLines(list, plan.Select(scan => scan.GetRawText()));
        File.Delete(Directory.GetFiles(other, "sub-verse902*ctd.json", SearchOption.AllDirectories).Single());
        (int code, string output, _) = await Invoke($"measure --source {other} --output {Output} --scans {list} --quiet");
        Assert.Equal(ExitCode.SourceUnavailable, code);
        Assert.Contains("verse19/training/sub-verse902 is not here as it was planned", output, StringComparison.Ordinal);
        (code, output, _) = await Invoke($"measure --source {dataset.Sound} --output {Output}2 --scans {list} --quiet");
        Assert.Equal(ExitCode.Storage, code);
        Assert.Contains("not the warehouse that the scans were planned for", output, StringComparison.Ordinal);
        (code, output, _) = await Measure($"--output {Output} --participant-label verse902 verse000");
        Assert.Equal(ExitCode.SourceUnavailable, code);
        Assert.Contains("no scan of participant verse000", output, StringComparison.Ordinal);
        File.WriteAllText(list, "verse19/training/sub-verse902\nverse19/training/sub-verse000\n");
        Assert.Equal(ExitCode.SourceUnavailable, (await Measure($"--output {Output} --scans {list}")).Code);
        File.WriteAllText(list, "{\"key\": 3}\n");
        Assert.Equal(ExitCode.Configuration, (await Measure($"--output {Output} --scans {list}")).Code);
        Assert.Equal(plan.Select(scan => scan.GetRawText()), (await Plan(dataset.Sound)).Select(scan => scan.GetRawText()));
    }

    [Fact]
    public async Task A_scan_whose_file_cannot_be_read_is_recorded_and_published_as_one_process_would()
    {
        // what is stored under no content is recorded for who only takes what is stored; a run that measures tries it again
        ScanResult Failing(ScanFiles scan, ReadingLimits limits, CancellationToken token) => scan.Key.Text.EndsWith("verse902", StringComparison.Ordinal)
            ? throw new IOException("the disk is gone") : new ScanMeasuring().Measure(scan, limits, token);
        Pipeline shared = PipelineTo(Output), alone = PipelineTo(Path.Join(_temp.Path, "alone"));
        FixedTime time = new(DateTimeOffset.UtcNow.AddHours(1));
        CancellationToken token = TestContext.Current.CancellationToken;
        RunOptions options = new() { AcceptShrink = true };
        await new PipelineRun(alone, options, time, Logger.None) { Measure = Failing }.Execute(null, token);
        MeasureReport measured = await new MeasureRun(shared, new MeasureOptions(), time, Logger.None) { Measure = Failing }.Execute(null, token);
        Assert.Equal((ExitCode.Done, "SRC_UNAVAILABLE"), (measured.ExitCode, Assert.Single(measured.Failed).Code));
        RunReport published = await new PipelineRun(shared, options with { MeasuredOnly = true }, time, Logger.None).Execute(null, token);
        Assert.Equal((ExitCode.PublishedWithErrors, 0), (published.ExitCode, published.NotMeasured.Count));
        Assert.Equal(Tables(alone.Load.Path), Tables(Output));
        RunReport again = await new PipelineRun(shared, options, time, Logger.None).Execute(null, token);
        Assert.Equal((0, 3), (again.ScansFailed, again.ScansFromCache));
    }

    [Theory]
    [InlineData("3/8", 3, 8)]
    [InlineData("0/8", 0, 0)]
    [InlineData("9/8", 0, 0)]
    [InlineData("1", 0, 0)]
    [InlineData("-1/8", 0, 0)]
    [InlineData("1/8/2", 0, 0)]
    public void A_part_is_one_of_so_many_from_1(string text, int number, int count) =>
        Assert.Equal(count == 0 ? null : new Shard(number, count), Shard.Parse(text));

    [Fact]
    public void Parts_hold_every_scan_once_whatever_the_order_and_differ_by_no_more_than_the_largest()
    {
        Random random = new(7);
        PlannedScan[] scans = [.. Enumerable.Range(0, 1000).Select(at =>
            new PlannedScan(Invariant($"d/s/{at:0000}"), [], (long)Math.Pow(10, 3 + 5 * random.NextDouble()), null, null))];
        PlannedScan[] shuffled = [.. scans];
        random.Shuffle(shuffled);
        using ScanPlan sorted = ScanPlan.Of(scans), mixed = ScanPlan.Of([.. shuffled, .. scans.Take(9).Select(scan => scan with { Bytes = 1 })]);
        Assert.Equal(scans.Select(scan => scan.Key), mixed.InKeyOrder().Select(planned => planned.Scan.Key));
        long[] bytes = [.. mixed.InKeyOrder().Select(planned => planned.Scan.Bytes)];
        Assert.Equal(sorted.InKeyOrder().Select(planned => planned.Scan.Bytes), bytes);
        int[][] parts = [.. Enumerable.Range(1, 7).Select(part => new Shard(part, 7).Of(bytes))];
        Assert.Equal(Enumerable.Range(0, scans.Length), parts.SelectMany(part => part).Order());
        long[] loads = [.. parts.Select(part => part.Sum(at => bytes[at]))];
        Assert.InRange(loads.Max() - loads.Min(), 0, scans.Max(scan => scan.Bytes));
        Assert.InRange((double)loads.Max() / loads.Min(), 1, 1.01);
        Assert.Empty(new Shard(1001, 1001).Of(bytes));
    }

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=9 SLURM_ARRAY_TASK_COUNT=9", "7/9")]
    [InlineData("SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=8 SLURM_ARRAY_TASK_STEP=4 SLURM_ARRAY_TASK_COUNT=3", "1/3")]
    [InlineData("SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=3", "gaps")]
    [InlineData("SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_MIN=5 SLURM_ARRAY_TASK_MAX=5 SLURM_ARRAY_TASK_COUNT=1 VERSEETL_SHARDS=9", "1/9")]
    [InlineData("JOB_COMPLETION_INDEX=0 VERSEETL_SHARDS=4", "1/4")]
    [InlineData("JOB_COMPLETION_INDEX=3 VERSEETL_SHARDS=4", "4/4")]
    [InlineData("JOB_COMPLETION_INDEX=4 VERSEETL_SHARDS=4", "of 4")]
    [InlineData("JOB_COMPLETION_INDEX=3", "set VERSEETL_SHARDS")]
    [InlineData("VERSEETL_SHARDS=x", "whole number")]
    [InlineData("HOME=/", "")]
    public void The_part_is_what_the_engine_put_into_the_environment(string environment, string expected)
    {
        Dictionary<string, string> variables = environment.Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        (Shard? shard, string? objection) = ShardChoice.Of(name => variables.GetValueOrDefault(name));
        if (shard is null && expected.Length > 0) Assert.Contains(expected, objection, StringComparison.Ordinal);
        else Assert.Equal(expected, shard?.ToString() ?? "");
    }

    /// <summary>The warehouse of one process over the source.</summary>
    private async Task<string> Alone(string source)
    {
        string output = Path.Join(_temp.Path, "alone");
        (int code, string told, string error) = await Invoke($"run --source {source} --output {output} --quiet");
        Assert.True(code is ExitCode.Done or ExitCode.PublishedWithErrors, told + error);
        return output;
    }

    private Pipeline PipelineTo(string warehouse) => new()
    {
        Name = "test", Source = new Source { Path = dataset.Sound }, Load = new Destination { Path = warehouse },
    };

    private async Task<JsonElement[]> Plan(string source)
    {
        (int code, string output, string error) = await Invoke($"plan --json-lines --source {source} --output {Output}");
        Assert.True(code == ExitCode.Done, error);
        return [.. output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private Task<(int Code, string Out, string Error)> Measure(string more, params (string Name, string Value)[] environment) =>
        Invoke($"measure --source {dataset.Sound} --quiet {more}", environment);

    private static Task<(int Code, string Out, string Error)> Invoke(string line, params (string Name, string Value)[] environment) =>
        CommandLineTests.Invoke(line, new FixedTime(DateTimeOffset.UtcNow.AddHours(1)), environment); // the files were made long ago

    private static string[] Entries(string folder) =>
        [.. Directory.GetFiles(Path.Join(folder, "cache", "scans"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static string[] Tables(string warehouse)
    {
        string current = Path.Join(warehouse, "current");
        return [.. Directory.GetFiles(current, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(current, file)} {Sha(file)}")];
    }

    private static string[] Pictures(string warehouse) =>
        [.. Directory.GetFiles(Path.Join(warehouse, "pictures")).Select(file => $"{Path.GetFileName(file)} {Sha(file)}").Order(StringComparer.Ordinal)];

    private static string Sha(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
