using VerseEtl.Transform.Findings;

namespace VerseEtl.Transform.Tables;

/// <summary>Findings of one code and severity: how many, and the first by key.</summary>
internal sealed class FindingGroup(string code, Severity severity)
{
    public const int MostKept = 50;

    private readonly List<Finding> _first = [];

    public string Code { get; } = code;

    public Severity Severity { get; } = severity;

    public int Count { get; private set; }

    /// <summary>At most 50.</summary>
    public IReadOnlyList<Finding> First => _first;

    public void Add(Finding finding)
    {
        if (Count++ < MostKept) _first.Add(finding);
    }
}
