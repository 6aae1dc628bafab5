namespace VerseEtl.Transform.Cohort;

/// <summary>
/// Statistics of a sample given in ascending order. Sums run from the smallest value up, so the order in which scans were
/// read cannot change a bit of the result.
/// </summary>
internal static class OrderStatistics
{
    /// <summary>The middle value, or the mean of the middle two; numpy's and R's default. The sample must not be empty.</summary>
    public static double Median(ReadOnlySpan<double> ascending)
    {
        int middle = ascending.Length / 2;
        return ascending.Length % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
    }

    /// <summary>Below which a fraction of the sample lies, between two values by a straight line; numpy's default. The sample must not be empty.</summary>
    /// <param name="fraction">0 to 1.</param>
    public static double Quantile(ReadOnlySpan<double> ascending, double fraction)
    {
        double at = fraction * (ascending.Length - 1);
        int below = (int)at;
        return below + 1 < ascending.Length ? ascending[below] + ((at - below) * (ascending[below + 1] - ascending[below])) : ascending[^1];
    }

    /// <summary>The arithmetic mean. The sample must not be empty.</summary>
    public static double Mean(ReadOnlySpan<double> ascending)
    {
        double sum = 0;
        foreach (double value in ascending) sum += value;
        return sum / ascending.Length;
    }

    /// <summary>Sample standard deviation (ddof = 1) by two passes; null below two values.</summary>
    public static double? SampleStandardDeviation(ReadOnlySpan<double> ascending, double mean)
    {
        if (ascending.Length < 2) return null;
        double squares = 0;
        foreach (double value in ascending) squares += (value - mean) * (value - mean);
        return Math.Sqrt(squares / (ascending.Length - 1));
    }

    /// <summary>Median of the absolute deviations from the median, times 1.4826: a standard deviation that outliers cannot move.</summary>
    public static double RobustSpread(ReadOnlySpan<double> ascending)
    {
        double median = Median(ascending);
        double[] deviations = new double[ascending.Length];
        for (int at = 0; at < deviations.Length; at++) deviations[at] = Math.Abs(ascending[at] - median);
        Array.Sort(deviations);
        return 1.4826 * Median(deviations);
    }
}
