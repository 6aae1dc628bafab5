using System.Collections;
using System.Runtime.CompilerServices;

namespace VerseEtl.Transform.Cohort;

/// <summary>How many there are, and the first <see cref="Counted.MostKept"/> of them.</summary>
[CollectionBuilder(typeof(Counted), nameof(Counted.Of))]
internal sealed class Counted<T> : IEnumerable<T>
{
    private readonly List<T> _first = [];

    /// <summary>Those that are not kept among them.</summary>
    public int Count { get; private set; }

    public void Add(T one)
    {
        if (Count++ < Counted.MostKept) _first.Add(one);
    }

    public IEnumerator<T> GetEnumerator() => _first.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <inheritdoc cref="Counted{T}"/>
internal static class Counted
{
    public const int MostKept = 1_000;

    public static Counted<T> Of<T>(ReadOnlySpan<T> all)
    {
        Counted<T> counted = new();
        foreach (T one in all) counted.Add(one);
        return counted;
    }
}
