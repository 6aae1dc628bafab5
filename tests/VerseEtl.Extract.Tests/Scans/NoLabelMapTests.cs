using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Scans;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests.Scans;

/// <summary>An image that is no label map never becomes vertebrae, and a label map with strangers in it stays one.</summary>
public sealed class NoLabelMapTests
{
    public static TheoryData<string, NiftiDatatype, Func<double, double>, string> Images => new()
    {
        { "CT", NiftiDatatype.Int16, hu => hu, "a CT" },
        { "CT in a window", NiftiDatatype.Int16, hu => Math.Clamp(hu, -20, 300), "a CT" },
        { "CT without its intercept", NiftiDatatype.UInt16, hu => hu + 1024, "a grey image" },
        { "8 bit", NiftiDatatype.UInt8, hu => Math.Round(Math.Clamp((hu + 200) / 1200, 0, 1) * 255), "a grey image" },
        { "no value beyond 28", NiftiDatatype.UInt8, hu => Math.Abs(hu) % 29, "a grey image" },
        { "whole floats", NiftiDatatype.Float32, hu => hu, "a CT" },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public void An_image_of_measured_values_fails_the_scan_and_says_what_it_looks_like(
        string what, NiftiDatatype type, Func<double, double> value, string looks)
    {
        using OneScan scan = new();
        scan.Mask = PhantomFile.Of(OneScan.Spec with { Datatype = type }, [.. OneScan.Hounsfield.Select(value)]).Gzip();
        ScanResult result = scan.Measure();
        Assert.True(result.Vertebrae.Count == 0, what);
        Assert.Equal(ScanStatus.Failed, result.Scan.Status);
        Finding told = Assert.Single(result.Findings, finding => finding.Code == "MSK_NOT_LABELS");
        Assert.Contains($"this looks like {looks}", told.Message, StringComparison.Ordinal);
        MaskInspection seen = scan.Inspect();
        Assert.Empty(seen.Vertebrae);
        Assert.Contains(seen.Findings, finding => finding.Code == "MSK_NOT_LABELS");
    }

    [Theory]
    [InlineData(0.3, "probabilities")]
    [InlineData(-812.5, "a CT")]
    [InlineData(310.25, "a grey image")]
    [InlineData(20.5, "labels that were interpolated")]
    public void Fractions_say_what_they_look_like(double value, string looks)
    {
        using OneScan scan = new();
        double[] stored = [.. OneScan.Labels];
        stored[7] = value;
        scan.Mask = PhantomFile.Of(OneScan.Spec with { Datatype = NiftiDatatype.Float32 }, stored).Gzip();
        Finding told = Assert.Single(scan.Measure().Findings, finding => finding.Code == "MSK_NONINTEGRAL");
        Assert.Contains($"this looks like {looks}", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_another_scheme_are_not_called_grey()
    {
        using OneScan scan = new();
        scan.Mask = Mask((at, label) => label > 0 ? label : at % 48 == 0 && at / 48 % 2 == 0 ? 30 + at / 96 % 60 : 0);
        Finding told = Assert.Single(scan.Measure().Findings, finding => finding.Code == "MSK_NOT_LABELS");
        Assert.Contains("labels of another scheme", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Discs_and_endplates_and_a_handful_of_strangers_stay_readable()
    {
        using OneScan scan = new();
        IReadOnlyList<VertebraRow> expected = scan.Measure().Vertebrae;
        Assert.Equal(3, expected.Count);
        scan.Mask = Mask((at, label) => label > 0 ? label : at switch
        {
            < 28 => 101 + at,
            < 56 => 201 + at - 28,
            < 76 => 40 + at - 56,
            80 => -1,
            81 => -1024,
            _ => 0,
        });
        ScanResult result = scan.Measure();
        Assert.Equal(expected, result.Vertebrae);
        Assert.Contains(result.Findings, finding => finding.Code == "MSK_LABEL_UNKNOWN");
    }

    [Fact]
    public void One_of_two_labels_in_thousands_of_pieces_is_no_label_map()
    {
        using OneScan scan = new();
        // 19 as dust around a sound 20
        scan.Mask = Mask((at, label) => label == 20 ? 20 : label == 0 && at % 2 == 0 && at / 48 % 2 == 0 && at / 1920 % 2 == 0 ? 19 : 0);
        Assert.Contains("MSK_NOT_LABELS", scan.Measure().Findings.Select(finding => finding.Code));
    }

    [Fact]
    public void Islands_of_one_voxel_stay_readable()
    {
        using OneScan scan = new();
        scan.Mask = Mask((at, label) => label > 0 ? label : at % 2 == 0 && at / 48 % 2 == 0 && at / 1920 % 2 == 0 && at % 48 < 10 ? 20 : 0);
        ScanResult result = scan.Measure();
        Assert.Equal(3, result.Vertebrae.Count);
        Assert.InRange(result.Vertebrae.Single(row => row.Label == 20).ComponentCount, 1000, 2000);
    }

    private static byte[] Mask(Func<int, int, double> label) => PhantomFile.Of(OneScan.Spec with { Datatype = NiftiDatatype.Int16 },
        [.. OneScan.Labels.Select((value, at) => label(at, (int)value))]).Gzip();
}
