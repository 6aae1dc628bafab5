using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// Which scans hold the same labels in the same voxels, however they are stored. Scans come in key order and are known by their number in it;
/// some fifty bytes are kept of each.
/// </summary>
internal sealed class SameMasks
{
    private readonly Dictionary<TextKey, int> _latest;
    private readonly int[] _previous, _first, _cell;
    private readonly Dictionary<(string Dataset, string Split), int> _cells = [];
    private readonly List<(string Dataset, string Split)> _names = [];
    private int _count;

    /// <param name="scans">How many will come.</param>
    public SameMasks(int scans)
    {
        _latest = new Dictionary<TextKey, int>(scans);
        (_previous, _first, _cell) = (new int[scans], new int[scans], new int[scans]);
    }

    /// <returns>The scan's number.</returns>
    public int Add(ScanRow scan)
    {
        int at = _count++;
        if (!_cells.TryGetValue((scan.Dataset, scan.Split), out _cell[at]))
        {
            _cells.Add((scan.Dataset, scan.Split), _cell[at] = _names.Count);
            _names.Add((scan.Dataset, scan.Split));
        }
        (_previous[at], _first[at]) = (-1, -1);
        // a mask without any label repeats nothing
        if (scan.MaskContentSha256 is not string content) return at;
        TextKey key = TextKey.Of(content);
        if (_latest.TryGetValue(key, out int previous))
            (_previous[at], _first[at]) = (previous, _first[previous] < 0 ? previous : _first[previous]);
        _latest[key] = at;
        return at;
    }

    /// <summary>The first scan with the same mask; null for that one itself.</summary>
    public int? FirstOf(int scan) => _first[scan] < 0 ? null : _first[scan];

    /// <summary>No earlier scan of these datasets and splits has the same mask.</summary>
    public bool IsFirstIn(int scan, Func<string, string, bool> contains)
    {
        for (int earlier = _previous[scan]; earlier >= 0; earlier = _previous[earlier])
            if (contains(_names[_cell[earlier]].Dataset, _names[_cell[earlier]].Split)) return false;
        return true;
    }

    /// <summary>The scans of each mask that stands more than once, in order, with dataset and split.</summary>
    public IEnumerable<(int Scan, string Dataset, string Split)[]> Groups()
    {
        foreach (int latest in _latest.Values.Where(latest => _previous[latest] >= 0).Order())
        {
            List<(int, string, string)> group = [];
            for (int scan = latest; scan >= 0; scan = _previous[scan]) group.Add((scan, _names[_cell[scan]].Dataset, _names[_cell[scan]].Split));
            group.Reverse();
            yield return [.. group];
        }
    }
}
