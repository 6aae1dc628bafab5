using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Quality;

public sealed class ScanChecksTests
{
    [Theory]
    [InlineData("17 18 19 20 21", "")]
    [InlineData("18 20 21", "")]
    [InlineData("19 28 20", "")]
    [InlineData("23 24 25", "")]
    [InlineData("24 26 27", "")]
    [InlineData("25 26", "")]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24", "")]
    [InlineData("17 20", "L1 after T10, expected T11")]
    [InlineData("18 28 20", "T13 after T11, expected T12 or L1")]
    [InlineData("19 21", "L2 after T12, expected T13 or L1")]
    [InlineData("19 28 21", "L2 after T13, expected L1")]
    [InlineData("20 21 23 24", "L4 after L2, expected L3")]
    public void Labels_follow_anatomy(string labels, string expected)
    {
        string[] gaps = [.. Check([.. labels.Split(' ').Select(int.Parse)]).Where(finding => finding.Code == "MSK_GAP")
            .Select(finding => $"{finding.Observed}, expected {finding.Expected}")];
        Assert.Equal(expected.Length == 0 ? [] : [expected], gaps);
    }

    [Theory]
    [InlineData(1, 1.0, false)]
    [InlineData(2, 0.9999, false)]
    [InlineData(2, 0.985, true)]
    [InlineData(2, 0.99, false)]
    public void A_second_component_counts_from_one_percent_on(int components, double largest, bool found)
    {
        Assert.Equal(found, Check([20], row => row with { ComponentCount = components, LargestComponentFraction = largest })
            .Any(finding => finding.Code == "MSK_FRAGMENT"));
    }

    [Fact]
    public void A_label_without_a_surface_says_why()
    {
        Finding finding = Assert.Single(Check([20, 21], row => row.Label == 20 ? row with { SurfaceAreaMm2 = null } : row));
        Assert.Equal(("MSK_SPREAD", 20, "a box of 30x30x30 voxels"), (finding.Code, finding.Label, finding.Observed));
    }

    [Theory]
    [InlineData(20, 0L, true)]
    [InlineData(20, null, true)]
    [InlineData(20, 1L, false)]
    [InlineData(1, null, false)]
    public void A_body_without_a_deep_voxel_says_so(int label, long? voxels, bool found)
    {
        IReadOnlyList<Finding> findings = Check([label], row => row with
        {
            AnnotatedI = 20,
            AnnotatedJ = 20,
            AnnotatedK = 20,
            AnnotationDistanceMm = 10,
            AnnotationLabel = label,
            TrabecularVoxels = voxels,
        });
        Assert.Equal(found, findings.Any(finding => (finding.Code, finding.Label, finding.Severity) == ("MSK_THIN_BODY", label, Severity.Info)));
        Assert.DoesNotContain(Check([label], row => row with { TrabecularVoxels = null }), finding => finding.Code == "MSK_THIN_BODY");
    }

    [Theory]
    [InlineData("20", "I", "the box reaches the upper or lower face of the volume")]
    [InlineData("20 21", "S", "the box reaches the upper or lower face of the volume")]
    [InlineData("20", "L", "a vertebra alone")]
    [InlineData("20 21", "", "no body around the annotated point in the mid-sagittal map")]
    public void A_body_without_heights_says_why(string labels, string faces, string reason)
    {
        Finding[] findings = [.. Check([.. labels.Split(' ').Select(int.Parse)],
            row => row with
            {
                AnnotatedI = 20, AnnotatedJ = 20, AnnotatedK = 20, AnnotationDistanceMm = 5, HeightMiddleMm = row.Label == 20 ? null : 25, BorderFaces = faces,
            }).Where(finding => finding.Code == "HGT_NONE")];
        Assert.Equal((20, "height_middle_mm", reason), Assert.Single(findings) switch { var told => (told.Label, told.Field, told.Observed) });
    }

    [Fact]
    public void What_is_wrong_with_a_label_is_told_by_column_with_what_was_found_and_expected()
    {
        IReadOnlyList<Finding> findings = Check([20], row => row with
        {
            ComponentCount = 3,
            LargestComponentFraction = 0.5,
            AnnotatedI = 20,
            AnnotatedJ = 20,
            AnnotatedK = 20,
            AnnotationDistanceMm = 5,
            HeightMiddleMm = 25,
            TrabecularVoxels = null,
            TouchesBorder = true,
            BorderFaces = "L",
        });
        Assert.Equal(
            [
                ("MSK_FRAGMENT", "largest_component_fraction", "3 components, the largest with 50.0 %", "at least 99 % in one"),
                ("MSK_THIN_BODY", "trabecular_voxels", "a body that cannot be told from its arch, or a lattice too fine", "at least 1 voxel"),
                ("MSK_TOUCHES_BORDER", "border_faces", "L", null),
            ],
            findings.Where(finding => finding.Code.StartsWith("MSK_", StringComparison.Ordinal)).OrderBy(finding => finding.Code, StringComparer.Ordinal)
                .Select(finding => (finding.Code, finding.Field, finding.Observed, finding.Expected)));
    }

