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
}
