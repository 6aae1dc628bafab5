using VerseEtl.Phantoms;
using VerseEtl.Transform.Spines;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Spines;

/// <summary>Plates drawn in the plane of y and z: what rises, rises towards the back.</summary>
public sealed class EndplateTests
{
    [Fact]
    public void Lordosis_and_kyphosis_are_between_the_outer_plates_of_their_levels()
    {
        // as a standing spine has them: L1 falls to the back, L5 rises; T4 the other way round
        VertebraRow t3 = Plates(10, 1, 2), t4 = Plates(11, 25, 3), t8 = Plates(15, 4, 5), t12 = Plates(19, 6, -15);
        VertebraRow l1 = Plates(20, -20, 7), l3 = Plates(22, 8, 9), l5 = Plates(24, 10, 30);
        SpineRow row = Row([t3, t4, t8, t12, l1, l3, l5]);
        Assert.Equal(50, row.LordosisEndplateDeg!.Value, 1e-9);
        Assert.Equal(40, row.KyphosisEndplateDeg!.Value, 1e-9);
        row = Row([t4, t8, l1, l3]);
        Assert.Equal((null, null), (row.LordosisEndplateDeg, row.KyphosisEndplateDeg));
    }

    [Fact]
    public void A_gap_is_measured_along_the_line_between_the_points_and_opens_to_the_front()
    {
        // the line runs 3 mm behind the middle of the upper plate and 1 mm before that of the lower one
        VertebraRow upper = Plates(20, 0, 10) with
        {
            AnnotatedXMm = 1,
            AnnotatedYMm = 2,
            AnnotatedZMm = 40,
            EndplateInferiorXMm = 4,
            EndplateInferiorYMm = 5,
            EndplateInferiorZMm = 28,
        };
        VertebraRow lower = Plates(21, -15, 0) with
        {
            AnnotatedXMm = 1,
            AnnotatedYMm = 2,
            AnnotatedZMm = 10,
            EndplateSuperiorXMm = 3,
            EndplateSuperiorYMm = 1,
            EndplateSuperiorZMm = 22,
        };
        PairRow pair = Assert.Single(NeighbourPairs.Of([upper, lower]));
        Assert.Equal(28 + 3 * Tangent(10) - (22 + 1 * Tangent(15)), pair.GapMm!.Value, 1e-9);
        Assert.Equal(-25, pair.EndplateAngleDeg!.Value, 1e-9);
        pair = Assert.Single(NeighbourPairs.Of([upper, lower with { Label = 22, AnatomicalOrder = lower.AnatomicalOrder + 1 }]));
        Assert.Equal((null, null), (pair.GapMm, pair.EndplateAngleDeg));
    }

    [Fact]
    public void Where_the_line_runs_along_a_plate_or_has_no_length_there_is_no_gap()
    {
        VertebraRow upper = Plates(20, 0, 90) with { AnnotatedXMm = 1, AnnotatedYMm = 2, AnnotatedZMm = 40, EndplateInferiorBackY = 0 };
        VertebraRow lower = Plates(21, 0, 0) with { AnnotatedXMm = 1, AnnotatedYMm = 2, AnnotatedZMm = 10 };
        Assert.Null(Assert.Single(NeighbourPairs.Of([upper, lower])).GapMm);
        Assert.Null(Assert.Single(NeighbourPairs.Of([upper, lower with { AnnotatedZMm = 40 }])).GapMm);
    }

    private static SpineRow Row(VertebraRow[] rows) => WholeSpine.Of(Scan, rows).Row!;

    private static readonly ScanRow Scan = CohortRows.Scan("verse19", "test", "sub-a", [20]);

    private static VertebraRow Plates(int label, double superiorRise, double inferiorRise) => CohortRows.Vertebra(Scan, label, 40) with
    {
        EndplateSuperiorXMm = 0,
        EndplateSuperiorYMm = 0,
        EndplateSuperiorZMm = 0,
        EndplateSuperiorBackX = 0,
        EndplateSuperiorBackY = -Cosine(superiorRise),
        EndplateSuperiorBackZ = Sine(superiorRise),
        EndplateInferiorXMm = 0,
        EndplateInferiorYMm = 0,
        EndplateInferiorZMm = 0,
        EndplateInferiorBackX = 0,
        EndplateInferiorBackY = -Cosine(inferiorRise),
        EndplateInferiorBackZ = Sine(inferiorRise),
    };

    private static double Sine(double degrees) => Math.Sin(degrees * Math.PI / 180);

    private static double Cosine(double degrees) => Math.Cos(degrees * Math.PI / 180);

    private static double Tangent(double degrees) => Math.Tan(degrees * Math.PI / 180);
}
