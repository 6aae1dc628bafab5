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
        }
    }

    private static IEnumerable<JsonProperty> Golden(string with)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("spine/golden.json")));
        return [.. golden.RootElement.Clone().EnumerateObject().Where(item => item.Name.Contains(with, StringComparison.Ordinal))];
    }
}
