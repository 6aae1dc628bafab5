using VerseEtl.Phantoms;
using VerseEtl.Transform.Spines;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Spines;

public sealed class NeighbourPairsTests
{
    private static readonly ScanRow Scan = CohortRows.Scan("verse19", "test", "sub-a", [20, 21, 23]);

    private static readonly VertebraRow Upper = CohortRows.Vertebra(Scan, 20, 40) with
    {
        CentroidXMm = 10,
        CentroidYMm = 20,
        CentroidZMm = 30,
        AnnotatedXMm = 1,
        AnnotatedYMm = 2,
        AnnotatedZMm = 3,
        HeightAnteriorMm = 20,
        HeightMiddleMm = 19,
        HeightPosteriorMm = 21,
    };

    private static readonly VertebraRow Lower = CohortRows.Vertebra(Scan, 21, 50) with
    {
        CentroidXMm = 13,
        CentroidYMm = 16,
        CentroidZMm = 18,
        AnnotatedXMm = 3,
        AnnotatedYMm = 4,
        AnnotatedZMm = 2,
        HeightAnteriorMm = 25,
        HeightMiddleMm = 26,
        HeightPosteriorMm = 24,
    };

    [Fact]
    public void Neighbours_have_distances_and_ratios_of_the_lower_to_the_upper()
    {
        PairRow pair = Assert.Single(NeighbourPairs.Of([Lower, Upper]));
        Assert.Equal((20, 21, 0), (pair.UpperLabel, pair.LowerLabel, pair.LevelsBetween));
        Assert.Equal((13.0, 3.0, 1.25, 1.25), (pair.CentroidDistanceMm, pair.AnnotatedDistanceMm, pair.VolumeRatio, pair.HeightRatio));
    }

    [Fact]
    public void Over_a_gap_there_is_nothing_to_measure()
    {
        PairRow pair = Assert.Single(NeighbourPairs.Of([Upper, Lower with { Label = 23, AnatomicalOrder = Lower.AnatomicalOrder + 2 }]));
        Assert.Equal((2, null, null, null, null),
            (pair.LevelsBetween, pair.CentroidDistanceMm, pair.AnnotatedDistanceMm, pair.VolumeRatio, pair.HeightRatio));
    }
}
