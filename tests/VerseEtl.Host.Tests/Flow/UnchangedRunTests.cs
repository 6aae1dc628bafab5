using System.Security.Cryptography;
using VerseEtl.Extract;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Flow;

/// <summary>Nights on which little or nothing changed publish and report what a run into a fresh warehouse does.</summary>
public sealed class UnchangedRunTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly FixedTime _time = new(DateTimeOffset.UtcNow.AddHours(1));
    private int _measured;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Source => Path.Join(_temp.Path, "source");

    private string Output => Path.Join(_temp.Path, "tables");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task After_any_change_the_tables_are_those_of_a_fresh_warehouse()
    {
        Random random = new(20261128);
        for (int scan = 0; scan < 12; scan++) Put(scan, "CT", "mask", scan % 3 == 0 ? "centroids" : null);
        for (int night = 0; night < 25; night++)
        {
            for (int change = random.Next(4); change > 0; change--) Change(random);
            RunReport report = await Run(Output);
            (string[] tables, int measured) = (Tables(Output), _measured);
            string fresh = Path.Join(_temp.Path, $"fresh{night}");
            RunReport again = await Run(fresh);
            Assert.Equal(Tables(fresh), tables);
            Assert.Equal(again.ScansFound, report.ScansFromCache + measured);
            Assert.Equal(Told(again), Told(report));

            RunReport same = await Run(Output);
            Assert.Equal((RunEnding.Unchanged, 0, again.ScansFound), (same.Ending, _measured, same.ScansFromCache));
            Assert.Equal(Told(again), Told(same));
            Assert.Equal((report.Sequence, report.Snapshot, report.ExitCode), (same.Sequence, same.Snapshot, same.ExitCode));
            Directory.Delete(fresh, recursive: true);
        }
    }

    [Fact]
    public async Task Where_nothing_changed_no_result_is_opened_and_whatever_did_is_seen()
    {
        for (int scan = 0; scan < 6; scan++) Put(scan, "CT", "mask", null);
        Assert.Equal(RunEnding.Published, (await Run(Output)).Ending);
        string cache = Path.Join(Output, "cache", "scans");
        Directory.Move(cache, cache + ".away");
        RunReport unread = await Run(Output);
        Assert.Equal((RunEnding.Unchanged, 0, 6), (unread.Ending, _measured, unread.ScansFromCache));
        RunRecord entry = Warehouse.OpenForReading(Output).Runs().Single(run => run.RunId == unread.RunId);
        Assert.Equal((RunEnding.Unchanged, 6, 0), (entry.Outcome, entry.ScansFound, entry.ScansMeasured));
        Directory.Move(cache + ".away", cache);

        Assert.Equal((RunEnding.Unchanged, 0), ((await Run(Output, new RunOptions { Verify = true })).Ending, _measured));
        Assert.Equal((RunEnding.Published, 6), ((await Run(Output, new RunOptions { Full = true })).Ending, _measured));
        string picture = Directory.GetFiles(Path.Join(Output, "pictures")).First();
        File.AppendAllText(picture, "longer");
        // a result whose picture is not as it was is opened, and here there is none to open
        Directory.Delete(cache, recursive: true);
        await Run(Output);
        Assert.Equal(6, _measured);
    }

    [Fact]
    public async Task Old_results_that_no_scan_has_go_and_all_others_stay()
    {
        for (int scan = 0; scan < 12; scan++) Put(scan, "CT", $"mask {scan}", null);
        await Run(Output);
        string cache = Path.Join(Output, "cache", "scans"), foreign = Path.Join(Directory.GetDirectories(cache)[0], "no key.json");
        File.WriteAllText(foreign, "");
        string[] before = Directory.GetFiles(cache, "*.json", SearchOption.AllDirectories);
        foreach (string entry in before) File.SetLastWriteTimeUtc(entry, _time.GetUtcNow().UtcDateTime.AddDays(-31));
        for (int scan = 0; scan < 3; scan++) Put(scan, "another CT", $"mask {scan}", null);
        Assert.Equal(RunEnding.Published, (await Run(Output)).Ending);
        string[] after = Directory.GetFiles(cache, "*.json", SearchOption.AllDirectories);
        Assert.Equal((3, 4, 9, false), (_measured, before.Except(after).Count(), before.Intersect(after).Count(), File.Exists(foreign)));
        Assert.Equal(12, after.Length);
    }

    private void Change(Random random)
    {
        int scan = random.Next(16);
        string ct = PathOf(scan, "rawdata", "_ct.nii.gz"), mask = PathOf(scan, "derivatives", "_seg-vert_msk.nii.gz");
        switch (random.Next(6))
        {
            case 0: Put(scan, $"CT {random.Next()}", "mask", null); break;
            case 1: Directory.Delete(Path.GetDirectoryName(ct)!, recursive: true); Directory.CreateDirectory(Path.GetDirectoryName(ct)!); break;
            case 2 when File.Exists(mask): File.SetLastWriteTimeUtc(mask, new DateTime(2024, 1, 1 + random.Next(20), 0, 0, 0, DateTimeKind.Utc)); break;
            case 3 when File.Exists(mask): File.WriteAllText(mask, $"m{random.Next(10)}sk"); break;
            case 4 when File.Exists(ct): File.Copy(ct, ct.Replace("_ct.nii.gz", "_dir-ax_ct.nii.gz", StringComparison.Ordinal), overwrite: true); break;
            case 5 when File.Exists(mask): File.Delete(mask); break;
            default: Put(scan, "CT", "mask", "centroids"); break;
        }
    }

    private void Put(int scan, string ct, string mask, string? centroids)
    {
        foreach (string folder in new[] { "rawdata", "derivatives" }) Directory.CreateDirectory(Path.GetDirectoryName(PathOf(scan, folder, ""))!);
        File.WriteAllText(PathOf(scan, "rawdata", "_ct.nii.gz"), ct);
        File.WriteAllText(PathOf(scan, "derivatives", "_seg-vert_msk.nii.gz"), mask);
        if (centroids is not null) File.WriteAllText(PathOf(scan, "derivatives", "_seg-subreg_ctd.json"), centroids);
    }

    private string PathOf(int scan, string folder, string ending) =>
        Path.Join(Source, scan % 2 == 0 ? "dataset-01training" : "dataset-03test", folder, $"sub-verse{500 + scan}", $"sub-verse{500 + scan}{ending}");

    private async Task<RunReport> Run(string output, RunOptions? options = null)
    {
        _measured = 0;
        Pipeline pipeline = new() { Name = "test", Source = new Source { Path = Source }, Load = new Destination { Path = output, KeepSnapshots = 3 } };
        return await new PipelineRun(pipeline, options ?? new RunOptions { AcceptShrink = true }, _time, Serilog.Core.Logger.None) { Measure = Invented }
            .Execute(null, Token);
    }

    /// <summary>A result that depends on every byte, with a picture.</summary>
    private ScanResult Invented(ScanFiles scan, ReadingLimits limits, CancellationToken token)
    {
        Interlocked.Increment(ref _measured);
        ScanRow found = scan.ToFailedRow();
        string? ct = Hash(scan.Ct?.Full), mask = Hash(scan.Mask?.Full), centroids = Hash(scan.Centroids?.Full);
        byte[] png = [.. System.Text.Encoding.ASCII.GetBytes($"{ct} {mask}")];
        ScanRow row = CohortRows.Scan(found.Dataset, found.Split, found.ScanId, mask is null ? [] : [20], mask, found.SubjectId) with
        {
            Status = mask is null ? ScanStatus.Failed : ScanStatus.Of(scan.Findings),
            CtPath = found.CtPath,
            MaskPath = found.MaskPath,
            CentroidPath = found.CentroidPath,
            CtSha256 = ct,
            MaskSha256 = mask,
            CentroidSha256 = centroids,
            Licence = found.Licence,
            PicturePath = mask is null ? null : $"pictures/{Convert.ToHexStringLower(SHA256.HashData(png))}.png",
        };
        Finding[] findings = [.. scan.Findings];
        VertebraRow[] vertebrae = mask is null ? [] : [CohortRows.Vertebra(row, 20, 40 + mask[0] % 7)];
        return new ScanResult(row, vertebrae, findings) { PicturePng = mask is null ? null : png };
    }

    private static string? Hash(string? path) => path is null ? null : Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static string[] Tables(string output) =>
    [
        .. Directory.GetFiles(Path.Join(output, "current") + "/", "*.parquet", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/findings/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))),
    ];

    /// <summary>All that a report says of the scans, without what is new since the night before.</summary>
    private static string Told(RunReport report) => Json.Text(new
    {
        report.ScansFound,
        report.ScansOk,
        report.ScansWarning,
        report.ScansFailed,
        report.Failed,
        Rows = report.Rows.Where(table => table.Key != "findings").OrderBy(table => table.Key, StringComparer.Ordinal),
        Findings = report.Findings.Where(finding => !finding.Code.StartsWith("DRIFT", StringComparison.Ordinal)),
    });
}
