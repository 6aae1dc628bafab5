using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// Subjects in two splits of one dataset; VerSe's two editions count as one, as people train on both. The finding is about the scan to be held out: the
/// first one in the test split, else in validation, else in the last split by name.
/// </summary>
internal sealed class SplitLeaks(IWorkspace workspace) : IDisposable
{
    private const int Buckets = 256;

    private readonly IBuckets<Occurrence> _subjects = workspace.Buckets<Occurrence>();
    private readonly List<string> _splits = [];

    private readonly record struct Occurrence(TextKey Subject, int Place, int Split) : IComparable<Occurrence>
    {
        public int CompareTo(Occurrence other) => Subject.CompareTo(other.Subject) is var order && order != 0 ? order : Place.CompareTo(other.Place);
    }

    /// <param name="place">Of the scan in key order.</param>
    public void Add(ScanFiles scan, int place)
    {
        int split = _splits.IndexOf(scan.Key.Split);
        if (split < 0)
        {
            split = _splits.Count;
            _splits.Add(scan.Key.Split);
        }
        TextKey subject = TextKey.Of($"{Editions.PoolOf(scan.Key.Dataset)}\n{scan.SubjectId}");
        _subjects.Add((int)(subject.High % Buckets), new Occurrence(subject, place, split));
    }

    /// <param name="scans">All that were added.</param>
    public IEnumerable<Finding> Findings(IReadOnlyList<ScanFiles> scans)
    {
        // nobody is in two
        if (_splits.Count < 2) yield break;
        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            Occurrence[] all = _subjects.Ascending(bucket);
            for (int from = 0, to = 0; from < all.Length; from = to)
            {
                while (to < all.Length && all[to].Subject == all[from].Subject) to++;
                ArraySegment<Occurrence> subject = new(all, from, to - from);
                string[] splits = [.. subject.Select(scan => scan.Split).Distinct().Select(split => _splits[split]).Order(StringComparer.Ordinal)];
                if (splits.Length < 2) continue;
                string heldOut = Splits.HeldOut(splits);
                yield return Finding.Of(Faults.TreeSplitLeak,
                    new(scans[subject.First(scan => _splits[scan.Split] == heldOut).Place].Key, Field: "subject_id"), string.Join(", ", splits), "one split");
            }
        }
    }

    public void Dispose() => _subjects.Dispose();
}
