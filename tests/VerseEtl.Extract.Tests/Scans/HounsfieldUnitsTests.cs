using System.Reflection;
using VerseEtl.Extract.Nifti;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests.Scans;

/// <summary>Values that are no Hounsfield units never fill Hounsfield columns; a genuine CT, whatever is missing around it, keeps them.</summary>
public sealed class HounsfieldUnitsTests
{
    private const string CentroidText = """[{"direction":["R","A","S"]},{"label":19,"X":24,"Y":20,"Z":5},{"label":20,"X":24,"Y":20,"Z":15}]""";

    public static TheoryData<string, NiftiDatatype, Func<double, double>> NoUnits => new()
    {
        { "0 to 1", NiftiDatatype.Float32, hu => Math.Clamp((hu + 1024) / 4095, 0, 1) },
        { "-1 to 1", NiftiDatatype.Float32, hu => Math.Clamp(hu / 1024, -1, 1) },
        { "z-score", NiftiDatatype.Float64, hu => (hu + 500) / 450 },
        { "HU + 1024", NiftiDatatype.UInt16, hu => hu + 1024 },
        { "HU + 1024 as float", NiftiDatatype.Float32, hu => hu + 1024 },
        { "HU + 1000", NiftiDatatype.Int16, hu => Math.Max(hu + 1000, 0) },
        { "HU + 1024, padded below", NiftiDatatype.Int16, hu => hu < -500 ? -2000 : hu + 1024 },
        { "HU - 1024", NiftiDatatype.Int16, hu => hu - 1024 },
        { "bone window in 8 bit", NiftiDatatype.UInt8, hu => Math.Clamp(Math.Round((hu + 450) / 1500 * 255), 0, 255) },
        { "8 bit in 16", NiftiDatatype.Int16, hu => Math.Clamp(Math.Round((hu + 450) / 1500 * 255), 0, 255) },
        { "soft window in 8 bit", NiftiDatatype.UInt8, hu => Math.Clamp(Math.Round((hu + 160) / 400 * 255), 0, 255) },
        { "signed 8 bit", NiftiDatatype.Int8, hu => Math.Clamp(Math.Round((hu + 450) / 1500 * 255) - 128, -128, 127) },
        { "10 bit", NiftiDatatype.UInt16, hu => Math.Clamp(Math.Round((hu + 450) / 1500 * 1023), 0, 1023) },
        { "16 bit", NiftiDatatype.UInt16, hu => Math.Clamp(Math.Round((hu + 1024) / 4095 * 65535), 0, 65535) },
        { "bone alone steep", NiftiDatatype.Int16, hu => hu < 200 ? hu : Math.Min(40 * hu, 32767) },
        { "inverted", NiftiDatatype.Int16, hu => -hu },
        { "ten times", NiftiDatatype.Int16, hu => Math.Clamp(10 * hu + 5000, -32768, 32767) },
    };

    [Theory]
    [MemberData(nameof(NoUnits))]
    public void What_no_CT_can_be_leaves_the_columns_null_and_says_so(string what, NiftiDatatype type, Func<double, double> value)
    {
        using OneScan scan = new() { Centroids = CentroidText };
        IReadOnlyList<VertebraRow> sound = scan.Measure().Vertebrae;
        scan.Ct = Ct(type, (_, hu) => value(hu));
        ScanResult result = scan.Measure();
        Finding told = Assert.Single(result.Findings, finding => finding.Code == "CT_NOT_HU");
        Assert.True(told.Severity == Severity.Error, what);
        Assert.DoesNotContain(result.Findings, finding => finding.Code is "CT_BLANK" or "CT_RANGE");
        Assert.Equal(sound.Select(WithoutHounsfield), result.Vertebrae);
        Assert.Equal((ScanStatus.Warning, type.Name()), (result.Scan.Status, result.Scan.CtDatatype));
    }

    private static VertebraRow WithoutHounsfield(VertebraRow row)
    {
        VertebraRow without = row with { };
        foreach (PropertyInfo column in typeof(VertebraRow).GetProperties().Where(column => column.Name.Contains("Hu", StringComparison.Ordinal)))
            column.SetValue(without, null);
        return without;
    }

    public static TheoryData<string, NiftiDatatype, Func<int, double, double>> Genuine => new()
    {
        { "as it is", NiftiDatatype.Int16, (_, hu) => hu },
        { "no air", NiftiDatatype.Int16, (at, hu) => hu < -500 ? 40 - at % 90 : hu },
        { "nothing but the spine, the rest 0", NiftiDatatype.Int16, (at, hu) => OneScan.Labels[at] > 0 ? hu - 60 : 0 },
        { "padding outside the field of view", NiftiDatatype.Int16, (_, hu) => hu < -500 ? -3024 : hu },
        { "young bone", NiftiDatatype.Int16, (at, hu) => OneScan.Labels[at] > 0 ? hu + 160 : hu },
        { "osteoporosis in thick slices", NiftiDatatype.Int16, (at, hu) => OneScan.Labels[at] > 0 ? Math.Round(0.6 * hu) - 60 : hu },
        {
            "cement and screws", NiftiDatatype.Int16,
            (at, hu) => OneScan.Labels[at] > 0 && at % 3 == 0 ? 3071 : OneScan.Labels[at] > 0 && at % 7 == 0 ? -800 : hu
        },
        { "fractions", NiftiDatatype.Float32, (at, hu) => hu + at % 8 / 8.0 },
    };

