using System.Collections.Concurrent;
using VerseEtl.Extract.Sample;

[assembly: AssemblyFixture(typeof(VerseEtl.Extract.Tests.Sample.WholeSample))]

namespace VerseEtl.Extract.Tests.Sample;

/// <summary>What a naive reading of a mask says: voxels by label, whether any is on the border, labels at the annotated points.</summary>
public sealed record MaskFacts(int[] Shape, Dictionary<int, long> Counts, bool TouchesBorder, int[] AtPoints);

/// <summary>The whole sample dataset, written once for all tests that look at it, the first time one does.</summary>
public sealed class WholeSample : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Lazy<SampleReport> _report;
    private readonly Lazy<IReadOnlyDictionary<string, MaskFacts>> _facts;

    public WholeSample()
    {
        _report = new(() => SampleDataset.Write(_folder["sample"], new SampleOptions()));
        _facts = new(Facts);
    }

    public SampleReport Report => _report.Value;

    /// <summary>By the name of the scan.</summary>
    public IReadOnlyDictionary<string, MaskFacts> MaskFacts => _facts.Value;

    public SampleTruth Of(string name) => Report.Scans.Single(truth => truth.Scan.Name == name);

    /// <summary>The path of a scan's file, whose name ends in one of the suffixes; null if there is none.</summary>
    internal string? File(SampleScan scan, string half, params ReadOnlySpan<string> suffixes)
    {
        foreach (string suffix in suffixes)
        {
            string path = Path.Join(Report.Directory, scan.Folder.Path, half, scan.Subject, scan.Name + suffix);
            if (System.IO.File.Exists(path)) return path;
        }
        return null;
    }

    internal NaiveVolume Mask(SampleScan scan) =>
        NaiveVolume.Read(File(scan, "derivatives", "_seg-vert_msk.nii.gz", "_seg-vert_msk.nii") ?? throw new FileNotFoundException(scan.Name));

    internal NaiveVolume Ct(SampleScan scan) =>
        NaiveVolume.Read(File(scan, "rawdata", "_ct.nii.gz", "_ct.nii") ?? throw new FileNotFoundException(scan.Name));

    public void Dispose() => _folder.Dispose();

    private ConcurrentDictionary<string, MaskFacts> Facts()
    {
        ConcurrentDictionary<string, MaskFacts> facts = new();
        Parallel.ForEach(Report.Scans, truth =>
        {
            NaiveVolume mask = Mask(truth.Scan);
            int LabelAt(AnnotatedPoint point) =>
                (int)mask.At(NaiveVolume.Nearest(point.Index.X), NaiveVolume.Nearest(point.Index.Y), NaiveVolume.Nearest(point.Index.Z));
            facts[truth.Scan.Name] = new(mask.Shape, mask.LabelCounts(), mask.TouchesBorder(), [.. truth.Annotated.Select(LabelAt)]);
        });
        return facts;
    }
}
