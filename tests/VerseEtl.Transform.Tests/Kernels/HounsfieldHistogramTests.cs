using VerseEtl.Transform.Kernels;

namespace VerseEtl.Transform.Tests.Kernels;

public class HounsfieldHistogramTests
{
    [Fact]
    public void Known_values_give_known_statistics()
    {
        HounsfieldHistogram histogram = new();
        histogram.Add([-1290, 0, 1, 2, 3071]);
        HounsfieldSummary summary = histogram.Summarise(new CtScaling(1, 0))!.Value;
        // numpy: np.percentile([-1290, 0, 1, 2, 3071], [5, 25, 50, 75, 95]), mean, std
        Assert.Equal((-1290, -1032.0, 0, 1, 2, 2457.2, 3071), (summary.Min, summary.P05, summary.P25, summary.Median, summary.P75, Math.Round(summary.P95, 9), summary.Max));
        Assert.Equal(356.8, summary.Mean, 12);
        Assert.Equal(1446.2790048949753, summary.Std, 9);
    }

    [Fact]
    public void A_negative_slope_turns_the_order_around()
    {
        HounsfieldHistogram histogram = new();
        histogram.Add([10, 20, 30, 40]);
        HounsfieldSummary summary = histogram.Summarise(new CtScaling(-2, 5))!.Value;
        Assert.Equal((-75, -15, -45.0), (summary.Min, summary.Max, summary.Median));
        Assert.Equal(-45.0, summary.Mean);
        Assert.Equal(-75 + 0.15 * 20, summary.P05, 12);
    }

    [Fact]
    public void Values_beyond_16_bits_are_counted_exactly()
    {
        HounsfieldHistogram histogram = new();
        long big = HounsfieldHistogram.LargestCode;
        histogram.Add([big, -big, 65536, -32769, 65535, -32768]);
        HounsfieldSummary summary = histogram.Summarise(new CtScaling(1, 0))!.Value;
        Assert.Equal(((double)-big, (double)big), (summary.Min, summary.Max));
        Assert.Equal((65535 - 32768) / 2.0, summary.Median);
        Assert.Equal(4, histogram.SparseCount);
    }

    [Fact]
    public void Far_from_zero_a_small_spread_keeps_its_digits()
    {
        HounsfieldHistogram histogram = new();
        for (int at = 0; at < 1000; at++) histogram.Add([1L << 40, (1L << 40) + 1]);
        Assert.Equal(0.5, histogram.Summarise(new CtScaling(1, 0))!.Value.Std, 12);
    }

    [Fact]
    public void Voxels_without_a_number_are_counted_apart()
    {
        HounsfieldHistogram histogram = new();
        Assert.Null(histogram.Summarise(new CtScaling(1, 0)));
        histogram.Add([HounsfieldHistogram.NotMeasurable, 7, HounsfieldHistogram.NotMeasurable]);
        Assert.Equal((1, 2), (histogram.VoxelCount, histogram.NotMeasurableCount));
        Assert.Equal(7, histogram.Summarise(new CtScaling(1, 0))!.Value.Mean);
        Assert.Equal((7, 1), histogram.Mode());
    }
}
