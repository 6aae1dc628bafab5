using System.Globalization;
using System.Text.Json;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests;

/// <summary>The tables `pairs` and `spines` of the three genuine scans against values of an independent numpy script.</summary>
public sealed class GoldenSpineTests
{
    /// <summary>The golden values have four decimals.</summary>
    private const double Rounding = 0.5e-4 + 1e-9;

    private static readonly Lazy<PublishedTables> Tables = new(() =>
    {
        TreeListing listing = VerseTree.Walk(SharedFiles.Require("data/verse"), folders: null, new TreeOptions(), TestContext.Current.CancellationToken);
        ScanMeasuring measuring = new();
        return CohortTables.Of([.. listing.Scans.Select(scan => measuring.Measure(scan, token: TestContext.Current.CancellationToken))]).Tables;
    });

    [Fact]
    public void Distances_and_ratios_of_neighbours_are_numpys()
    {
        int compared = 0;
        foreach (JsonProperty pair in Golden(" ").Where(item => item.Name.Contains('-', StringComparison.Ordinal)))
        {
            PairRow row = Tables.Value.Pairs.Single(row => $"{row.SubjectId} {row.UpperVertebra}-{row.LowerVertebra}" == pair.Name);
            Assert.Equal(pair.Value.GetProperty("centre_distance_mm").GetDouble(), row.AnnotatedDistanceMm!.Value, Rounding);
            Assert.Equal(pair.Value.GetProperty("volume_ratio").GetDouble(), row.VolumeRatio!.Value, Rounding);
            // the script measures the gap on the voxels of hollow end plates, these columns between straight lines: always less, by two voxels at most
            Assert.InRange(pair.Value.GetProperty("disc_gap_on_centre_line_mm").GetDouble() - row.GapMm!.Value, 0, 2);
            Assert.Equal(-pair.Value.GetProperty("endplate_angle_deg").GetDouble(), row.EndplateAngleDeg!.Value, 2.5);
            compared++;
        }
        Assert.Equal((17, 17), (compared, Tables.Value.Pairs.Count));
    }

    [Fact]
    public void Angles_and_lengths_of_spines_are_numpys()
    {
        foreach (JsonProperty scan in Golden("").Where(item => !item.Name.Contains(' ', StringComparison.Ordinal)))
        {
            SpineRow row = Tables.Value.Spines.Single(row => row.SubjectId == scan.Name);
            Assert.Equal(string.Join(' ', scan.Value.GetProperty("labels").EnumerateArray().Select(name => name.GetString())), row.LevelsPresent);
            Assert.Equal(scan.Value.GetProperty("arc_length_mm").GetDouble(), row.CurveLengthMm!.Value, Rounding);
            Assert.Equal(scan.Value.GetProperty("chord_mm").GetDouble(), row.ChordLengthMm!.Value, Rounding);
            Assert.Equal(scan.Value.GetProperty("coronal_max_tangent_angle_deg").GetDouble(), row.CoronalAngleDeg!.Value, Rounding);
            if (scan.Value.TryGetProperty("lumbar_centroid_angle_L1L2_L4L5_deg", out JsonElement lordosis))
                Assert.Equal(lordosis.GetDouble(), row.LordosisTangentDeg!.Value, Rounding);
            else Assert.Null(row.LordosisTangentDeg);
            if (scan.Value.TryGetProperty("lumbar_lordosis_L1sup_L5inf_deg", out lordosis))
                Assert.Equal(lordosis.GetDouble(), row.LordosisEndplateDeg!.Value, 0.5);
            else Assert.Null(row.LordosisEndplateDeg);
        }
    }

    /// <summary>
    /// The script counts whole voxels in cells of 1 mm, which these columns cut into parts first: within 1 mm where voxels are that small, while the
    /// sagittal slices of verse012, 3 mm thick, fall into its cells unevenly (to 2.4 mm).
    /// </summary>
    [Fact]
    public void Heights_are_those_of_the_prototype()
    {
        foreach (Dictionary<string, string> golden in GoldenHeights())
        {
            VertebraRow row = Row(golden);
            double tolerance = row.SubjectId == "verse012" ? 2.5 : 1.0;
            Assert.Equal(Number(golden["ha_mm"]), row.HeightAnteriorMm!.Value, tolerance);
            Assert.Equal(Number(golden["hm_min_mm"]), row.HeightMiddleMm!.Value, tolerance);
            Assert.Equal(Number(golden["hp_mm"]), row.HeightPosteriorMm!.Value, tolerance);
            Assert.Equal(Number(golden["depth_mm"]), row.DepthMm!.Value, 2.0);
        }
    }

    [Fact]
    public void Published_fractures_of_grade_2_and_3_lack_more_than_a_fifth_and_no_other_vertebra_does()
    {
        Dictionary<string, string>[] graded = [.. GoldenHeights().Where(golden => golden["published_genant"] != "None")];
        Assert.Equal(17, graded.Length);
        Assert.Equal(["verse004 T9", "verse004 T10", "verse004 L1", "verse010 L1", "verse012 L1"],
            graded.Where(golden => golden["published_genant"] is "2" or "3").Select(golden => $"{golden["scan"]} {golden["vertebra"]}"));
        foreach (Dictionary<string, string> golden in GoldenHeights())
            Assert.Equal(golden["published_genant"] is "2" or "3", Row(golden).HeightLossPercent > 20);
    }

    private static VertebraRow Row(Dictionary<string, string> golden) =>
        Tables.Value.Vertebrae.Single(row => row.SubjectId == golden["scan"] && row.Vertebra == golden["vertebra"]);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<Dictionary<string, string>> GoldenHeights()
    {
        string[] lines = File.ReadAllLines(SharedFiles.Require("spine/golden_heights.csv"));
        string[] names = lines[0].Split(',');
        return lines.Skip(1).Select(line => names.Zip(line.Split(',')).ToDictionary());
    }

    private static IEnumerable<JsonProperty> Golden(string with)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("spine/golden.json")));
        return [.. golden.RootElement.Clone().EnumerateObject().Where(item => item.Name.Contains(with, StringComparison.Ordinal))];
    }
}
