using VerseEtl.Transform.Findings;

namespace VerseEtl.Transform.Cohort;

/// <summary>Keeps everything in lists: for cohorts of some thousand scans.</summary>
internal sealed class MemoryWorkspace : IWorkspace
{
    public IBuckets<T> Buckets<T>() where T : unmanaged, IComparable<T> => new Lists<T>();

    public IFindingSorter Findings() => new FindingList();

    public IRecordSorter Sorter() => new RecordsByKey();

    public IRecordList Records() => new RecordsByPlace();

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

    private sealed class RecordsByKey : IRecordSorter
    {
        private readonly List<(string Key, byte[] Record)> _records = [];

        public void Add(string key, byte[] record) => _records.Add((key, record));

        public IEnumerable<(string Key, byte[] Record)> InKeyOrder() => _records.OrderBy(record => record.Key, StringComparer.Ordinal);

        public void Dispose() => _records.Clear();
    }

    private sealed class RecordsByPlace : IRecordList
    {
        private readonly List<byte[]> _records = [];

        public int Count => _records.Count;

        public byte[] this[int place] => _records[place];

        public void Add(byte[] record) => _records.Add(record);

        public void Dispose() => _records.Clear();
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
