using System.Numerics;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// Which scans hold the same labels in the same voxels, however they are stored. Scans come in key order and are known by their number in it;
/// some forty bytes are kept of each.
/// </summary>
internal sealed class SameMasks
{
    // by content, open addressing: the newest scan that holds it, or none
    private readonly int[] _newest;
    private readonly TextKey[] _content;
    private readonly int[] _previous, _first, _cell;
    private readonly Dictionary<(string Dataset, string Split), int> _cells = [];
    private readonly List<(string Dataset, string Split)> _names = [];
    private int _count;

    /// <param name="scans">How many will come.</param>
    public SameMasks(int scans)
    {
        _newest = new int[BitOperations.RoundUpToPowerOf2((uint)scans + (uint)scans / 2 + 1)];
        Array.Fill(_newest, -1);
        _content = new TextKey[scans];
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
        _content[at] = TextKey.Of(content);
        ref int newest = ref NewestOf(_content[at]);
        if (newest >= 0) (_previous[at], _first[at]) = (newest, _first[newest] < 0 ? newest : _first[newest]);
        newest = at;
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
        foreach (int newest in _newest.Where(scan => scan >= 0 && _previous[scan] >= 0).Order())
        {
            List<(int, string, string)> group = [];
            for (int scan = newest; scan >= 0; scan = _previous[scan]) group.Add((scan, _names[_cell[scan]].Dataset, _names[_cell[scan]].Split));
            group.Reverse();
            yield return [.. group];
        }
    }

    /// <summary>Where the newest scan of a content is kept; less than 0 where there is none.</summary>
    private ref int NewestOf(TextKey content)
    {
        // the content's key is a hash already
        int place = (int)(content.Low & (ulong)(_newest.Length - 1));
        while (_newest[place] >= 0 && _content[_newest[place]] != content) place = (place + 1) & (_newest.Length - 1);
        return ref _newest[place];
    }
}