    [Fact]
    public void A_vertebra_cut_off_by_the_border_is_told_but_leaves_the_scan_ok()
    {
        ScanRow scan = CohortRows.Scan("verse19", "test", "sub-a", [20]);
        ScanResult result =
            ScanChecks.Apply(new ScanResult(scan, [CohortRows.Vertebra(scan, 20, 50) with { TouchesBorder = true, BorderFaces = "I" }], []), null);
        Assert.Equal(("MSK_TOUCHES_BORDER", Severity.Info, "I"), (result.Findings[0].Code, result.Findings[0].Severity, result.Findings[0].Observed));
        Assert.Equal(ScanStatus.Ok, result.Scan.Status);
    }

    [Fact]
    public void What_is_implausible_about_a_label_is_told_and_stands_in_its_row()
    {
        // four at one place, too narrow, of which the last is four times as large
        ScanRow scan = CohortRows.Scan("verse19", "test", "sub-a", [20, 21, 22, 23]) with { Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
        ScanResult result = ScanChecks.Apply(new ScanResult(scan,
            [.. scan.Labels!.Select(label => CohortRows.Vertebra(scan, label, label == 23 ? 200 : 50))], []), null);
        Assert.Contains(result.Findings, finding => finding is { Code: "LBL_VOLUME", Label: 23, ScanKey: "verse19/test/sub-a" });
        Assert.Equal(["LBL_REGION", "LBL_SPACING", "LBL_SPACING", "LBL_VOLUME"], result.Vertebrae.Select(row => row.Plausibility));
    }

    [Fact]
    public void A_gap_makes_the_scan_a_warning_and_a_failed_scan_stays_failed()
    {
        ScanRow scan = CohortRows.Scan("verse19", "test", "sub-a", [20, 22]);
        ScanResult result = new(scan, [CohortRows.Vertebra(scan, 20, 50), CohortRows.Vertebra(scan, 22, 50)], []);
        Assert.Equal(ScanStatus.Warning, ScanChecks.Apply(result, null).Scan.Status);
        ScanRow failed = CohortRows.Scan("verse19", "test", "sub-b", [], status: ScanStatus.Failed);
        Assert.Equal(ScanStatus.Failed, ScanChecks.Apply(new ScanResult(failed, [], []), null).Scan.Status);
    }

    [Theory]
    [InlineData(28.54 / 3, false)]
    [InlineData(28.54 / 3.01, true)]
    [InlineData(82.81 * 3, false)]
    [InlineData(82.81 * 3.01, true)]
    public void A_volume_of_L1_may_leave_the_published_range_by_a_factor_of_three(double volume, bool found)
    {
        Assert.Equal(found, Check([20], row => row with { VolumeCm3 = volume }, Reference.Verse()).Any(finding => finding.Code == "MSK_TINY"));
    }

    [Fact]
    public void An_annotated_point_is_looked_at_in_every_way_and_C1_may_lie_beside_itself()
    {
        ScanRow scan = CohortRows.Scan("verse19", "test", "sub-a", [1, 2, 3, 4, 5]) with { AnnotatedLabels = [1, 2, 3, 4, 9], CentroidPath = "c.json" };
        VertebraRow Annotated(int label, double i, int? there, double distance) => CohortRows.Vertebra(scan, label, 15) with
        {
            AnnotatedI = i,
            AnnotatedJ = 25,
            AnnotatedK = 25,
            AnnotationLabel = there,
            AnnotationDistanceMm = distance,
        };
        IReadOnlyList<Finding> findings = ScanChecks.Of(scan,
            [Annotated(1, 25, 0, 3), Annotated(2, 99.9, 3, 20), Annotated(3, 100.9, null, 20.1), Annotated(4, -1, 4, 0), CohortRows.Vertebra(scan, 5, 15)]);
        Assert.Equal(
            [
                ("CTD_FAR", 3, "annotation_distance_mm"),
                ("CTD_OUTSIDE_LABEL", 2, "annotation_label"),
                ("CTD_RANGE", 3, "X, Y, Z"),
                ("CTD_RANGE", 5, "mask label without centroid"),
                ("CTD_RANGE", 9, "centroid without mask label"),
            ],
            findings.Where(finding => finding.Code.StartsWith("CTD", StringComparison.Ordinal))
                .OrderBy(finding => finding.Code, StringComparer.Ordinal).ThenBy(finding => finding.Label)
                .Select(finding => (finding.Code, finding.Label!.Value, finding.Field!)));
        Assert.All(findings, finding => Assert.Equal(finding.Code == "HGT_NONE" ? Severity.Info : Severity.Warning, finding.Severity));
        Assert.Equal([3, 4], findings.Where(finding => finding.Code == "HGT_NONE").Select(finding => finding.Label!.Value).Order());
    }

    [Fact]
    public void A_scan_without_a_centroid_file_is_not_asked_for_centroids()
    {
        Assert.Empty(Check([20, 21]));
    }

    private static IReadOnlyList<Finding> Check(int[] labels, Func<VertebraRow, VertebraRow>? change = null, Reference? reference = null)
    {
        ScanRow scan = CohortRows.Scan("verse19", "test", "sub-a", [.. labels.OrderBy(VertebraLabel.AnatomicalOrder)]);
        return ScanChecks.Of(scan, [.. labels.Select(label => (change ?? (row => row))(CohortRows.Vertebra(scan, label, 50)))], reference);
    }
}
