using VerseEtl.Phantoms;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Measuring;

/// <summary>One step to either side of each bound.</summary>
public sealed class HounsfieldUnitsTests
{
    private static readonly VertebraRow Bone = CohortRows.Vertebra(CohortRows.Scan("verse19", "test", "sub-a", [20]), 20, 1) with
    {
        VoxelCount = 600,
        MaskHuMin = -100,
        MaskHuP05 = 20,
        MaskHuMean = 200,
        MaskHuP95 = 500,
        MaskHuMax = 1200,
    };

    private static readonly HounsfieldSummary NoAir = new(100, 50, 9, 0, 0, 0, 0, 0, 0, 100);

    [Theory]
    [InlineData(-100, 20, 200, 500, 156, "normalised or windowed")]
    [InlineData(-100, 20, 200, 500, 156.5, null)]
    [InlineData(-100, 700.5, 900, 1000, 1200, "an intercept such as -1024 is missing")]
    [InlineData(-100, 700, 900, 1000, 1200, "doubtful: marrow near 100 HU")]
    [InlineData(-100, 350.5, 900, 1000, 1200, "doubtful: marrow near 100 HU")]
    [InlineData(-100, 350, 900, 1000, 1200, null)]
    [InlineData(-900, -700, -400, -100.5, 0, "applied twice")]
    [InlineData(-900, -700, -400, -100, 0, null)]
    [InlineData(-100, 20, 2000.5, 3000, 4000, "the slope is wrong")]
    [InlineData(-100, 20, 2000, 3000, 4000, null)]
    public void Values_that_no_bone_has_are_told(double least, double p05, double mean, double p95, double most, string? expected)
    {
        VertebraRow row = Bone with { MaskHuMin = least, MaskHuP05 = p05, MaskHuMean = mean, MaskHuP95 = p95, MaskHuMax = most };
        Told(expected, HounsfieldUnits.Doubt([row, row], null));
    }

    [Theory]
    [InlineData(0, 250.5, 100, 0, 100, "; this was windowed")]
    [InlineData(0, 250, 100, 0, 100, "doubtful: fat and air below 0 HU")]
    [InlineData(-1, 250, 100, 0, 100, null)]
    [InlineData(0, 250, 99, 0, 100, null)]
    [InlineData(0, 250, 100, -1, 100, null)]
    [InlineData(0, 250, 100, 0, 0, null)]
    public void Without_a_negative_value_in_and_around_bone_it_was_windowed_unless_all_around_is_masked_away(
        double least, double p05, long around, double leastAround, double mostAround, string? expected)
    {
        VertebraRow row = Bone with { MaskHuMin = least, MaskHuP05 = p05 };
        Told(expected, HounsfieldUnits.Doubt([row, row], NoAir with { VoxelCount = around, Min = leastAround, Max = mostAround }));
        if (around == 100 && leastAround == 0 && mostAround == 100) Assert.Null(HounsfieldUnits.Doubt([row, row], null));
    }

    [Fact]
    public void The_range_is_that_of_all_vertebrae_together() =>
        Assert.Null(HounsfieldUnits.Doubt([Bone with { MaskHuMin = -50, MaskHuMax = 150 }, Bone with { MaskHuMin = 50, MaskHuMax = 250 }], null));

    [Fact]
    public void A_thousand_voxels_are_needed_and_what_was_seen_is_said()
    {
        VertebraRow narrow = Bone with { MaskHuMin = 0, MaskHuMean = 0.25, MaskHuMax = 1 }, wide = narrow with { VoxelCount = 400, MaskHuMean = 0.75 };
        Assert.Null(HounsfieldUnits.Doubt([], null));
        Assert.Null(HounsfieldUnits.Doubt([narrow, wide with { VoxelCount = 399 }], null));
        Assert.Null(HounsfieldUnits.Doubt([narrow, wide with { MaskHuMean = null }], null));
        Assert.Equal("vertebrae from 0 to 1, 0.5 on average", HounsfieldUnits.Doubt([narrow, wide], null)!.Observed);
    }

    private static void Told(string? expected, UnitsDoubt? doubt)
    {
        string? told = doubt?.Fault.Severity == Transform.Findings.Severity.Warning ? $"doubtful: {doubt.Expected}" : doubt?.Expected;
        if (expected is null) Assert.Null(told);
        else Assert.Contains(expected, told!, StringComparison.Ordinal);
    }
}
