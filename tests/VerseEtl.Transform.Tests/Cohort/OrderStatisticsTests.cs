using VerseEtl.Transform.Cohort;

namespace VerseEtl.Transform.Tests.Cohort;

public sealed class OrderStatisticsTests
{
    /// <summary>As numpy.quantile says of [1, 2, 4] and [5].</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 1.5)]
    [InlineData(0.5, 2)]
    [InlineData(0.75, 3)]
    [InlineData(1, 4)]
    public void Quantiles_lie_on_straight_lines_between_the_values(double fraction, double expected)
    {
        Assert.Equal(expected, OrderStatistics.Quantile([1, 2, 4], fraction), 1e-12);
        Assert.Equal(5, OrderStatistics.Quantile([5], fraction));
    }

    /// <summary>As numpy says of [1, 2, 4]: mean, std(ddof=1); scipy.stats.median_abs_deviation of [1, 2, 4, 9] is 1.5.</summary>
    [Fact]
    public void Means_and_spreads_are_those_of_numpy_and_SciPy()
    {
        Assert.Equal(7 / 3.0, OrderStatistics.Mean([1, 2, 4]), 1e-12);
        Assert.Equal(1.5275252316519468, OrderStatistics.SampleStandardDeviation([1, 2, 4], 7 / 3.0)!.Value, 1e-12);
        Assert.Null(OrderStatistics.SampleStandardDeviation([5], 5));
        Assert.Equal(1.4826 * 1.5, OrderStatistics.RobustSpread([1, 2, 4, 9]), 1e-12);
    }
}
