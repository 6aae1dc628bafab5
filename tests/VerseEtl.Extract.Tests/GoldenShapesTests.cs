using System.Text.Json;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests;

/// <summary>Vertebrae of three genuine VerSe scans against what scikit-image and SciPy say of them; those values are no part of the product.</summary>
public sealed class GoldenShapesTests
{
    private const double Relative = 1e-6;

    // the values are rounded to four digits behind the point
    private const double Rounded = 0.5e-4;

    [Fact]
    public void Surfaces_are_those_of_scikit_image()
    {
        int compared = 0;
        foreach ((JsonElement golden, VertebraRow row) in Vertebrae())
        {
            Close(golden, "mc_area_mm2", row.SurfaceAreaMm2);
            Close(golden, "mesh_volume_mm3", row.MeshVolumeMm3);
            Close(golden, "sphericity", row.Sphericity);
            // said to be of the mesh, and is between voxel centres
            Close(golden, "max_diameter_mm", row.MaxCentreDistanceMm);
            Assert.InRange(row.MaxDiameterMm!.Value - row.MaxCentreDistanceMm!.Value, 0.5, 3);
            compared++;
        }
        Assert.Equal(20, compared);
    }

    [Fact]
    public void Trabecular_bone_is_where_a_distance_transform_finds_it()
    {
        int compared = 0, equal = 0;
        foreach ((JsonElement golden, VertebraRow row) in Vertebrae())
        {
            Assert.Equal(golden.GetProperty("ball_in_label").GetDouble() / golden.GetProperty("ball_voxels").GetDouble(), row.BodyBallFraction!.Value, 12);
            if (!golden.TryGetProperty("hu_body_ge5mm_deep", out JsonElement body)) continue;
            // the wall there is read from a map of the whole height of the body; in two of six it stands 1 mm further back
            double voxels = body.GetProperty("n").GetDouble();
            bool same = voxels == row.TrabecularVoxels;
            equal += same ? 1 : 0;
            Assert.Equal(voxels, row.TrabecularVoxels!.Value, 0.02 * voxels);
            foreach ((string name, double? value) in
                new[] { ("mean", row.TrabecularHuMean), ("median", row.TrabecularHuMedian), ("std", row.TrabecularHuStd), ("mm3", row.TrabecularVolumeMm3) })
            {
                double expected = body.GetProperty(name).GetDouble();
                Assert.Equal(expected, value!.Value, same ? 0.002 : 0.02 * expected);
            }
            compared++;
        }
        Assert.Equal((6, 4), (compared, equal));
    }

    private static void Close(JsonElement golden, string name, double? value)
    {
        double expected = golden.GetProperty(name).GetDouble();
        Assert.Equal(expected, value!.Value, Relative * Math.Abs(expected) + Rounded);
    }

    private static IEnumerable<(JsonElement Golden, VertebraRow Row)> Vertebrae()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("spine/golden.json")));
        TreeListing listing = VerseTree.Walk(SharedFiles.Require("data/verse"), folders: null, new TreeOptions(), TestContext.Current.CancellationToken);
        foreach (ScanFiles scan in listing.Scans)
            foreach (VertebraRow row in new ScanMeasuring().Measure(scan, new ReadingLimits(), TestContext.Current.CancellationToken).Vertebrae)
                if (golden.RootElement.TryGetProperty($"{row.SeriesId} {row.Vertebra}", out JsonElement expected)) yield return (expected, row);
    }
}
