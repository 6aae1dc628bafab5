using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Host.ReportPage;

/// <summary>
/// Where the values of each level lie in a snapshot: over the distinct scans of a pool (both editions of VerSe together, any other dataset by
/// itself), without vertebrae that touch the border.
/// </summary>
public sealed class CohortRanges
{
    private readonly Dictionary<(string Pool, int Label, Measure Measure), MeasureRange> _ranges = [];

    /// <param name="repeats">Keys of scans that are a copy of another one.</param>
    /// <param name="workspace">Where values are set aside: one quantity of a level at a time is held.</param>
    internal CohortRanges(IEnumerable<LevelValues> values, IReadOnlySet<TextKey> repeats, IWorkspace workspace)
    {
        using IBuckets<double> buckets = workspace.Buckets<double>();
        OrderedDictionary<(string Pool, int Label, Measure Measure), int> numbers = [];
        foreach (LevelValues level in values.Where(each => !each.TouchesBorder && !repeats.Contains(TextKey.Of(each.ScanKey))))
            foreach (Measure measure in Measure.All)
            {
                if (measure.Of(level) is not double value) continue;
                (string, int, Measure) of = (Editions.PoolOf(level.Dataset), level.Label, measure);
                if (!numbers.TryGetValue(of, out int number)) numbers.Add(of, number = numbers.Count);
                buckets.Add(number, value);
            }
        foreach (((string, int, Measure) of, int number) in numbers) _ranges[of] = MeasureRange.Of(buckets.Ascending(number));
    }

    /// <summary>Null where no scan of the pool has the level measured.</summary>
    public MeasureRange? Of(string dataset, int label, Measure measure) => _ranges.GetValueOrDefault((Editions.PoolOf(dataset), label, measure));
}

/// <summary>Where values lie.</summary>
/// <param name="P05">Below it lie 5 % of the values; null with fewer values than give a distribution, and so is <paramref name="P95"/>.</param>
public sealed record MeasureRange(int Count, double Least, double Median, double Greatest, double? P05, double? P95)
{
    /// <summary>As for `outlier_z`.</summary>
    private const int FewestValues = 20;

    internal static MeasureRange Of(ReadOnlySpan<double> ascending) => new(ascending.Length, ascending[0], OrderStatistics.Median(ascending), ascending[^1],
        ascending.Length < FewestValues ? null : OrderStatistics.Quantile(ascending, 0.05),
        ascending.Length < FewestValues ? null : OrderStatistics.Quantile(ascending, 0.95));

    /// <summary>Beyond the middle nine tenths, where there are enough values to say so.</summary>
    public bool IsOutside(double value) => value < P05 || value > P95;
}
