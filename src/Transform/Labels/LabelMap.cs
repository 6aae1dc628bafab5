using System.Text.RegularExpressions;

namespace VerseEtl.Transform.Labels;

/// <summary>
/// What the labels of a mask mean where they are not VerSe's: VerSe's label by the value in the mask, or by the name that a dataset's own description
/// gives to a value. Values that are not in it are left out. No two values mean one vertebra.
/// </summary>
public sealed partial class LabelMap
{
    private readonly SortedDictionary<int, int> _labels;
    private readonly SortedDictionary<string, int> _names = new(StringComparer.OrdinalIgnoreCase);

    private LabelMap(SortedDictionary<int, int> labels) => _labels = labels;

    /// <summary>VerSe's codes as they are.</summary>
    public static LabelMap Verse { get; } = new(Numbered(1, VertebraLabel.Highest, label => label));

    /// <summary>The vertebrae of TotalSegmentator's `total` task since its version 2: 25 sacrum, 27 L5 up to 50 C1. Its S1 (26) is left out.</summary>
    public static LabelMap TotalSegmentator { get; } =
        new(new(Numbered(27, 50, value => VertebraLabel.L5 + 27 - value)) { [25] = VertebraLabel.Sacrum });

    /// <summary>The named maps.</summary>
    public static IReadOnlyDictionary<string, LabelMap> Named { get; } =
        new Dictionary<string, LabelMap>(StringComparer.Ordinal) { ["verse"] = Verse, ["totalsegmentator"] = TotalSegmentator };

    /// <summary>The map in one line, equal for equal maps: `27=L5 28=L4`.</summary>
    public string Text => string.Join(' ', _labels.Select(pair => Invariant($"{pair.Key}={VertebraLabel.Name(pair.Value)}"))
        .Concat(_names.Select(pair => $"'{pair.Key}'={VertebraLabel.Name(pair.Value)}")));

    /// <summary>True if names are in it, which mean nothing until they are <see cref="Resolved"/>.</summary>
    public bool HasNames => _names.Count > 0;

    /// <summary>VerSe's label; null for a value that means nothing.</summary>
    public int? this[int value] => _labels.TryGetValue(value, out int label) ? label : null;

    /// <summary>A map of pairs of value and label; null where two values mean one label, or there is none.</summary>
    public static LabelMap? Of(IEnumerable<(int Value, int Label)> pairs)
    {
        SortedDictionary<int, int> labels = [];
        foreach ((int value, int label) in pairs)
            if (!VertebraLabel.IsKnown(label) || labels.ContainsValue(label) || !labels.TryAdd(value, label)) return null;
        return labels.Count == 0 ? null : new LabelMap(labels);
    }

    /// <summary>The same with names, in any case of letters; null where two of one kind mean one label, or there is nothing.</summary>
    public static LabelMap? Of(IReadOnlyCollection<(int Value, int Label)> pairs, IReadOnlyCollection<(string Name, int Label)> names)
    {
        if (names.Count == 0) return Of(pairs);
        LabelMap? map = pairs.Count == 0 ? new LabelMap([]) : Of(pairs);
        foreach ((string name, int label) in names)
            if (map is null || !VertebraLabel.IsKnown(label) || map._names.ContainsValue(label) || !map._names.TryAdd(name, label)) return null;
        return map;
    }

    /// <summary>The map by values alone, now that it is known which value has which name; null where two values mean one label, or none has one.</summary>
    public LabelMap? Resolved(IEnumerable<(string Name, int Value)> described) => Of(_labels.Select(pair => (pair.Key, pair.Value))
        .Concat(described.Where(entry => _names.ContainsKey(entry.Name)).Select(entry => (entry.Value, _names[entry.Name]))).Distinct());

    /// <summary>VerSe's label of a vertebra as people name it: `L5`, `vertebrae_L5`, `l5`, `sacrum`; null for another name. S1 is no label of VerSe.</summary>
    public static int? LabelOf(string name)
    {
        Match match = VertebraName().Match(name);
        if (!match.Success) return null;
        string vertebra = match.Groups[1].Value;
        return Enumerable.Range(1, VertebraLabel.Highest).Where(label => VertebraLabel.Name(label).Equals(vertebra, StringComparison.OrdinalIgnoreCase))
            .Select(label => (int?)label).FirstOrDefault();
    }

    private static SortedDictionary<int, int> Numbered(int first, int last, Func<int, int> label)
    {
        SortedDictionary<int, int> labels = [];
        for (int value = first; value <= last; value++) labels.Add(value, label(value));
        return labels;
    }

    [GeneratedRegex(@"^(?:vertebrae?[_ -]?)?([CTL][0-9]{1,2}|sacrum|coccyx)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex VertebraName();
}
