using System.Text.Json;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests.Sample;

/// <summary>The sample's exotic scans (orientations, stored types, byte orders, scaling, NaN centroids) against nibabel and numpy, run here and now.</summary>
public class SampleOracleTests(WholeSample sample)
{
    [Fact]
    public void Measured_rows_of_the_sample_are_nibabels_and_numpys()
    {
        string script = SharedFiles.Require("oracle/verse_oracle.py");
        Oracle oracle = new();
        bool all = LongRuns.Factor > 1;
        int scans = 0;
        foreach (ScanFiles files in VerseTree.Walk(sample.Report.Directory, folders: null, new TreeOptions(), TestContext.Current.CancellationToken).Scans)
        {
            FileInfo mask = new(files.Mask!.Full);
            if (!all && mask.Length > 33_000) continue; // 13 scans of every kind of encoding
            using TempFolder temp = new();
            using JsonDocument? expected = Oracle.Run(script, mask.FullName, WithItsFractions(files.Ct?.Full, temp), files.Centroids?.Full, out string? reason);
            Assert.SkipWhen(expected is null, reason ?? "");
            ScanResult result = new ScanMeasuring().Measure(files, new ReadingLimits(), TestContext.Current.CancellationToken);
            oracle.Compare(expected!.RootElement, result);
            scans++;
        }
        TestContext.Current.SendDiagnosticMessage($"{scans} scans, {oracle.Compared} values compared");
        Assert.Empty(oracle.Differences);
        Assert.True(scans > 0);
    }

    /// <summary>The script rounds a floating-point CT to whole units; the sample's has quarters, which a slope keeps.</summary>
    private static string? WithItsFractions(string? ct, TempFolder temp)
    {
        if (ct is null) return null;
        using FileStream file = File.OpenRead(ct);
        using ByteSource content = ByteSource.Open(file, ct.EndsWith(".gz", StringComparison.Ordinal));
        NiftiHeader header;
        try
        {
            header = VolumeFile.Open(content).Header;
        }
        catch (BadFileException)
        {
            return ct;
        }
        if (!header.Datatype.IsFloat()) return ct;
        double[] values = NaiveVolume.Read(ct).Values;
        NiftiVolumeSpec spec = new()
        {
            Shape = header.Grid.Shape, SpacingMm = header.Grid.SpacingMm, Sform = header.Grid.Affine, Datatype = NiftiDatatype.Int32, Slope = 0.25,
        };
        File.WriteAllBytes(temp["ct.nii.gz"], PhantomFile.Of(spec, [.. values.Select(value => 4 * value)]).Gzip());
        return temp["ct.nii.gz"];
    }
}
