using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Load.Spools;

/// <summary>How much of what is worked out stays in memory; a run of records is a number of whole blocks.</summary>
internal readonly record struct SpoolSizes(int ValuesPerBucket, int FindingsPerRun, int RecordsPerRun, int PerBlock)
{
    public static SpoolSizes Usual { get; } = new(256, 10_000, 1 << 15, 64);
}

/// <summary>Works a cohort out on a disk: values in blocks by bucket, findings and records in sorted runs that are merged as they are read.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SpoolWorkspace(string folder, SpoolSizes sizes) : IWorkspace
{
    public IBuckets<T> Buckets<T>() where T : unmanaged, IComparable<T> => new SpooledBuckets<T>(folder, sizes.ValuesPerBucket);

    public IFindingSorter Findings() => new SpooledFindings(folder, sizes);

    public IRecordSorter Sorter() => new SpooledSorter(folder, sizes);

    public IRecordList Records() => new SpooledRecords(folder, sizes);
}

/// <summary>Values by bucket. A full block of a bucket goes to the file; reading a bucket takes the memory of that bucket.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SpooledBuckets<T>(string folder, int perBlock) : IBuckets<T> where T : unmanaged, IComparable<T>
{
    private readonly Lazy<SpoolFile> _file = new(() => new SpoolFile(folder));
    private readonly Dictionary<int, Bucket> _buckets = [];

    public void Add(int bucket, T value)
    {
        if (!_buckets.TryGetValue(bucket, out Bucket? to)) _buckets.Add(bucket, to = new Bucket());
        to.Latest.Add(value);
        to.Count++;
        if (to.Latest.Count < perBlock) return;
        to.Blocks.Add(_file.Value.Append(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(to.Latest))));
        to.Latest.Clear();
    }

    public int Count(int bucket) => _buckets.TryGetValue(bucket, out Bucket? of) ? of.Count : 0;

    public T[] Ascending(int bucket)
    {
        if (!_buckets.TryGetValue(bucket, out Bucket? of)) return [];
        T[] values = new T[of.Count];
        int filled = 0;
        foreach (long block in of.Blocks)
        {
            ReadOnlySpan<T> stored = MemoryMarshal.Cast<byte, T>(_file.Value.Read(block));
            stored.CopyTo(values.AsSpan(filled));
            filled += stored.Length;
        }
        of.Latest.CopyTo(values, filled);
        Array.Sort(values);
        return values;
    }

    public void Dispose()
    {
        if (_file.IsValueCreated) _file.Value.Dispose();
    }

    private sealed class Bucket
    {
        public int Count { get; set; }
        public List<T> Latest { get; } = [];
        public List<long> Blocks { get; } = [];
    }
}

/// <summary>Findings in sorted runs; a block of each run is held, packed, while they are merged.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SpooledFindings(string folder, SpoolSizes sizes) : IFindingSorter
{
    private static readonly Comparer<Finding> ByKey = Comparer<Finding>.Create(Finding.CompareByKey);
    private static readonly StoredRows<Finding> Stored = new(PublishedSchema.Findings);

    private readonly SpoolFile _file = new(folder);
    private readonly List<long[]> _runs = [];
    private readonly List<Finding> _latest = [];
    private readonly ArrayBufferWriter<byte> _block = new();

    public void Add(Finding finding)
    {
        _latest.Add(finding);
        if (_latest.Count < sizes.FindingsPerRun) return;
        _runs.Add([.. MemoryWorkspace.EachOnce(_latest.Order(ByKey)).Chunk(sizes.PerBlock).Select(Put)]);
        _latest.Clear();
    }

    public IEnumerable<Finding> InKeyOrder() => MemoryWorkspace.EachOnce(SortedRuns.Merged(_runs.Select(Read).Append(_latest.Order(ByKey)), ByKey));

    public void Dispose() => _file.Dispose();

    private long Put(Finding[] block)
    {
        _block.ResetWrittenCount();
        for (int at = 0; at < block.Length; at++) Stored.Put(_block, block[at], at == 0 ? null : block[at - 1]);
        return _file.Append(_block.WrittenSpan);
    }

    private IEnumerable<Finding> Read(long[] blocks)
    {
        foreach (long block in blocks)
        {
            ReadOnlyMemory<byte> left = _file.Read(block);
            for (Finding? before = null; left.Length > 0;)
            {
                yield return before = Taken(ref left, before);
            }
        }
    }

    private static Finding Taken(ref ReadOnlyMemory<byte> left, Finding? before)
    {
        ReadOnlySpan<byte> bytes = left.Span;
        Finding finding = Stored.Take(ref bytes, before);
        left = left[^bytes.Length..];
        return finding;
    }
}
