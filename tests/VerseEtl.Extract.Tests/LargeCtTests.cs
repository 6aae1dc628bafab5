using System.Security.Cryptography;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Sample;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests;

/// <summary>A CT that is unpacked on another thread while a core is idle says what it says without.</summary>
public sealed class LargeCtTests : IDisposable
{
    private static readonly VoxelShape Shape = new(160, 150, 140);
    private readonly TempFolder _temp = new();

    public LargeCtTests()
    {
        Random random = new(3);
        Write("ct.nii.gz", NiftiDatatype.Int16, (_, _, _) => random.Next(-1024, 3000));
        Write("mask.nii.gz", NiftiDatatype.UInt8, (i, j, k) =>
            i is > 30 and < 120 && j is > 20 and < 90 ? k switch { < 20 => 0, < 60 => 20, < 62 => 0, < 110 => 21, _ => 0 } : 0);
    }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_large_CT_read_ahead_gives_the_same_result()
    {
        ScanResult ahead = Measure(idle: true), alone = Measure(idle: false);
        Assert.Equal([20, 21], ahead.Vertebrae.Select(row => row.Label));
        Assert.All(ahead.Vertebrae, row => Assert.NotNull(row.MaskHuMean));
        Assert.Equal(alone.Vertebrae, ahead.Vertebrae);
        Assert.Equal(alone.Scan.CtSha256, ahead.Scan.CtSha256);
        Assert.Equal(Sha256("ct.nii.gz"), ahead.Scan.CtSha256);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void A_damaged_one_costs_its_columns_and_is_hashed_to_its_end(double kept)
    {
        using (FileStream file = File.OpenWrite(_temp["ct.nii.gz"])) file.SetLength((long)(file.Length * kept));
        ScanResult ahead = Measure(idle: true), alone = Measure(idle: false);
        Assert.Equal(["GZ_TRUNCATED"], ahead.Findings.Select(finding => finding.Code));
        Assert.Equal(alone.Findings, ahead.Findings);
        Assert.Equal(alone.Vertebrae, ahead.Vertebrae);
        Assert.All(ahead.Vertebrae, row => Assert.Null(row.MaskHuMean));
        Assert.Equal(Sha256("ct.nii.gz"), ahead.Scan.CtSha256);
    }

    [Fact]
    public void A_bad_mask_stops_the_reading_ahead_and_the_CT_is_still_hashed()
    {
        using (FileStream file = File.OpenWrite(_temp["mask.nii.gz"])) file.SetLength(file.Length / 2);
        ScanResult ahead = Measure(idle: true);
        Assert.Empty(ahead.Vertebrae);
        Assert.Equal(Sha256("ct.nii.gz"), ahead.Scan.CtSha256);
    }

    private ScanResult Measure(bool idle)
    {
        ScanMeasuring measuring = new();
        for (int core = 0; core < Environment.ProcessorCount && !idle; core++) measuring.Cores.Take();
        return measuring.Measure(new ScanFiles
        {
            Key = new ScanKey("verse19", "training", "sub-verse901"), SubjectId = "verse901", SeriesId = "verse901",
            Mask = new SourcePath(_temp.Path, "mask.nii.gz"), Ct = new SourcePath(_temp.Path, "ct.nii.gz"),
        }, token: TestContext.Current.CancellationToken);
    }

    private string Sha256(string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_temp[name])));

    private void Write(string name, NiftiDatatype datatype, Func<int, int, int, double> value)
    {
        using FileStream file = File.Create(_temp[name]);
        NiftiVolumeSpec spec =
            new() { Shape = Shape, SpacingMm = new(1, 1, 1), Sform = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(0, 0, 0)), Datatype = datatype };
        NiftiWriter.WriteGzip(file, spec, (k, plane) =>
        {
            for (int j = 0; j < Shape.J; j++)
                for (int i = 0; i < Shape.I; i++) plane[j * Shape.I + i] = value(i, j, k);
        });
    }
}
