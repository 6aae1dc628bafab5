using VerseEtl.Extract;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

internal static class Stages
{
    public static TreeListing Walk(Source source, CancellationToken token) => throw new NotSupportedException();

    public static bool SampleExists(string directory) => Directory.Exists(directory);

    public static SampleMade WriteSample(string directory, IProgress<RunStep>? progress, CancellationToken token) => throw new NotSupportedException();

    public static ScanResult Measure(ScanFiles scan, ReadingLimits limits, CancellationToken token) => throw new NotSupportedException();

    public static PublishedTables Cohort(Pipeline pipeline, IReadOnlyList<ScanRow> scans, IReadOnlyList<VertebraRow> vertebrae, IReadOnlyList<Finding> findings) =>
        new() { Scans = scans, Vertebrae = vertebrae, Findings = findings, LabelStatistics = [], DatasetStatistics = [], Audit = [] };

    public static Snapshot? Current(Destination load) => null;

    public static Task<IReadOnlyList<ScanRow>> ScansOf(Snapshot snapshot, CancellationToken token) => throw new NotSupportedException();

    public static Task<PublishOutcome> Publish(Destination load, PublishRequest request, CancellationToken token) => throw new NotSupportedException();
}

/// <summary>What `sample` made.</summary>
internal sealed record SampleMade(string Directory, int Scans, int Files, long Bytes);
