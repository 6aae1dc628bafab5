using System.Security.Cryptography;
using VerseEtl.Extract;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Flow;

public sealed class PictureRunTests(SmallDataset dataset) : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly FixedTime _time = new(DateTimeOffset.UtcNow.AddHours(1)); // the files were made long ago
    private int _measured;
    private bool _broken;

    private string Output => Path.Join(_temp.Path, "tables");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Each_scan_has_one_picture_that_is_kept_mended_and_pruned()
    {
        await Run(parallelism: 1);
        string[] paths = await Paths();
        Assert.Equal(4, _measured);
        Assert.Equal(4, paths.Distinct().Count());
        Assert.All(paths, path => Assert.Equal($"pictures/{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Join(Output, path))))}.png", path));
        Assert.All(paths, path => Assert.InRange(new FileInfo(Path.Join(Output, path)).Length, 5_000, 149_999));
        Assert.Equal(4, Directory.GetFiles(Path.Join(Output, "pictures")).Length);

        Assert.Equal(RunEnding.Unchanged, (await Run(parallelism: 4)).Ending);
        Assert.Equal(4, _measured);

        // a picture that is gone or damaged is painted again, and is the same on four threads
        File.Delete(Path.Join(Output, paths[0]));
        byte[] spoilt = File.ReadAllBytes(Path.Join(Output, paths[1]));
        spoilt[^20] ^= 1;
        File.WriteAllBytes(Path.Join(Output, paths[1]), spoilt);
        Assert.Equal(RunEnding.Unchanged, (await Run(parallelism: 4)).Ending);
        Assert.Equal(4, _measured);
        Assert.All(paths, path => Assert.Equal($"pictures/{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Join(Output, path))))}.png", path));

        // of two that no snapshot names the old one goes, with the next snapshot
        string old = Path.Join(Output, "pictures", new string('a', 64) + ".png"), young = Path.Join(Output, "pictures", new string('b', 64) + ".png");
        File.WriteAllText(old, "");
        File.WriteAllText(young, "");
        foreach (string path in paths.Select(path => Path.Join(Output, path)).Append(old)) File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-31));
        await Run(parallelism: 2, pictures: false);
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
        Assert.All(paths, path => Assert.True(File.Exists(Path.Join(Output, path))));
    }

    [Fact]
    public async Task Pictures_can_be_off_and_change_nothing_else()
    {
        await Run(parallelism: 2, pictures: false);
        Assert.Empty(await Paths());
        Assert.False(Directory.Exists(Path.Join(Output, "pictures")));
        PublishedTables without = await Tables();

        // on: the same pictures as if they had been there from the start, in a pass of their own
        await Run(parallelism: 2);
        Assert.Equal(4, _measured);
        string[] later = await Paths();
        PublishedTables with = await Tables();
        Assert.Equal(without.Vertebrae, with.Vertebrae);
        Assert.Equal(without.Findings.Select(finding => finding.ToString()), with.Findings.Select(finding => finding.ToString()));
        Assert.Equal(RunEnding.Unchanged, (await Run(parallelism: 2)).Ending);

        // off: the cache has them with pictures, the tables have not
        await Run(parallelism: 2, pictures: false);
        Assert.Equal(4, _measured);
        Assert.Empty(await Paths());

        Directory.Delete(Output, recursive: true);
        await Run(parallelism: 1);
        Assert.Equal(8, _measured);
        Assert.Equal(later, await Paths());
    }

    [Fact]
    public async Task A_plan_says_how_many_would_be_painted()
    {
        await Run(parallelism: 2, pictures: false);
        RunPlan plan = await RunPlan.Make(Pipeline(2, pictures: true), _time, TestContext.Current.CancellationToken);
        Assert.Equal((0, 0, 4), (plan.ToMeasure, plan.ToHash, plan.ToPaint));
        await Run(parallelism: 2);
        plan = await RunPlan.Make(Pipeline(2, pictures: true), _time, TestContext.Current.CancellationToken);
        Assert.Equal((0, 0, 0), (plan.ToMeasure, plan.ToHash, plan.ToPaint));
    }

    [Fact]
    public async Task A_defect_of_the_painting_costs_the_picture_alone_and_goes_with_pictures()
    {
        _broken = true;
        await Run(parallelism: 2);
        Assert.Empty(await Paths());
        PublishedTables tables = await Tables();
        Assert.Equal(4, tables.Findings.Count(finding => finding.Code == Faults.PicFailed.Code));
        Assert.All(tables.Scans, scan => Assert.Equal(ScanStatus.Warning, scan.Status));

        // it is not tried every night; without pictures nothing is lost
        _broken = false;
        Assert.Equal(RunEnding.Unchanged, (await Run(parallelism: 2)).Ending);
        await Run(parallelism: 2, pictures: false);
        PublishedTables off = await Tables();
        Assert.DoesNotContain(off.Findings, finding => finding.Code == Faults.PicFailed.Code);
        Directory.Delete(Output, recursive: true);
        await Run(parallelism: 2, pictures: false);
        Assert.Equal((await Tables()).Scans.Select(scan => scan.Status), off.Scans.Select(scan => scan.Status));
        Assert.Equal((await Tables()).Vertebrae, tables.Vertebrae);
    }

    [Fact]
    public async Task Verify_reads_pictures_as_well()
    {
        await Run(parallelism: 2);
        Warehouse warehouse = Warehouse.OpenForReading(Output);
        Assert.Empty(await warehouse.Verify(cancellation: TestContext.Current.CancellationToken));
        string[] paths = await Paths();
        byte[] spoilt = File.ReadAllBytes(Path.Join(Output, paths[1]));
        spoilt[^20] ^= 1;
        File.WriteAllBytes(Path.Join(Output, paths[1]), spoilt);
        File.Delete(Path.Join(Output, paths[2]));
        Assert.Equal([(1, paths[1]), (1, paths[2])],
            (await warehouse.Verify(cancellation: TestContext.Current.CancellationToken)).Select(damaged => (damaged.Sequence, damaged.Path)));
        await Run(parallelism: 2);
        Assert.Empty(await warehouse.Verify(cancellation: TestContext.Current.CancellationToken));
    }

    private async Task<string[]> Paths() => [.. (await Tables()).Scans.Select(scan => scan.PicturePath).OfType<string>()];

    private async Task<PublishedTables> Tables() =>
        await Warehouse.ReadTables(Warehouse.OpenForReading(Output).Current!, TestContext.Current.CancellationToken);

    private async Task<RunReport> Run(int parallelism, bool pictures = true)
    {
        ScanMeasuring measuring = _broken ? new() { Pack = (_, _) => throw new InvalidOperationException() } : new();
        PipelineRun run = new(Pipeline(parallelism, pictures), new RunOptions { AcceptShrink = true }, _time, Serilog.Core.Logger.None) { Measure = Counted };
        RunReport report = await run.Execute(null, TestContext.Current.CancellationToken);
        Assert.True(report.ExitCode == ExitCode.Done, string.Join('\n', report.Reasons));
        return report;

        ScanResult Counted(ScanFiles scan, ReadingLimits limits, CancellationToken token)
        {
            Interlocked.Increment(ref _measured);
            return measuring.Measure(scan, limits, token);
        }
    }

    private Pipeline Pipeline(int parallelism, bool pictures) => new()
    {
        Name = "test",
        Source = new Source { Path = dataset.Sound },
        Load = new Destination { Path = Output },
        Reading = new ReadingLimits { Pictures = pictures },
        Parallelism = parallelism,
    };
}
