using Serilog.Core;
using VerseEtl.Host.AuditPage;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.Jobs;

public sealed class SnapshotSummaryTests(SmallDataset dataset)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("verse")]
    [InlineData("sample")]
    [InlineData("none")]
    public async Task The_page_says_of_a_snapshot_what_its_whole_audit_says_without_reading_the_large_tables(string reference)
    {
        using TempFolder temp = new();
        Pipeline pipeline = new()
        {
            Name = "a", Source = new Source { Path = dataset.Faulty }, Load = new Destination { Path = temp.Folder("w") }, Reference = reference,
        };
        await new PipelineRun(pipeline, new RunOptions(), TimeProvider.System, Logger.None).Execute(null, Token);
        Warehouse warehouse = Warehouse.OpenForReading(pipeline.Load.Path);
        Snapshot snapshot = warehouse.Current!;
        AuditView whole = await SnapshotAudit.Of(warehouse, snapshot, reference, Token);

        // of the same length, so that only who reads them sees it
        foreach (string table in new[] { "vertebrae", "pairs", "spines", "label_statistics", "dataset_statistics" })
            foreach (string path in warehouse.PathOf(table, snapshot)) File.WriteAllBytes(path, new byte[new FileInfo(path).Length]);
        SnapshotSummary summary = await SnapshotSummary.Read(warehouse, snapshot, reference, Token);

        Assert.Equal((whole.Verdict, whole.Attention), (summary.Verdict, summary.Attention));
        Assert.Equal(whole.Report is { Inventory.IsPublishedDataset: true } report ? report.Tally.Where(tally => tally.Count > 0) : [], summary.Tally);
        Assert.Equal(FindingCount.Of(whole.Tally), summary.Findings);
        Assert.Equal(whole.Tally.Vertebrae, summary.Vertebrae);
        string[] failed = [.. whole.Tally.Failed.Select(scan => scan.ScanKey)];
        Assert.NotEmpty(failed);
        Assert.Equal(failed.Take(5), summary.Failed.Select(entry => entry.ScanKey));
        Assert.All(summary.Failed, entry => Assert.NotEqual("", entry.Code));
    }
}
