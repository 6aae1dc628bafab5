using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
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

    [Fact]
    public void What_is_expected_is_told_in_the_size_of_this_spine()
    {
        Assert.Equal(("51.0 mm from L2", "20 to 50 mm"), Told(Changes["distance from the one above"](1.275)));
        Assert.Equal(("60 mm", "at least 68 mm at L3"), Told(Changes["width of L3"](1.5)));
        Assert.Equal(("100 mm", "at most 80 mm at T12"), Told(Changes["width of T12"](2.5)));
        Assert.Equal(("L3 8.0 mm above L2", "below L2"), Told(Changed(row => Moved(row, StepMm + 8))[..3]));
        Assert.Equal(("1.60 times what the neighbours let expect", "0.67 to 1.50"), Told(Changes["volume"](1.6)));
        Assert.Equal(("mass 8.0 mm behind the middle of the box", "in front of it"), Told(Changes["mass backward"](0.2)));
        Assert.Equal(("60 mm", "at least 68 mm at L1"), Told([Spine()[0] with { ExtentLrMm = 60 }]));

        static (string?, string?) Told(VertebraRow[] spine) =>
            LabelPlausibility.Of(Scan, spine, null).Select(finding => (finding.Observed, finding.Expected)).First();
    }

    [Theory]
    [InlineData("volume", 1.6, "volume_cm3")]
    [InlineData("distance from the one above", 1.4, "centroid_distance_mm")]
    [InlineData("box over ellipsoid", 1.7, "bbox")]
    [InlineData("mass backward", 0.2, "centroid_y_mm")]
    [InlineData("width of L3", 1.5, "extent_lr_mm")]
    public void A_finding_names_the_column_that_it_is_about(string what, double ratio, string column) =>
        Assert.Equal(column, Assert.Single(LabelPlausibility.Of(Scan, Changes[what](ratio), null)).Field);

    [Fact]
    public void What_is_out_of_order_or_out_of_range_names_its_column_too()
    {
        Assert.Equal("centroid_z_mm", LabelPlausibility.Of(Scan, Changed(row => Moved(row, StepMm + 8)), null)
            .First(finding => finding.Code == Faults.LblOrder.Code).Field);
        Assert.Equal("volume_cm3", LabelPlausibility.Of(Scan, Changed(row => row with { VolumeCm3 = 500 }), Reference.Verse())
            .First(finding => finding.Code == Faults.LblRange.Code).Field);
    }

    [Fact]
    public void Volumes_are_compared_as_shares_of_what_is_usual_at_their_levels()
    {
        // C3, T6 and L4 have nothing in common but that each is as large as the published median
        VertebraRow[] spine = [.. Spine()[..3].Zip(new[] { 3, 13, 23 }, (row, label) => row with { Label = label })];
        VertebraRow[] usual = [.. spine.Select(row => row with { VolumeCm3 = Reference.Verse().Label(row.Label)!.VolumeCm3Median!.Value })];
        Assert.DoesNotContain(Codes(usual, Reference.Verse()), code => code.StartsWith("LBL_VOLUME", StringComparison.Ordinal));
        Assert.Contains("LBL_VOLUME 3", Codes(usual, null));
    }

    [Fact]
    public void The_median_of_two_neighbours_on_each_side_is_what_a_volume_is_compared_with()
    {
        // of the four around the middle one two are small and two are large: 1, 1, 2, 2; beyond them lies what would decide otherwise
        double[] shares = [9, 1, 1, 2.2, 2, 2, 0.1];
        VertebraRow[] spine = [.. shares.Select((share, at) => Spine()[0] with { Label = 8 + at, VolumeCm3 = share })];
        string[] told = [.. LabelPlausibility.Of(Scan, spine, null).Where(finding => finding.Label == 11).Select(finding => finding.Code)];
        Assert.DoesNotContain("LBL_VOLUME", told);
        spine[3] = spine[3] with { VolumeCm3 = 2.3 };
        Finding finding = Assert.Single(LabelPlausibility.Of(Scan, spine, null), finding => finding is { Label: 11, Code: "LBL_VOLUME" });
        Assert.StartsWith("1.53 times", finding.Observed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_spine_that_is_turned_as_a_whole_is_told_once()
    {
        VertebraRow[] turned = [.. Spine().Select(row => MassMoved(row, 0, -0.3))];
        Finding finding = Assert.Single(LabelPlausibility.Of(Scan, turned, null));
        Assert.Equal(("LBL_FRONT_BACK", null, "centroid_y_mm"), (finding.Code, finding.Label, finding.Field));
        Assert.Equal("5 of 5 vertebrae with their mass behind the middle of their box", finding.Observed);
        VertebraRow[] rising = [.. Spine().Select((row, at) => Moved(row, 2 * StepMm * at))];
        finding = Assert.Single(LabelPlausibility.Of(Scan, rising, null));
        Assert.Equal(("LBL_UPSIDE_DOWN", null, "4 of 4 steps go up, L1 to L5"), (finding.Code, finding.Label, finding.Observed));
        Assert.Equal("centroid_z_mm", finding.Field);
    }

    [Theory]
    [InlineData(5, "LBL_ORDER 21 LBL_ORDER 23")]
    [InlineData(6, "LBL_UPSIDE_DOWN ")]
    public void More_than_half_of_the_steps_have_to_go_up_before_all_are_called_so(int vertebrae, string expected)
    {
        // the first and every other step goes up
        int[] heights = [0, 1, -1, 0, -2, -1];
        VertebraRow[] spine = [.. heights[..vertebrae].Select((up, at) => Moved(Spine()[0] with { Label = 20 + at }, up * StepMm))];
        Assert.Equal(expected, string.Join(' ', Codes(spine, null).Where(code => code.Contains("ORDER", StringComparison.Ordinal)
            || code.Contains("UPSIDE", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("volume", 0.5)]
    [InlineData("distance from the one above", 1.4)]
    [InlineData("mass aside", 0.4)]
    [InlineData("mass backward", 0.2)]
    [InlineData("width of L3", 1.5)]
    public void What_the_border_has_cut_is_not_judged_by_what_is_left(string what, double ratio)
    {
        VertebraRow[] spine = Changes[what](ratio);
        Assert.NotEmpty(Codes(spine, null));
        Assert.Empty(Codes([.. spine.Select(row => row.Label == L3 ? row with { TouchesBorder = true } : row)], null));
    }

    [Fact]
    public void An_island_moves_the_mass_of_a_label_whatever_the_border_cuts()
    {
        Assert.Equal(["LBL_EXTENT 22"], Codes(InTwo(Changes["mass backward"](0.06), atBorder: false), null));
        Assert.Empty(Codes(InTwo(Changes["mass backward"](0.04), atBorder: false), null));
        Assert.Equal(["LBL_EXTENT 22"], Codes(InTwo(Changes["mass aside"](0.31), atBorder: true), null));
        Assert.Empty(Codes(InTwo(Changes["mass aside"](0.29), atBorder: true), null));

        static VertebraRow[] InTwo(VertebraRow[] spine, bool atBorder) =>
            [.. spine.Select(row => row.Label == L3 ? row with { ComponentCount = 2, TouchesBorder = atBorder } : row)];
    }

    [Fact]
    public void Only_true_neighbours_within_the_image_have_a_distance_to_judge()
    {
        Assert.Empty(Codes([.. Spine().Where(row => row.Label != L3)], null));
        VertebraRow[] cut = Changes["distance from the one above"](1.4);
        cut[1] = cut[1] with { TouchesBorder = true };
        Assert.Empty(Codes(cut, null));
    }

    [Fact]
    public void Of_two_vertebrae_each_is_held_against_the_other() =>
        Assert.Equal(["LBL_VOLUME 20", "LBL_VOLUME 21"], Codes([Spine()[0], Spine()[1] with { VolumeCm3 = 1.6 * 64 }], null));

    [Theory]
    [InlineData(18, 1.6, 2.1)]
    [InlineData(19, 1.6, 2.1)]
    [InlineData(20, 2.1, 1.6)]
    [InlineData(24, 2.1, 1.6)]
    [InlineData(17, 1.6, null)]
    [InlineData(17, 2.1, null)]
    public void Lumbar_vertebrae_are_wide_and_the_two_above_them_are_not(int label, double plausible, double? doubtful)
    {
        Assert.Empty(Codes(Wide(plausible), null));
        if (doubtful is double ratio) Assert.Equal([$"LBL_REGION {label}"], Codes(Wide(ratio), null));

        VertebraRow[] Wide(double ratio) => [Spine()[0] with { Label = label, ExtentLrMm = ratio * Size }];
    }

    [Fact]
    public void C1_has_no_body_in_front()
    {
        VertebraRow[] spine = [.. Spine()[1..4].Select((row, at) => row with { Label = 1 + at, Vertebra = $"C{1 + at}" })];
        spine[0] = MassMoved(spine[0], 0, -0.3);
        Assert.Empty(Codes(spine, null));
        spine[0] = spine[0] with { Label = 4 };
        Assert.Contains("LBL_FRONT_BACK 4", Codes(spine, null));
    }

    [Fact]
    public void The_worst_about_a_label_is_the_severest_of_its_own_and_of_what_is_about_the_whole_spine()
    {
        Finding[] findings = [.. LabelPlausibility.Of(Scan, Changes["volume"](1.6), null), .. LabelPlausibility.Of(Scan, Changes["mass aside"](0.4), null)];
        Assert.Equal(["LBL_VOLUME", "LBL_EXTENT"], findings.Select(finding => finding.Code));
        Assert.Equal(("LBL_EXTENT", null), (LabelPlausibility.Worst(L3, findings), LabelPlausibility.Worst(L3 + 1, findings)));
        Finding[] turned = [.. LabelPlausibility.Of(Scan, [.. Spine().Select(row => MassMoved(row, 0, -0.3))], null)];
        Assert.Equal("LBL_FRONT_BACK", LabelPlausibility.Worst(L3 + 1, [.. findings, .. turned]));
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
