using VerseEtl.Transform.Findings;

namespace VerseEtl.Transform.Cohort;

/// <summary>Keeps everything in lists: for cohorts of some thousand scans.</summary>
internal sealed class MemoryWorkspace : IWorkspace
{
    public IBuckets<T> Buckets<T>() where T : unmanaged, IComparable<T> => new Lists<T>();

    public IFindingSorter Findings() => new FindingList();

    private sealed class Lists<T> : IBuckets<T> where T : unmanaged, IComparable<T>
    {
        private readonly Dictionary<int, List<T>> _lists = [];

        public void Add(int bucket, T value)
        {
            if (!_lists.TryGetValue(bucket, out List<T>? list)) _lists.Add(bucket, list = []);
            list.Add(value);
        }

        public int Count(int bucket) => _lists.TryGetValue(bucket, out List<T>? list) ? list.Count : 0;

        public T[] Ascending(int bucket)
        {
            if (!_lists.TryGetValue(bucket, out List<T>? list)) return [];
            T[] values = [.. list];
            Array.Sort(values);
            return values;
        }

        public void Dispose() => _lists.Clear();
    }

    private sealed class FindingList : IFindingSorter
    {
        private readonly List<Finding> _findings = [];

        public void Add(Finding finding) => _findings.Add(finding);

        public IEnumerable<Finding> InKeyOrder() => EachOnce(_findings.Order(Comparer<Finding>.Create(Finding.CompareByKey)));

        public void Dispose() => _findings.Clear();
    }

    /// <summary>Of those that compare as equal, the first.</summary>
    /// <param name="sorted">In key order.</param>
    internal static IEnumerable<Finding> EachOnce(IEnumerable<Finding> sorted)
    {
        Finding? last = null;
        foreach (Finding finding in sorted)
        {
            if (last is not null && Finding.CompareByKey(last, finding) == 0) continue;
            yield return last = finding;
        }
    }
}
