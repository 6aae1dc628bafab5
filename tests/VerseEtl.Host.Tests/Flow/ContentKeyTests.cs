using System.Diagnostics;
using System.Security.Cryptography;
using VerseEtl.Extract.Scans;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.Flow;

/// <summary>What a scan holds decides whether it is measured, wherever its source lies and whatever is known of it; a plan tells it beforehand.</summary>
public sealed class ContentKeyTests(SmallDataset dataset) : IDisposable
{
    private const int Scans = 4;

    private readonly TempFolder _temp = new();
    private readonly FixedTime _time = new(DateTimeOffset.UtcNow.AddHours(1)); // the files were made long ago
    private int _measured;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Output => Path.Join(_temp.Path, "tables");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_copied_or_renamed_source_is_hashed_once_a_linked_one_not_at_all_and_none_is_measured()
    {
        string source = Copied(dataset.Sound, "source"), link = Path.Join(_temp.Path, "link");
        string copy = Path.Join(_temp.Path, "copy"), renamed = Path.Join(_temp.Path, "renamed");
        await Expect(source, measure: Scans, hash: 0, RunEnding.Published);
        string[] tables = Tables();
        await Expect(source, measure: 0, hash: 0);
        Copied(source, "copy");
        await Expect(copy, measure: 0, hash: Scans);
        await Expect(copy, measure: 0, hash: 0);
        Directory.Move(copy, renamed);
        await Expect(renamed, measure: 0, hash: Scans);
        Directory.CreateSymbolicLink(link, source);
        await Expect(link, measure: 0, hash: 0);
        await Expect(source, measure: 0, hash: 0);
        Assert.Equal(tables, Tables());
        Directory.Delete(Path.Join(Output, "commits"), recursive: true);
        Directory.Delete(Path.Join(Output, "snapshots"), recursive: true);
        File.Delete(Path.Join(Output, "proven.json")); // the last that knows of them
        await Expect(Copied(source, "another"), measure: 0, hash: Scans, RunEnding.Published);
        Assert.Equal(tables, Tables());
    }

    [Fact]
    public async Task A_source_mounted_elsewhere_measures_nothing()
    {
        string mounted = _temp.Folder("mounted");
        Assert.SkipUnless(Environment.UserName == "root" && Ends("mount", "--bind", dataset.Sound, mounted), "needs the right to mount");
        try
        {
            await Expect(dataset.Sound, measure: Scans, hash: 0, RunEnding.Published);
            await Expect(mounted, measure: 0, hash: 0);
        }
        finally
        {
            Assert.True(Ends("umount", mounted));
        }
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("damaged")]
    [InlineData("cut off after a kill")]
    public async Task A_lost_index_costs_nothing_as_the_entries_tell_of_their_files(string how)
    {
        await Expect(dataset.Sound, measure: Scans, hash: 0, RunEnding.Published);
        foreach (string index in Directory.GetFiles(Path.Join(Output, "cache"), "files-*.segment"))
        {
            byte[] bytes = File.ReadAllBytes(index);
            File.Delete(index);
            if (how == "damaged") File.WriteAllBytes(index, bytes[..^1]);
            // a run that began anew was killed while it wrote its journal
            if (how == "cut off after a kill") File.WriteAllBytes(Path.ChangeExtension(index, ".journal"), bytes[..(bytes.Length / 2)]);
        }
        await Expect(dataset.Sound, measure: 0, hash: 0);
        await Expect(dataset.Sound, measure: 0, hash: 0);
    }

