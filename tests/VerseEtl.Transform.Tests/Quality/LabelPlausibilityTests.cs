using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Quality;

/// <summary>
/// A lumbar spine of five equal vertebrae of 64 cm3, so that the cube root of a volume is 40 mm, of which one is changed until it is just plausible, and
/// a little more. docs/features.md has the bounds.
/// </summary>
public sealed class LabelPlausibilityTests
{
    private const double Size = 40, StepMm = 32;
    private const int L3 = 22, T12 = 19;

    private static readonly ScanRow Scan = CohortRows.Scan("verse19", "training", "sub-verse900", []) with
    {
        Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    };

    /// <summary>What is changed, as a ratio to 40 mm, or to what is usual.</summary>
    private static readonly Dictionary<string, Func<double, VertebraRow[]>> Changes = new()
    {
        ["volume"] = ratio => Changed(row => row with { VolumeCm3 = ratio * row.VolumeCm3 }),
        ["distance from the one above"] = ratio => [.. Spine().Select((row, at) => at < 2 ? row : Moved(row, StepMm - ratio * Size))],
        ["box over ellipsoid"] = ratio => Changed(row => Ellipsoid(row, ratio)),
        ["mass aside"] = ratio => Changed(row => MassMoved(row, ratio, 0)),
        ["mass up"] = ratio => Changed(row => BoxMoved(row, -ratio)),
        ["mass forward"] = ratio => Changed(row => MassMoved(row, 0, ratio - 0.1)),
        ["mass backward"] = ratio => Changed(row => MassMoved(row, 0, -0.1 - ratio)),
        ["mass backward, a body alone"] = ratio => Changed(row => Ellipsoid(MassMoved(row, 0, -0.3), ratio)),
        ["width of L3"] = ratio => Changed(row => row with { ExtentLrMm = ratio * Size }),
        ["width of T12"] = ratio => [.. Spine().Select((row, at) => at > 0 ? row : row with { Label = T12, Vertebra = "T12", ExtentLrMm = ratio * Size })],
    };

    [Fact]
    public void The_spine_they_are_changed_from_raises_nothing() => Assert.Empty(Codes(Spine(), null));

    [Theory]
    [InlineData("volume", 1.49, 1.51, "LBL_VOLUME 22")]
    [InlineData("volume", 0.68, 0.66, "LBL_VOLUME 22")]
    [InlineData("distance from the one above", 0.51, 0.49, "LBL_SPACING 22")]
    [InlineData("distance from the one above", 1.24, 1.26, "LBL_SPACING 22")]
    [InlineData("box over ellipsoid", 1.59, 1.61, "LBL_EXTENT 22")]
    [InlineData("mass aside", 0.29, 0.31, "LBL_EXTENT 22")]
    [InlineData("mass aside", -0.29, -0.31, "LBL_EXTENT 22")]
    [InlineData("mass up", 0.425, 0.475, "LBL_EXTENT 22")]
    [InlineData("mass up", -0.425, -0.475, "LBL_EXTENT 22")]
    [InlineData("mass forward", 0.69, 0.71, "LBL_EXTENT 22")]
    [InlineData("mass backward", 0.04, 0.06, "LBL_FRONT_BACK 22")]
    [InlineData("mass backward, a body alone", 0.92, 0.94, "LBL_FRONT_BACK 22")]
    [InlineData("width of L3", 1.71, 1.69, "LBL_REGION 22")]
    [InlineData("width of T12", 1.99, 2.01, "LBL_REGION 19")]
    public void Each_bound_is_where_it_is_said_to_be(string what, double plausible, double doubtful, string expected)
    {
        Assert.Empty(Codes(Changes[what](plausible), null));
        Assert.Equal([expected], Codes(Changes[what](doubtful), null));
    }

    [Theory]
    [InlineData(1.099, 1.101)]
    [InlineData(1 / 1.099, 1 / 1.101)]
    public void The_published_range_may_be_left_by_a_tenth(double plausible, double doubtful)
    {
        double published = (plausible > 1 ? Reference.Verse().Label(L3)!.VolumeCm3Max : Reference.Verse().Label(L3)!.VolumeCm3Min)!.Value;
        Assert.DoesNotContain("LBL_RANGE 22", Codes(Changed(row => row with { VolumeCm3 = plausible * published }), Reference.Verse()));
        Assert.Contains("LBL_RANGE 22", Codes(Changed(row => row with { VolumeCm3 = doubtful * published }), Reference.Verse()));
    }

    private static string[] Codes(VertebraRow[] spine, Reference? reference) =>
        [.. LabelPlausibility.Of(Scan, spine, reference).Select(finding => Invariant($"{finding.Code} {finding.Label}"))];

    private static VertebraRow[] Changed(Func<VertebraRow, VertebraRow> change) => [.. Spine().Select(row => row.Label == L3 ? change(row) : row)];

    private static VertebraRow[] Spine() => [.. Enumerable.Range(0, 5).Select(at => Moved(Ellipsoid(CohortRows.Vertebra(Scan, 20 + at, 64) with
    {
        VolumeMm3 = 64_000, ComponentCount = 1, TouchesBorder = false,
        CentroidXMm = 100, CentroidYMm = 104, CentroidZMm = 300,
        BboxMinI = 60, BboxMaxI = 141, BboxMinJ = 60, BboxMaxJ = 141, BboxMinK = 280, BboxMaxK = 321,
        ExtentLrMm = 84, ExtentApMm = 80, ExtentSiMm = 40,
    }, 1.15), -StepMm * at))];

    private static VertebraRow Ellipsoid(VertebraRow row, double boxOver) =>
        row with { AxisMajorMm = row.ExtentLrMm / boxOver, AxisMiddleMm = row.ExtentApMm / boxOver, AxisMinorMm = row.ExtentSiMm / boxOver };

    // the box keeps to whole voxels, which is near enough
    private static VertebraRow Moved(VertebraRow row, double zMm) => BoxMoved(row with { CentroidZMm = row.CentroidZMm + zMm }, zMm / Size);

    private static VertebraRow BoxMoved(VertebraRow row, double z) => row with
    {
        BboxMinK = row.BboxMinK + (int)Math.Round(z * Size),
        BboxMaxK = row.BboxMaxK + (int)Math.Round(z * Size),
    };

    private static VertebraRow MassMoved(VertebraRow row, double x, double y) =>
        row with { CentroidXMm = row.CentroidXMm + x * Size, CentroidYMm = row.CentroidYMm + y * Size };
}
