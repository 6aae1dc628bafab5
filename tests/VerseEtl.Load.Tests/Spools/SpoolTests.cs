using System.Text.Json;
using VerseEtl.Load.Spools;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Spools;

public sealed class SpoolTests : IDisposable
{
    // everything goes to the disk at once
    private static readonly SpoolSizes Tiny = new(ValuesPerBucket: 2, FindingsPerRun: 3, RecordsPerRun: 4, PerBlock: 2);

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Tables_made_on_a_disk_are_those_made_in_memory(int seed)
    {
        ScanResult[] results = Cohort(new Random(seed), 160);
        ScanRow[] before = [.. CohortTables.Of(Cohort(new Random(seed + 100), 80)).Tables.Scans];
        CohortInput input = new()
        {
            Reference = Reference.Verse(),
            Others = [Finding.Of(Faults.CacheCorrupt), Finding.Of(Faults.CacheCorrupt)],
            Previous = (before, []),
        };
        using ScanSpool spool = new(_temp.Folder("spool"), results.Length);
        Parallel.For(0, results.Length, at => spool.Put(at, results[at]));
        using StreamedTables held = new(results, input), spooled = new(spool, input with { Workspace = new SpoolWorkspace(_temp.Folder("spool"), Tiny) });
        string expected = Text(held);
        Assert.Contains("MSK_VOLUME_OUTLIER", expected, StringComparison.Ordinal);
        Assert.Contains("TREE_SPLIT_LEAK", expected, StringComparison.Ordinal);
        Assert.Contains("DRIFT_SCANS", expected, StringComparison.Ordinal);
        Assert.Equal(expected, Text(spooled));
        // a second try finds the same, each finding once
        Assert.Equal(expected, Text(spooled));
        Assert.Equal(held.Tally.Groups.Select(group => (group.Code, group.Count)), spooled.Tally.Groups.Select(group => (group.Code, group.Count)));

        // and the statistics are those of the frame
        CohortTables whole = CohortTables.Of(results, reference: Reference.Verse());
        CohortFrame frame = CohortFrame.Of(whole.Tables.Scans, whole.Tables.Vertebrae);
        Assert.Equal(LabelStatistics.Compute(frame), spooled.Small.LabelStatistics);
        Assert.Equal(DatasetStatistics.Compute(frame), spooled.Small.DatasetStatistics);
        Assert.Empty(Directory.GetFileSystemEntries(_temp["spool"]));
    }

    [Fact]
    public void A_record_that_the_disk_has_changed_is_not_given_out()
    {
        string folder = _temp.Folder("spool");
        using SpoolFile file = new(folder);
        long first = file.Append("one"u8), second = file.Append("two"u8);
        Assert.Equal("two"u8, file.Read(second));
        string path = Directory.GetFiles("/proc/self/fd").First(link => new FileInfo(link).LinkTarget?.StartsWith(folder, StringComparison.Ordinal) ?? false);
        using (FileStream same = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            same.Position = second - 1;
            same.Write("0"u8);
        }
        Assert.Equal("STO_BITROT", Assert.Throws<StorageException>(() => file.Read(first)).Code);
        Assert.Equal("two"u8, file.Read(second));
    }

    private static string Text(StreamedTables tables) => string.Join('\n', tables.Pieces().Append(tables.Small)
        .SelectMany(piece => PublishedSchema.All.SelectMany(table => table.Values(piece).Select(row => table.Name + JsonSerializer.Serialize(row))))
        .GroupBy(row => row.Split('[')[0]).SelectMany(table => table));

    /// <summary>Scans of all datasets and splits in key order; some fail, some repeat another's mask, some vertebrae are out of the ordinary.</summary>
    private static ScanResult[] Cohort(Random random, int count)
    {
        List<ScanResult> results = [];
        for (int number = 0; number < count; number++)
        {
            string dataset = new[] { "verse19", "verse20", "ours" }[random.Next(3)], split = Splits.All[random.Next(3)];
            int[] labels = [.. Enumerable.Range(random.Next(14, 20), random.Next(1, 6)).Where(label => VertebraLabel.IsKnown(label))];
            bool failed = random.Next(12) == 0;
            ScanRow scan = Phantoms.CohortRows.Scan(dataset, split, $"sub-s{number / 2:000}_split-{number}", labels,
                random.Next(4) == 0 ? $"same {random.Next(5)}" : null, status: failed ? ScanStatus.Failed : ScanStatus.Ok);
            if (failed) scan = scan with { MaskContentSha256 = null };
            VertebraRow[] vertebrae = failed ? [] : [.. labels.Select(label => Phantoms.CohortRows.Vertebra(scan, label,
                (30 + label) * (random.Next(40) == 0 ? 0.02 : 0.9 + (0.2 * random.NextDouble()))) with { TouchesBorder = random.Next(9) == 0 })];
            Finding[] findings = random.Next(3) > 0 ? [] : [Finding.Of(Faults.SrcUnavailable, new(new ScanKey(dataset, split, scan.ScanId)))];
            results.Add(new ScanResult(scan, vertebrae, findings));
        }
        return [.. results.OrderBy(result => result.Scan.ScanKey, StringComparer.Ordinal)];
    }
}
