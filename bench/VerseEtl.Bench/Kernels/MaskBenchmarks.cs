using BenchmarkDotNet.Attributes;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Bench.Kernels;

/// <summary>One packed mask, in memory: what each further thing asked of it costs.</summary>
public class MaskBenchmarks
{
    private byte[] _packed = [];

    [ParamsSource(nameof(Files))]
    public string File { get; set; } = "";

    public static IEnumerable<string> Files => MaskFiles.All;

    [GlobalSetup]
    public void Load() => _packed = System.IO.File.ReadAllBytes(File);

    [Benchmark(Baseline = true)]
    public long GzipStream() => Work.GzipStream(_packed);

    [Benchmark]
    public long Decode() => Work.Decode(_packed);

    [Benchmark]
    public object DecodeAndMoments() => Work.Moments(_packed, null);

    [Benchmark]
    public object DecodeMomentsAndComponents() => Work.Moments(_packed, new Components());
}
