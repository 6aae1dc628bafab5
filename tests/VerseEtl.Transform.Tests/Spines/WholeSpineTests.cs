using VerseEtl.Phantoms;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Spines;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Spines;

public sealed class WholeSpineTests
{
    [Theory]
    [InlineData("17 18 19 20", "T10 T11 T12 L1", "", "")]
    [InlineData("17 18 20 21", "T10 T11 L1 L2", "", "no-T12")]
    [InlineData("19 28 20", "T12 T13 L1", "", "T13")]
    [InlineData("18 28 20", "T11 T13 L1", "T12", "T13")]
    [InlineData("24 25", "L5 L6", "", "L6")]
    [InlineData("23 26", "L4 sacrum", "L5", "no-L5")]
    [InlineData("24 26 27", "L5 sacrum coccyx", "", "")]
    [InlineData("16 20 23", "T9 L1 L4", "T10 T11 T12 L2 L3", "")]
    public void Levels_and_variants_are_named(string labels, string present, string missing, string variants)
    {
        SpineRow row = Row(Arc([.. labels.Split(' ').Select(int.Parse)]));
        Assert.Equal((present, missing, variants), (row.LevelsPresent, row.LevelsMissing, row.Variants));
        Assert.Equal((present.Split(' ')[0], present.Split(' ')[^1]), (row.FirstVertebra, row.LastVertebra));
    }

    [Fact]
    public void A_circular_arc_has_the_angles_and_lengths_of_a_circle()
    {
        // a vertebra every 8 degrees of a circle of 200 mm around a point behind the spine
        SpineRow row = Row(Arc([20, 21, 22, 23, 24], around: -200));
        Assert.Equal(24, row.LordosisTangentDeg!.Value, 1e-9);
        Assert.Equal(4 * 400 * Sine(4), row.CurveLengthMm!.Value, 1e-9);
        Assert.Equal(400 * Sine(16), row.ChordLengthMm!.Value, 1e-9);
        Assert.Equal(200 * (1 - Cosine(16)), row.SagittalDeviationMm!.Value, 1e-9);
        Assert.Equal(0, row.CoronalDeviationMm!.Value, 1e-9);
        Assert.Equal(0, row.CoronalAngleDeg!.Value, 1e-9);
        Assert.Null(row.KyphosisTangentDeg);

        row = Row(Arc([11, 12, 13, 14, 15, 16, 17, 18, 19], around: 200));
        Assert.Equal(7 * 8, row.KyphosisTangentDeg!.Value, 1e-9);
        Assert.Null(row.LordosisTangentDeg);
    }

    [Fact]
    public void A_bend_to_the_right_is_seen_from_the_front()
    {
        VertebraRow[] rows = [.. Arc([20, 21, 22, 23, 24], around: -200).Select(row => row with { CentroidXMm = row.CentroidYMm, CentroidYMm = 0 })];
        SpineRow row = Row(rows);
        Assert.Equal(200 * (1 - Cosine(16)), row.CoronalDeviationMm!.Value, 1e-9);
        Assert.Equal(3 * 8, row.CoronalAngleDeg!.Value, 1e-9); // the outer tangents run through the middles of their pieces
        Assert.Equal(0, row.LordosisTangentDeg!.Value, 1e-9);
    }

    [Fact]
    public void Deviations_are_across_the_chord_wherever_it_lies_and_signed()
    {
        // the chord falls 80 mm and runs 60 mm to the front; (0, 0.8, 0.6) and (1, 0, 0) are across it
        SpineRow row = Row(At((10, 100, 200), (13, 119, 183), (3, 145, 140), (10, 160, 120)));
        Assert.Equal(100, row.ChordLengthMm!.Value, 1e-9);
        Assert.Equal(4, row.SagittalDeviationMm!.Value, 1e-9);
        Assert.Equal(-7, row.CoronalDeviationMm!.Value, 1e-9);
        double[] pieces = [9 + 19 * 19 + 17 * 17, 100 + 26 * 26 + 43 * 43, 49 + 15 * 15 + 20 * 20];
        Assert.Equal(pieces.Sum(Math.Sqrt), row.CurveLengthMm!.Value, 1e-9);
        Assert.Null(Row(At((10, 100, 200), (10, 100, 200))).CurveLengthMm);

        static VertebraRow[] At(params (double X, double Y, double Z)[] points) => [.. points.Select((point, n) =>
            CohortRows.Vertebra(Scan([20]), 20 + n, 50) with { CentroidXMm = point.X, CentroidYMm = point.Y, CentroidZMm = point.Z })];
    }

    [Fact]
    public void What_lies_above_a_stretch_does_not_change_its_angle() =>
        Assert.Equal(24, Row(Arc([18, 19, 20, 21, 22, 23, 24], around: -200)).LordosisTangentDeg!.Value, 1e-9);

