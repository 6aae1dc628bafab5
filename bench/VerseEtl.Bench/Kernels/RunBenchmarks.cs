using BenchmarkDotNet.Attributes;
using VerseEtl.Extract;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Nifti;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Bench.Kernels;

/// <summary>The kernels behind the reader, on the runs of one mask.</summary>
public class RunBenchmarks
{
    private readonly List<LabelRun> _runs = [];

    [GlobalSetup]
    public void Read()
    {
        using GzipSource source = new(System.IO.File.OpenRead(MaskFiles.All.First()));
        MaskReader reader = new(VolumeFile.Open(source, new ReadingLimits()));
        LabelRun[] runs = new LabelRun[4096];
        for (int count = reader.ReadRuns(runs); count > 0; count = reader.ReadRuns(runs)) _runs.AddRange(runs.AsSpan(0, count));
    }

    [Benchmark]
    public long Moments()
    {
        LabelMoments moments = new();
        foreach (LabelRun run in _runs) moments.Add(run);
        return moments.VoxelCount;
    }

    [Benchmark]
    public int Components()
    {
        Components components = new();
        foreach (LabelRun run in _runs) components.Add(run);
        components.Finish();
        return components.Count(_runs[0].Label);
    }
}
