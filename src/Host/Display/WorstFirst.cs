using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Display;

/// <summary>Findings, the most severe first, else in key order. Few are sorted; many are read again for each severity, so that they are not held.</summary>
internal sealed class WorstFirst
{
    private readonly Dictionary<Severity, int> _counts = [];
    private readonly List<Finding> _few = [];
    private readonly IEnumerable<Finding> _all;
    private readonly Func<Finding, bool> _isWanted;
    private readonly int _most;

    /// <param name="all">In key order, and the same each time they are enumerated.</param>
    /// <param name="most">How many are held.</param>
    public WorstFirst(IEnumerable<Finding> all, Func<Finding, bool> isWanted, int most = 20_000)
    {
        (_all, _isWanted, _most) = (all, isWanted, most);
        foreach (Finding finding in all)
        {
            Of++;
            if (!isWanted(finding)) continue;
            _counts[finding.Severity] = Count(finding.Severity) + 1;
            if (++Wanted <= most) _few.Add(finding);
            else _few.Clear();
        }
    }

    /// <summary>Of all, wanted or not.</summary>
    public int Of { get; }

    public int Wanted { get; }

    public int Count(Severity severity) => _counts.GetValueOrDefault(severity);

    public IEnumerable<Finding> Rows() => Wanted <= _most
        ? _few.OrderByDescending(finding => finding.Severity).ThenBy(finding => finding, Comparer<Finding>.Create(Finding.CompareByKey))
        : _counts.Keys.OrderDescending().SelectMany(severity => _all.Where(finding => finding.Severity == severity && _isWanted(finding)));
}