    [Theory]
    [MemberData(nameof(Genuine))]
    public void A_genuine_CT_keeps_its_columns_without_a_word(string what, NiftiDatatype type, Func<int, double, double> value)
    {
        using OneScan scan = new() { Ct = Ct(type, value) };
        ScanResult result = scan.Measure();
        Assert.DoesNotContain(result.Findings, finding => finding.Code is "CT_NOT_HU" or "CT_BLANK");
        Assert.All(result.Vertebrae, row => Assert.True(row.MaskHuMean is not null, what));
    }

    [Fact]
    public void A_CT_clipped_at_0_is_doubtful_and_still_counts()
    {
        using OneScan scan = new() { Ct = Ct(NiftiDatatype.Int16, (_, hu) => Math.Max(hu, 0)) };
        ScanResult result = scan.Measure();
        Assert.Equal(Severity.Warning, Assert.Single(result.Findings, finding => finding.Code == "CT_NOT_HU").Severity);
        Assert.All(result.Vertebrae, row => Assert.NotNull(row.MaskHuMean));
    }

    [Fact]
    public void Marrow_denser_than_any_usual_one_is_doubtful_and_still_counts()
    {
        using OneScan scan = new() { Ct = Ct(NiftiDatatype.Int16, (at, hu) => OneScan.Labels[at] > 0 ? hu + 400 : hu) };
        ScanResult result = scan.Measure();
        Assert.Equal(Severity.Warning, Assert.Single(result.Findings, finding => finding.Code == "CT_NOT_HU").Severity);
        Assert.All(result.Vertebrae, row => Assert.NotNull(row.MaskHuMean));
    }

    [Fact]
    public void A_CT_in_another_axis_order_is_judged_too()
    {
        NiftiVolumeSpec upsideDown = OneScan.CtSpec with
        {
            Sform = new Affine(new(1, 0, 0), new(0, 1, 0), new(0, 0, -1.5), new(-10, -20, -30 + 29 * 1.5)),
        };
        const int plane = 48 * 40;
        using OneScan scan = new();
        scan.Ct = PhantomFile.Of(upsideDown,
            [.. Enumerable.Range(0, 30 * plane).Select(at => OneScan.Hounsfield[(29 - at / plane) * plane + at % plane])]).Gzip();
        Assert.DoesNotContain(scan.Measure().Findings, finding => finding.Code == "CT_NOT_HU");
        scan.Ct = PhantomFile.Of(upsideDown,
            [.. Enumerable.Range(0, 30 * plane).Select(at => Math.Max(0, OneScan.Hounsfield[(29 - at / plane) * plane + at % plane]))]).Gzip();
        Assert.Contains(scan.Measure().Findings, finding => finding is { Code: "CT_NOT_HU", Severity: Severity.Warning });
    }

    [Theory]
    [InlineData(NiftiDatatype.Float32, 1)]
    [InlineData(NiftiDatatype.Float64, 0.25)]
    public void Fractions_keep_a_thousandth_of_the_standard_deviation(NiftiDatatype type, double slope)
    {
        double[] hu = [.. OneScan.Hounsfield.Select((value, at) => value / 9 + 30 + at % 1009 / 1009.0)];
        using OneScan scan = new() { Centroids = CentroidText };
        scan.Ct = PhantomFile.Of(OneScan.CtSpec with { Datatype = type, Slope = slope }, [.. hu.Select(value => value / slope)]).Gzip();
        foreach (VertebraRow row in scan.Measure().Vertebrae.Where(row => row.MaskHuMean is not null))
        {
            double[] values = [.. hu.Where((_, at) => OneScan.Labels[at] == row.Label).Order()];
            double mean = values.Average(), std = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
            double[] expected = [mean, std, values[0], values[^1], Percentile(values, 5), Percentile(values, 50), Percentile(values, 95)];
            double?[] seen = [row.MaskHuMean, row.MaskHuStd, row.MaskHuMin, row.MaskHuMax, row.MaskHuP05, row.MaskHuMedian, row.MaskHuP95];
            Assert.All(expected.Zip(seen), pair => Assert.Equal(pair.First, pair.Second!.Value, 1e-3 * std));
        }
    }

    [Fact]
    public void Nearly_constant_is_only_said_of_what_is()
    {
        using OneScan scan = new() { Ct = Ct(NiftiDatatype.Float32, (_, hu) => (hu + 1024) / 40950) };
        Assert.DoesNotContain(scan.Measure().Findings, finding => finding.Code == "CT_BLANK");
        scan.Ct = Ct(NiftiDatatype.Float32, (_, _) => 0.4);
        ScanResult blank = scan.Measure();
        Assert.Contains(blank.Findings, finding => finding.Code == "CT_BLANK");
        Assert.All(blank.Vertebrae, row => Assert.Null(row.MaskHuMean));
    }

    private static byte[] Ct(NiftiDatatype type, Func<int, double, double> value) =>
        PhantomFile.Of(OneScan.Spec with { Datatype = type }, [.. OneScan.Hounsfield.Select((hu, at) => value(at, hu))]).Gzip();

    private static double Percentile(double[] ascending, int percent)
    {
        double rank = percent / 100.0 * (ascending.Length - 1);
        int below = (int)rank;
        return ascending[below] + (rank - below) * (ascending[Math.Min(below + 1, ascending.Length - 1)] - ascending[below]);
    }
}