    [Fact]
    public void Where_a_level_is_missing_lengths_are_null_and_a_finding_says_why()
    {
        ScanRow scan = Scan([20, 21, 23, 24]);
        (SpineRow? row, IReadOnlyList<Transform.Findings.Finding> findings) = WholeSpine.Of(scan, Arc([20, 21, 23, 24]));
        Assert.Null(row!.CurveLengthMm);
        Assert.Null(row.LordosisTangentDeg);
        Assert.Equal(["curve_length_mm", "lordosis_tangent_deg", "kyphosis_tangent_deg"], findings.Select(finding => finding.Field));
        Assert.All(findings, finding => Assert.Equal(("SPN_LEVELS", "L1 L2 L4 L5"), (finding.Code, finding.Observed)));
    }

    [Fact]
    public void The_curve_runs_through_annotated_points_only_if_all_vertebrae_have_one_and_leaves_C1_out()
    {
        VertebraRow[] rows = [.. Arc([1, 2, 3, 4]).Select(row => row with { AnnotatedXMm = 0, AnnotatedYMm = 10, AnnotatedZMm = 100 - 12 * row.Label })];
        SpineRow row = Row(rows);
        Assert.Equal(("annotated", 24), (row.CurveThrough, row.CurveLengthMm));
        rows[0] = rows[0] with { AnnotatedXMm = null, AnnotatedYMm = null, AnnotatedZMm = null };
        Assert.Equal("annotated", Row(rows).CurveThrough);
        rows[1] = rows[1] with { AnnotatedXMm = null, AnnotatedYMm = null, AnnotatedZMm = null };
        row = Row(rows);
        Assert.Equal("centroids", row.CurveThrough);
        Assert.Equal(2 * 400 * Sine(4), row.CurveLengthMm!.Value, 1e-9);
    }

    [Fact]
    public void Scans_without_labels_have_a_row_of_nulls_and_unreadable_ones_none()
    {
        SpineRow row = Row([]);
        Assert.Equal((0, null, "", null, null), (row.VertebraCount, row.FirstVertebra, row.LevelsPresent, row.CurveThrough, row.CurveLengthMm));
        Assert.Null(WholeSpine.Of(CohortRows.Scan("verse19", "test", "sub-a", [], status: ScanStatus.Failed), []).Row);
    }

    [Fact]
    public void Pairs_measure_neighbours_and_leave_out_what_lies_beyond_a_missing_level()
    {
        VertebraRow[] rows = Arc([19, 20, 22]);
        rows[0] = rows[0] with { VolumeMm3 = 40_000, AnnotatedXMm = 1, AnnotatedYMm = 2, AnnotatedZMm = 3 };
        rows[1] = rows[1] with { VolumeMm3 = 50_000, AnnotatedXMm = 1, AnnotatedYMm = 6, AnnotatedZMm = 6 };
        PairRow[] pairs = [.. NeighbourPairs.Of(rows)];
        Assert.Equal([("T12", "L1", 0), ("L1", "L3", 1)], pairs.Select(pair => (pair.UpperVertebra, pair.LowerVertebra, pair.LevelsBetween)));
        Assert.Equal((5, 1.25), (pairs[0].AnnotatedDistanceMm, pairs[0].VolumeRatio));
        Assert.Equal(400 * Sine(4), pairs[0].CentroidDistanceMm!.Value, 1e-9);
        Assert.Equal((null, null, null), (pairs[1].CentroidDistanceMm, pairs[1].AnnotatedDistanceMm, pairs[1].VolumeRatio));
    }

    [Fact]
    public void Every_scan_with_a_readable_mask_gets_into_the_tables()
    {
        ScanRow first = Scan([20, 21]), second = CohortRows.Scan("verse19", "test", "sub-b", []);
        ScanRow failed = CohortRows.Scan("verse19", "test", "sub-c", [], status: ScanStatus.Failed);
        PublishedTables tables = CohortTables.Of([new(failed, [], []), new(first, Arc([20, 21]), []), new(second, [], [])]).Tables;
        Assert.Equal([first.ScanKey, second.ScanKey], tables.Spines.Select(spine => spine.ScanKey));
        Assert.Equal((first.ScanKey, 20, 21), Assert.Single(tables.Pairs.Select(pair => (pair.ScanKey, pair.UpperLabel, pair.LowerLabel))));
    }

    private static SpineRow Row(IReadOnlyList<VertebraRow> rows) => WholeSpine.Of(Scan([.. rows.Select(row => row.Label)]), rows).Row!;

    private static ScanRow Scan(IReadOnlyList<int> labels) => CohortRows.Scan("verse19", "test", "sub-a", labels);

    /// <summary>Centroids every 8 degrees of a sagittal circle, the middle one at the height of its centre.</summary>
    private static VertebraRow[] Arc(int[] labels, double around = 200)
    {
        ScanRow scan = Scan(labels);
        return [.. labels.OrderBy(VertebraLabel.AnatomicalOrder).Select((label, n) => (label, angle: 8 * ((labels.Length - 1) / 2.0 - n)))
            .Select(at => CohortRows.Vertebra(scan, at.label, 50) with
            {
                CentroidXMm = 0, CentroidYMm = around - around * Cosine(at.angle), CentroidZMm = Math.Abs(around) * Sine(at.angle),
            })];
    }

    private static double Sine(double degrees) => Math.Sin(degrees * Math.PI / 180);

    private static double Cosine(double degrees) => Math.Cos(degrees * Math.PI / 180);
}
