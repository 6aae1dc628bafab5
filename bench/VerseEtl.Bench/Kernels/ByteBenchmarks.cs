using BenchmarkDotNet.Attributes;
using VerseEtl.Extract.Bytes;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Bench.Kernels;

/// <summary>What is done for every byte or voxel that was not skipped: 1 MiB of noise, and CT values with the spread of bone.</summary>
public class ByteBenchmarks
{
    private readonly byte[] _bytes = new byte[1 << 20];
    private readonly long[] _codes = new long[1 << 18];
    private readonly long _zeros = 1 << 30;

    [GlobalSetup]
    public void Fill()
    {
        Random random = new(1);
        random.NextBytes(_bytes);
        foreach (ref long code in _codes.AsSpan()) code = 250 + random.Next(-60, 60) + random.Next(-60, 60) + random.Next(-60, 60);
    }

    [Benchmark]
    public uint Crc() => Crc32.Append(0, _bytes);

    [Benchmark]
    public uint CrcOfZeros() => Crc32.AppendZeros(1, _zeros);

    [Benchmark]
    public long Histogram()
    {
        HounsfieldHistogram histogram = new();
        histogram.Add(_codes);
        return histogram.VoxelCount;
    }
}
