using VerseEtl.Transform.Cohort;

namespace VerseEtl.Transform.Quality;

/// <summary>
/// How a quantity is spread over a level of a pool: its median and robust spread, exact. Values are gathered first; a distribution is worked
/// out when it is first asked for.
/// </summary>
internal sealed class LevelDistributions(IWorkspace workspace) : IDisposable
{
    /// <summary>Fewer values than this give no distribution to judge by.</summary>
    public const int FewestValues = 20;

    private const int Fields = 16, Labels = 32;

    private readonly IBuckets<double> _values = workspace.Buckets<double>();
    private readonly Dictionary<string, int> _pools = [];
    private readonly Dictionary<int, (double Median, double Spread)?> _known = [];

    /// <param name="field">Which quantity, 0 to 15.</param>
    public void Add(string pool, int label, int field, double value) => _values.Add(BucketOf(pool, label, field), value);

    /// <returns>Null for fewer than <see cref="FewestValues"/>.</returns>
    public (double Median, double Spread)? Of(string pool, int label, int field)
    {
        int bucket = BucketOf(pool, label, field);
        if (_known.TryGetValue(bucket, out (double, double)? known)) return known;
        double[] ascending = _values.Count(bucket) < FewestValues ? [] : _values.Ascending(bucket);
        return _known[bucket] = ascending.Length == 0 ? null : (OrderStatistics.Median(ascending), OrderStatistics.RobustSpread(ascending));
    }

    public void Dispose() => _values.Dispose();

    private int BucketOf(string pool, int label, int field)
    {
        if (!_pools.TryGetValue(pool, out int number)) _pools.Add(pool, number = _pools.Count);
        return (((number * Labels) + label) * Fields) + field;
    }
}