    [Fact]
    public async Task Another_file_of_the_same_size_and_time_is_hashed_and_measured()
    {
        string source = Copied(dataset.Sound, "source");
        await Expect(source, measure: Scans, hash: 0, RunEnding.Published);
        string file = Directory.GetFiles(source, "sub-verse902*ctd.json", SearchOption.AllDirectories).Single();
        DateTime time = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, "[]".PadRight((int)new FileInfo(file).Length));
        File.SetLastWriteTimeUtc(file, time);
        RunPlan plan = await Plan(source);
        Assert.Equal((0, 1), (plan.ToMeasure, plan.ToHash));
        _measured = 0;
        RunReport report = await Run(source);
        Assert.Equal((1, 1, Scans - 1, RunEnding.Published), (_measured, report.ScansHashed, report.ScansFromCache, report.Ending));
    }

    [Fact]
    public async Task What_is_new_is_measured_at_once_and_what_was_touched_is_hashed()
    {
        string source = Copied(dataset.Sound, "source");
        string[] masks = [.. Directory.GetFiles(source, "*_msk.nii.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        await Expect(source, measure: Scans, hash: 0, RunEnding.Published);
        File.SetLastWriteTimeUtc(masks[0], new DateTime(2024, 5, 6, 0, 0, 0, DateTimeKind.Utc));
        await Expect(source, measure: 0, hash: 1);
        File.AppendAllText(masks[1], "\0");
        await Expect(source, measure: 1, hash: 0, RunEnding.Published);
        string entry = Directory.GetFiles(Path.Join(Output, "cache/scans"), "*.json", SearchOption.AllDirectories)
            .First(file => File.ReadAllText(file).Contains(Path.GetFileName(masks[2]), StringComparison.Ordinal));
        File.AppendAllText(entry, " ");
        // not opened on a night on which nothing changed, and noticed on the next on which it is
        await Expect(source, measure: 0, hash: 0);
        File.AppendAllText(masks[1], "\0");
        _measured = 0;
        Assert.Equal((RunEnding.Published, 2), ((await Run(source)).Ending, _measured));
        // another scan key and other paths are in the rows
        Directory.Move(Path.Join(source, "dataset-verse19test"), Path.Join(source, "DATASET-verse19test"));
        Assert.Equal(0, (await Plan(source)).ToHash);
    }

    [Fact]
    public async Task Two_runs_at_once_over_a_copy_measure_nothing()
    {
        await Expect(dataset.Sound, measure: Scans, hash: 0, RunEnding.Published);
        string[] tables = Tables();
        string copy = Copied(dataset.Sound, "copy");
        RunReport[] reports = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Run(copy), Token)));
        Assert.All(reports, report => Assert.Equal((RunEnding.Unchanged, Scans), (report.Ending, report.ScansFromCache)));
        Assert.Equal(tables, Tables());
        await Expect(copy, measure: 0, hash: 0);
    }

    /// <summary>A plan tells what the run then does, and changes nothing.</summary>
    private async Task Expect(string source, int measure, int hash, RunEnding? ending = null)
    {
        string[] before = Files();
        RunPlan plan = await Plan(source);
        Assert.Equal((measure, hash), (plan.ToMeasure, plan.ToHash));
        Assert.Equal(before, Files());
        _measured = 0;
        RunReport report = await Run(source);
        Assert.Equal((measure, hash, Scans - measure, ending ?? RunEnding.Unchanged), (_measured, report.ScansHashed, report.ScansFromCache, report.Ending));
    }

    private Task<RunPlan> Plan(string source) => RunPlan.Make(PipelineOf(source), _time, Token);

    private async Task<RunReport> Run(string source) => await new PipelineRun(PipelineOf(source), new RunOptions(), _time, Serilog.Core.Logger.None)
    {
        Measure = (scan, limits, token) =>
        {
            Interlocked.Increment(ref _measured);
            return new ScanMeasuring().Measure(scan, limits, token);
        },
    }.Execute(null, Token);

    private Pipeline PipelineOf(string source) => new()
    {
        Name = "test", Parallelism = 2, Source = new Source { Path = source }, Load = new Destination { Path = Output },
    };

    private string Copied(string source, string name)
    {
        string copy = Path.Join(_temp.Path, name);
        Assert.True(Ends("cp", "-a", source, copy));
        return copy;
    }

    private static bool Ends(string command, params string[] arguments)
    {
        using Process process = Process.Start(command, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private string[] Tables() =>
    [
        .. from file in Directory.GetFiles(Path.Join(Output, "current"), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           select $"{Path.GetFileName(Path.GetDirectoryName(file))} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}",
    ];

    private string[] Files() => !Directory.Exists(Output) ? [] :
    [
        .. from file in Directory.GetFileSystemEntries(Output, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           select $"{file} {File.GetLastWriteTimeUtc(file).Ticks}",
    ];
}
