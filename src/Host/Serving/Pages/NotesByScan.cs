using VerseEtl.Host.Flow;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>
/// Findings by scan, which a table of findings has by code: eight bytes of each are set aside and read back in the order of the scans, a few thousand
/// scans at a time.
/// </summary>
internal sealed class NotesByScan
{
    private const int ScansPerBucket = 4_096, SeverityBits = 4, CodeBits = 20;

    private readonly IBuckets<long> _buckets;
    private readonly List<string> _codes = [];
    private readonly int _scans;

    /// <param name="scanKeys">In key order, each once.</param>
    /// <param name="notes">In any order; those of no scan are left out.</param>
    public NotesByScan(IEnumerable<string> scanKeys, IEnumerable<ScanNote> notes, IWorkspace workspace)
    {
        _buckets = workspace.Buckets<long>();
        Dictionary<TextKey, int> places = [];
        foreach (string key in scanKeys) places.Add(TextKey.Of(key), _scans++);
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        foreach (ScanNote note in notes)
        {
            if (note.ScanKey is null || !places.TryGetValue(TextKey.Of(note.ScanKey), out int place)) continue;
            if (!numbers.TryGetValue(note.Code, out int number))
            {
                numbers.Add(note.Code, number = _codes.Count);
                _codes.Add(note.Code);
            }
            long value = ((((long)place << CodeBits) | (long)number) << SeverityBits) | (long)note.Severity;
            _buckets.Add(place / ScansPerBucket, value);
        }
    }

    /// <summary>Of each scan, in key order. The list is filled anew for the next.</summary>
    public IEnumerable<IReadOnlyList<(string Code, Severity Severity)>> InScanOrder()
    {
        List<(string, Severity)> own = [];
        for (int first = 0; first < _scans; first += ScansPerBucket)
        {
            long[] values = _buckets.Ascending(first / ScansPerBucket);
            int next = 0;
            for (int place = first; place < Math.Min(_scans, first + ScansPerBucket); place++)
            {
                own.Clear();
                for (; next < values.Length && values[next] >> (CodeBits + SeverityBits) == place; next++)
                    own.Add((_codes[(int)(values[next] >> SeverityBits) & ((1 << CodeBits) - 1)], (Severity)(values[next] & ((1 << SeverityBits) - 1))));
                yield return own;
            }
        }
    }
}
