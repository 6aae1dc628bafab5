using VerseEtl.Extract;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>One fault made by hand in an otherwise clean source, and the kind of finding that must come of it.</summary>
internal sealed record FaultCase(string Name, Fault Fault, Action<TwoScans> Break)
{
    /// <summary>A pipeline that is not the usual one.</summary>
    public Func<Pipeline, Pipeline> With { get; init; } = pipeline => pipeline;

    public RunOptions Options { get; init; } = new();

    /// <summary>A reader that fails in its own way; null reads the files.</summary>
    public Func<ScanFiles, ReadingLimits, CancellationToken, ScanResult>? Measure { get; init; }

    public static Func<Pipeline, Pipeline> Limits(ReadingLimits limits) =>
        pipeline => pipeline with { Reading = limits with { Pictures = pipeline.Reading.Pictures } };

    public static Func<Pipeline, Pipeline> Tree(TreeOptions options) => pipeline => pipeline with { Source = pipeline.Source with { Tree = options } };

    public static Func<Pipeline, Pipeline> Folders(params FolderSpec[] folders) => pipeline =>
        pipeline with { Source = pipeline.Source with { Folders = folders.Length == 0 ? null : folders } };
}
