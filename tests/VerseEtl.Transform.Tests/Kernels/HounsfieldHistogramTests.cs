using System.Globalization;
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
        Assert.Equal((-1290, -1032.0, 0, 1, 2, 2457.2, 3071),
            (summary.Min, summary.P05, summary.P25, summary.Median, summary.P75, Math.Round(summary.P95, 9), summary.Max));
        Assert.Equal(356.8, summary.Mean, 12);
        Assert.Equal(1446.2790048949753, summary.Std, 9);
    }

    [Fact]
    public void Skewness_kurtosis_and_interquartile_range_are_those_of_SciPy()
    {
        // by hounsfield_golden.py
        string[] lines = [.. File.ReadLines(Path.Join(Repository.Root, "tests/VerseEtl.Transform.Tests/Kernels/hounsfield_golden.txt")).Skip(1)];
        Assert.Equal(40, lines.Length);
        foreach (string line in lines)
        {
            string[] words = line.Split(' ');
            double[] numbers = [.. words.Take(5).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
            HounsfieldHistogram histogram = new();
            histogram.Add([.. words.Skip(5).Select(word => long.Parse(word, CultureInfo.InvariantCulture))]);
            HounsfieldSummary summary = histogram.Summarise(new CtScaling(numbers[0], numbers[1]))!.Value;
            Assert.Equal(numbers[2], summary.Skewness!.Value, 1e-9);
            Assert.Equal(numbers[3], summary.Kurtosis!.Value, 1e-9);
            Assert.Equal(numbers[4], summary.P75 - summary.P25, 1e-9);
        }
    }

    [Fact]
    public void One_value_has_no_skewness_and_no_kurtosis()
    {
        HounsfieldHistogram histogram = new();
        histogram.Add([7, 7, 7]);
        HounsfieldSummary summary = histogram.Summarise(new CtScaling(1, 0))!.Value;
        Assert.Null(summary.Skewness);
        Assert.Null(summary.Kurtosis);
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
    public void Values_beyond_the_dense_table_are_counted_exactly()
    {
        HounsfieldHistogram histogram = new();
        long big = HounsfieldHistogram.LargestCode;
        histogram.Add([big, -big, 262144, -262145, 262143, -262144]);
        HounsfieldSummary summary = histogram.Summarise(new CtScaling(1, 0))!.Value;
        Assert.Equal(((double)-big, (double)big), (summary.Min, summary.Max));
        Assert.Equal(-0.5, summary.Median);
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
    public void Sums_of_64_and_of_128_bits_give_the_same_figures()
    {
        const long Shift = 1L << 43;
        Random random = new(5);
        long[] codes = [.. Enumerable.Range(0, 700_000).Select(_ => (long)random.Next(-1000, 3000))];
        HounsfieldHistogram narrow = new(), wide = new();
        narrow.Add(codes);
        wide.Add([.. codes.Select(code => code + Shift)]);
        HounsfieldSummary expected = narrow.Summarise(new CtScaling(1, 0))!.Value, found = wide.Summarise(new CtScaling(1, 0))!.Value;
        Assert.Equal((expected.Std, expected.Skewness, expected.Kurtosis), (found.Std, found.Skewness, found.Kurtosis));
        Assert.Equal(expected.Mean, found.Mean - Shift, 2);
        Assert.Equal(expected.Median, found.Median - Shift);
    }

    [Theory]
    [InlineData(24)] // the last whose sums are of 64 bits
    [InlineData(26)]
    [InlineData(44)]
    public void Where_64_bits_no_longer_hold_the_sums_nothing_runs_over(int bits)
    {
        long far = 1L << bits;
        HounsfieldHistogram histogram = new();
        for (int at = 0; at < 1024; at++) histogram.Add([-far, far]);
        HounsfieldSummary summary = histogram.Summarise(new CtScaling(1, 0))!.Value;
        Assert.Equal((0, far, 0, -2), (summary.Mean, summary.Std, summary.Skewness, summary.Kurtosis));
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

    [Fact]
    public void At_the_seams_of_the_dense_table_nothing_is_lost_or_swapped()
    {
        HounsfieldHistogram histogram = new();
        histogram.Add([270000, 262144, -270000, 262143, 1024, 1023, 0, -1, -261120, -261121, -262144, 270000]);
        Assert.Equal((12, 3), (histogram.VoxelCount, histogram.SparseCount));
        Assert.Equal((270000, 2), histogram.Mode());
        HounsfieldSummary summary = histogram.Summarise(new CtScaling(1, 0))!.Value;
        // numpy: np.percentile(values, [5, 25, 50, 75, 95]), mean, std
        Assert.Equal((-270000.0, 270000.0, 12L), (summary.Min, summary.Max, summary.VoxelCount));
        Assert.Equal([-265679.2, -261120.25, 511.5, 262143.25, 270000], [summary.P05, summary.P25, summary.Median, summary.P75, summary.P95]);
        Assert.Equal(995.6666666666666, summary.Mean, 1e-9);
        Assert.Equal(216259.0914934111, summary.Std, 1e-9);
    }

    [Fact]
    public void Of_two_values_equally_frequent_the_smaller_is_the_mode()
    {
        HounsfieldHistogram histogram = new();
        Assert.Equal((0, 0), histogram.Mode());
        histogram.Add([200, -5, 300, 200, 300]);
        Assert.Equal((200, 2), histogram.Mode());
    }

    [Fact]
    public void A_spread_scales_with_the_slope_and_never_turns_negative()
    {
        HounsfieldHistogram histogram = new();
        histogram.Add([1, 2, 4, 8]);
        HounsfieldSummary summary = histogram.Summarise(new CtScaling(-3, 100))!.Value;
        Assert.Equal(3 * 2.680951323690902, summary.Std, 1e-12);
        Assert.Equal(100 - (3 * 3.75), summary.Mean);
        Assert.Equal(
            [100 - (3 * 7.4), 100 - (3 * 5.0), 91, 100 - (3 * 1.75), 100 - (3 * 1.15)],
            new[] { summary.P05, summary.P25, summary.Median, summary.P75, summary.P95 }.Select(v => Math.Round(v, 9)));
    }

    [Fact]
    public void One_value_is_every_percentile()
    {
        HounsfieldHistogram histogram = new();
        histogram.Add([-7]);
        Assert.Equal(new HounsfieldSummary(1, -7, 0, -7, -7, -7, -7, -7, -7, -7), histogram.Summarise(new CtScaling(1, 0)));
    }

    [Fact]
    public void Percentiles_have_numpys_last_bit()
    {
        HounsfieldHistogram histogram = new();
        histogram.Add([-7, 2]);
        HounsfieldSummary summary = histogram.Summarise(new CtScaling(1, 0))!.Value;
        Assert.Equal((-6.55, 1.5499999999999996), (summary.P05, summary.P95));
    }
}
