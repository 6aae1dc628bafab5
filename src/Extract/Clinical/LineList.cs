namespace VerseEtl.Extract.Clinical;

/// <summary>Lines of a file, from 1, that a finding is about: all are counted, the first few named.</summary>
internal sealed class LineList
{
    private const int MostNamed = 10;

    private readonly List<int> _named = [];

    public int Count { get; private set; }

    public void Add(int line)
    {
        Count++;
        if (_named.Count < MostNamed) _named.Add(line);
    }

    /// <summary>`3, in lines 2, 5, 7`</summary>
    public override string ToString() => Invariant($"{Count}, in {(Count == 1 ? "line" : "lines")} {string.Join(", ", _named)}")
        + (Count > _named.Count ? Invariant($" and {Count - _named.Count} more") : "");
}
