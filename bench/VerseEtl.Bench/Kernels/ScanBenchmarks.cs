using BenchmarkDotNet.Attributes;
using VerseEtl.Extract.Sample;

namespace VerseEtl.Bench.Kernels;

/// <summary>A phantom's CT and mask from the files to rows, hashes and Hounsfield statistics included; and its CT decompressed, nothing else.</summary>
public class ScanBenchmarks
{
    private string _folder = "", _ct = "", _mask = "";
    private byte[] _packedCt = [];

    [GlobalSetup]
    public void Draw()
    {
        _folder = Directory.CreateTempSubdirectory("verse-etl-bench-").FullName;
        SampleDataset.Write(_folder, new SampleOptions { Scans = [SampleScans.Sound.First(scan => scan.Name == "sub-verse951_dir-ax")] });
        _ct = Directory.GetFiles(_folder, "*_ct.nii.gz", SearchOption.AllDirectories).Single();
        _mask = Directory.GetFiles(_folder, "*_msk.nii.gz", SearchOption.AllDirectories).Single();
        _packedCt = File.ReadAllBytes(_ct);
    }

    [GlobalCleanup]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Baseline = true)]
    public long GzipStreamOfCt() => Work.GzipStream(_packedCt);

    [Benchmark]
    public long DecodeCt() => Work.Decode(_packedCt);

    [Benchmark]
    public object CtAndMaskToRows() => Work.Scan(_ct, _mask);
}
