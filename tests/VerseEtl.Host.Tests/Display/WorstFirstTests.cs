using VerseEtl.Host.Display;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Host.Tests.Display;

public sealed class WorstFirstTests
{
    private const int Scans = 300;

    private readonly List<WeakReference> _given = [];

    [Fact]
    public void Few_and_many_come_in_the_same_order_with_the_same_counts_and_many_are_not_held()
    {
        bool IsWanted(Finding finding) => finding.ScanKey!.EndsWith('7') || finding.Severity == Severity.Warning;
        WorstFirst few = new(All(), IsWanted);
        _given.Clear();
        WorstFirst many = new(All(), IsWanted, most: 5);
        GC.Collect();
        Assert.InRange(_given.Count(finding => finding.IsAlive), 0, 8);
        Assert.Equal(Scans * 2, _given.Count);

        Assert.Equal((few.Of, few.Wanted), (many.Of, many.Wanted));
        Assert.Equal((Scans * 2, 30, 100, 20), (many.Of, many.Count(Severity.Error), many.Count(Severity.Warning), many.Count(Severity.Info)));
        Assert.Equal(few.Rows(), many.Rows());
        Assert.Equal(few.Rows().OrderByDescending(finding => finding.Severity), few.Rows());
    }

    /// <summary>In key order: an error of each scan, and something less severe.</summary>
    private IEnumerable<Finding> All()
    {
        foreach (Fault fault in new[] { Faults.CacheCorrupt, Faults.SrcUnavailable })
            for (int scan = 0; scan < Scans; scan++)
            {
                Severity severity = fault == Faults.CacheCorrupt ? Severity.Error : scan % 3 == 0 ? Severity.Warning : Severity.Info;
                Finding finding = Finding.Of(fault, new(new ScanKey("mine", "test", Invariant($"s{scan:000}"))), severity: severity);
                _given.Add(new WeakReference(finding));
                yield return finding;
            }
    }
}
