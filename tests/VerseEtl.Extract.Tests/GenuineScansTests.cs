using System.Text.Json;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests;

/// <summary>
/// Three genuine VerSe scans against nibabel's and numpy's numbers. Golden/*.json are those numbers as facts, made by
/// `verse_oracle.py --mask ... [--ct ...] --centroids ...`; the scans themselves are not part of the product.
/// </summary>
public class GenuineScansTests
{
    private static IReadOnlyList<ScanResult> Measured()
    {
        string tree = SharedFiles.Require("data/verse");
        TreeListing listing = VerseTree.Walk(tree, folders: null, new TreeOptions(), TestContext.Current.CancellationToken);
        return [.. listing.Scans.Select(scan => new ScanMeasuring().Measure(scan, new ReadingLimits(), TestContext.Current.CancellationToken))];
    }

    [Fact]
    public void Every_value_is_nibabels_and_numpys()
    {
        Oracle oracle = new();
        foreach (ScanResult result in Measured())
        {
            string golden = Path.Combine(AppContext.BaseDirectory, "Golden", result.Scan.ScanId + ".json");
            using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(golden));
            oracle.Compare(expected.RootElement, result);
        }
        Assert.Empty(oracle.Differences);
        Assert.Equal(1078, oracle.Compared);
    }

    [Fact]
    public void Volumes_are_the_ones_known_of_these_scans()
    {
        // cm3, measured with nibabel: verse004 T9..L5, verse010 L1..L5, verse012 T10..L3
        Dictionary<string, double[]> known = new()
        {
            ["sub-verse004"] = [28.22, 31.47, 36.27, 41.33, 38.28, 53.74, 58.02, 59.97, 58.24],
            ["sub-verse010"] = [40.16, 51.13, 54.76, 57.44, 56.30],
            ["sub-verse012"] = [45.84, 49.88, 52.89, 54.45, 67.68, 77.68],
        };
        IReadOnlyList<ScanResult> results = Measured();
        Assert.Equal(3, results.Count);
        foreach (ScanResult result in results)
            Assert.All(known[result.Scan.ScanId].Zip(result.Vertebrae, (cm3, row) => Math.Abs(cm3 - row.VolumeCm3)), apart => Assert.InRange(apart, 0, 0.0051));
    }

    [Fact]
    public void Skewness_kurtosis_and_interquartile_range_are_SciPys()
    {
        // SciPy 1.10.1, by Golden/hounsfield_shape.py <mask> <CT> of verse012
        Dictionary<int, (double Skewness, double Kurtosis, double Iqr)> known = new()
        {
            [17] = (1.3461865284869072, 1.8917175677298665, 380),
            [18] = (1.1528628402592416, 1.4664875818454703, 383),
            [19] = (1.2415134919151705, 2.171745258300004, 354),
            [20] = (0.9544353256000244, 1.8969646019377668, 367),
            [21] = (1.2678205509694622, 2.0063257493529134, 370),
            [22] = (1.2517408724745733, 1.8785898967925334, 379),
        };
        ScanResult result = Measured().Single(candidate => candidate.Scan.ScanId == "sub-verse012");
        Assert.Equal(known.Keys, result.Vertebrae.Select(row => row.Label));
        Assert.All(result.Vertebrae, row =>
        {
            Assert.Equal(known[row.Label].Skewness, row.MaskHuSkewness!.Value, 1e-9);
            Assert.Equal(known[row.Label].Kurtosis, row.MaskHuKurtosis!.Value, 1e-9);
            Assert.Equal(known[row.Label].Iqr, row.MaskHuIqr!.Value, 1e-9);
        });
    }

    [Fact]
    public void A_missing_CT_costs_the_Hounsfield_columns_only()
    {
        ScanResult result = Measured().Single(candidate => candidate.Scan.ScanId == "sub-verse004");
        Assert.Equal(ScanStatus.Warning, result.Scan.Status);
        Assert.Contains(result.Findings, finding => finding.Code == "TREE_NO_CT");
        Assert.All(result.Vertebrae, row => Assert.Null(row.MaskHuMean));
        Assert.All(result.Vertebrae, row => Assert.NotNull(row.AnnotatedI));
        Assert.Equal(("SIEMENS", 120.0), (result.Scan.Manufacturer, result.Scan.Kvp));
    }

    [Fact]
    public void A_clean_scan_is_ok()
    {
        ScanResult result = Measured().Single(candidate => candidate.Scan.ScanId == "sub-verse012");
        Assert.Equal([], result.Findings.Where(finding => finding.Severity > Transform.Findings.Severity.Info).Select(finding => finding.Message));
        Assert.Equal(ScanStatus.Ok, result.Scan.Status);
        Assert.Equal(("int16", "int16", "LPS"), (result.Scan.MaskDatatype, result.Scan.CtDatatype, result.Scan.Orientation));
    }
}
