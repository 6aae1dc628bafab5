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

    /// <summary>New records to be sorted, none yet.</summary>
    IRecordSorter Sorter();

    /// <summary>New records by place, none yet.</summary>
    IRecordList Records();
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

/// <summary>Records under texts, each under one of its own: put in any order, read back in the ordinal order of the texts, as often as wanted.</summary>
internal interface IRecordSorter : IDisposable
{
    void Add(string key, byte[] record);

    IEnumerable<(string Key, byte[] Record)> InKeyOrder();
}

/// <summary>Records by place: put one after the other, then read in any order, from any thread.</summary>
internal interface IRecordList : IDisposable
{
    int Count { get; }

    byte[] this[int place] { get; }

    void Add(byte[] record);
}
