using VerseEtl.Extract.Nifti;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests.Scans;

/// <summary>A mask that fails costs the scan its rows; what its header says and what is wrong with the CT are told all the same.</summary>
public sealed class FailedMaskTests
{
    private static readonly byte[] ShortCt = PhantomFile.Of(OneScan.CtSpec with { Version = 2 }, OneScan.Hounsfield).Gzip()[..^5];

    [Fact]
    public void A_mask_that_fails_on_a_voxel_keeps_its_geometry_its_header_s_findings_and_the_CT_s_faults()
    {
        double[] stored = [.. OneScan.Labels];
        stored[40_000] = 19.25;
        using OneScan scan = new()
        {
            Mask = PhantomFile.Of(OneScan.Spec with
            {
                Datatype = NiftiDatatype.Float32,
                Units = 1,
                SpacingMm = new(0.001, 0.001, 0.0015),
                Sform = new Affine(new(0.001, 0, 0), new(0, 0.001, 0), new(0, 0, 0.0015), new(-0.01, -0.02, -0.03))
            }, stored).Put(148, "hello"u8.ToArray()).Gzip(),
            Ct = ShortCt,
        };
        ScanResult result = scan.Measure();
        Assert.Empty(result.Vertebrae);
        ScanRow row = result.Scan;
        Assert.Equal((ScanStatus.Failed, 48, 40, 30, "RAS", "float32"), (row.Status, row.ShapeI, row.ShapeJ, row.ShapeK, row.Orientation, row.MaskDatatype));
        Assert.Equal(1.5, row.SpacingSiMm!.Value, 1e-6);
        Assert.NotNull(row.Affine);
        Assert.Null(row.Labels);
        Assert.Null(row.MaskContentSha256);
        string[] codes = OneScan.Codes(result.Findings);
        foreach (string code in new[] { "Error MSK_NONINTEGRAL", "Warning NII_UNITS", "Info PHI_TEXT_PRESENT", "Error GZ_TRUNCATED" })
            Assert.Contains(code, codes);
    }

    [Fact]
    public void Header_notes_of_a_mask_that_ends_early_stay()
    {
        using OneScan scan = new() { Mask = PhantomFile.Of(OneScan.Spec with { Version = 2 }, OneScan.Labels).Gzip()[..^5], Ct = ShortCt };
        ScanResult result = scan.Measure();
        Assert.Equal((ScanStatus.Failed, 48), (result.Scan.Status, result.Scan.ShapeI));
        Assert.Equal("int16", result.Scan.CtDatatype);
        Assert.Equal(["Error GZ_TRUNCATED", "Error GZ_TRUNCATED", "Info NII_NIFTI2"], OneScan.Codes(result.Findings));
    }

    [Fact]
    public void A_CT_that_was_refused_before_is_not_looked_at_twice()
    {
        double[] stored = [.. OneScan.Labels];
        stored[40_000] = 19.25;
        using OneScan scan = new() { Mask = PhantomFile.Of(OneScan.Spec with { Datatype = NiftiDatatype.Float32 }, stored).Gzip() };
        scan.Ct = PhantomFile.Of(OneScan.CtSpec with { Sform = PhantomFile.Diagonal(-1, 1, 1.5) }, OneScan.Hounsfield).Gzip();
        Assert.Equal(["Error MSK_NONINTEGRAL", "Error PAIR_AFFINE"], OneScan.Codes(scan.Measure().Findings));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(200)]
    public void The_faults_of_a_CT_are_told_beside_a_mask_without_a_header(int length)
    {
        byte[] mask = PhantomFile.Of(OneScan.Spec, OneScan.Labels).Gzip();
        using OneScan scan = new() { Mask = mask[..length], Ct = ShortCt };
        ScanResult result = scan.Measure();
        Assert.Null(result.Scan.ShapeI);
        Assert.Contains(result.Findings, finding => finding.Code == "GZ_TRUNCATED" && finding.Path == "ct.nii.gz");
        Assert.Contains(result.Findings, finding => finding.Path == "msk.nii.gz");
    }
}
