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
    /// <exception cref="RunStoppedException">There is nothing to read, or too much.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public static TreeListing Walk(Source source, CancellationToken token)
    {
        if (source.RequireMount && !Mounts.IsMounted(source.Path))
            throw new RunStoppedException(ExitCode.SourceUnavailable, $"{source.Path} is not mounted (require_mount)");
        try
        {
            return VerseTree.Walk(source.Path, source.Folders, source.Tree, token);
        }
        catch (SourceMissingException missing)
        {
            throw new RunStoppedException(ExitCode.SourceUnavailable, [missing.Message, .. missing.Findings.Select(finding => $"{finding.Code} {finding.Message}")]);
        }
        catch (TreeLimitException limit)
        {
            throw new RunStoppedException(ExitCode.Configuration, $"{limit.Finding.Code} {limit.Message}");
        }
    }

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
