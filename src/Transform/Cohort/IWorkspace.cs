using VerseEtl.Transform.Findings;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// Where the tables of a cohort are worked out: what grows with the cohort and is not needed at once is put here and read back in order. In
/// memory (<see cref="MemoryWorkspace"/>) or on a disk; the same values come back either way, so that every figure is exact.
/// </summary>
internal interface IWorkspace
{
    /// <summary>New buckets, empty.</summary>
    IBuckets<T> Buckets<T>() where T : unmanaged, IComparable<T>;

    /// <summary>A new list of findings, empty.</summary>
    IFindingSorter Findings();
}

/// <summary>Values by bucket: put in any order, read back ascending, one bucket at a time.</summary>
internal interface IBuckets<T> : IDisposable where T : unmanaged, IComparable<T>
{
    void Add(int bucket, T value);

    int Count(int bucket);

    /// <summary>A bucket's values in ascending order; none for one that was never added to.</summary>
    T[] Ascending(int bucket);
}

/// <summary>Findings: put in any order, read back in key order, each once.</summary>
internal interface IFindingSorter : IDisposable
{
    void Add(Finding finding);

    IEnumerable<Finding> InKeyOrder();
}
