using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// The volumes of each level to be drawn, by data that belong together (<see cref="Editions.PoolOf"/>), each distinct scan once. Of a level with
/// more than <see cref="MostDrawn"/> vertebrae every second, fourth, … is kept, and the least and the greatest always.
/// </summary>
internal sealed class LevelVolumes
{
    public const int MostDrawn = 1_000;

    private readonly Dictionary<(string Pool, int Label), DrawnLevel> _levels = [];

    /// <param name="vertebrae">Of a distinct scan whose mask could be read; scans come in key order.</param>
    public void Add(ScanRow scan, IReadOnlyList<VertebraRow> vertebrae)
    {
        foreach (VertebraRow row in vertebrae)
        {
            (string, int) key = (Editions.PoolOf(scan.Dataset), row.Label);
            if (!_levels.TryGetValue(key, out DrawnLevel? level)) _levels.Add(key, level = new DrawnLevel());
            level.Add(row);
        }
    }

    /// <summary>Of some level not all are drawn.</summary>
    public bool AnyThinned => _levels.Values.Any(level => level.Step > 1);

    /// <summary>Null without a vertebra.</summary>
    public DrawnLevel? Of(string pool, int label) => _levels.GetValueOrDefault((pool, label));
}

/// <summary>A vertebra to be drawn.</summary>
internal sealed record DrawnVertebra(int Number, string ScanKey, string Vertebra, double VolumeCm3, bool TouchesBorder)
{
    public bool IsExtreme { get; init; }
}

/// <summary>One level's vertebrae to be drawn.</summary>
internal sealed class DrawnLevel
{
    private readonly List<DrawnVertebra> _kept = [];
    private DrawnVertebra? _least, _greatest;

    public int Count { get; private set; }

    /// <summary>One of so many is drawn.</summary>
    public int Step { get; private set; } = 1;

    public double GreatestCm3 => _greatest?.VolumeCm3 ?? 0;

    public void Add(VertebraRow row)
    {
        DrawnVertebra vertebra = new(Count++, row.ScanKey, row.Vertebra, row.VolumeCm3, row.TouchesBorder);
        if (_least is null || vertebra.VolumeCm3 < _least.VolumeCm3) _least = vertebra;
        if (_greatest is null || vertebra.VolumeCm3 > _greatest.VolumeCm3) _greatest = vertebra;
        if (vertebra.Number % Step != 0) return;
        _kept.Add(vertebra);
        if (_kept.Count <= LevelVolumes.MostDrawn) return;
        Step *= 2;
        _kept.RemoveAll(kept => kept.Number % Step != 0);
    }

    /// <summary>In key order of their scans, the extremes marked: of equal ones the first.</summary>
    public IReadOnlyList<DrawnVertebra> Drawn =>
    [
        .. _kept.Append(_least!).Append(_greatest!).DistinctBy(vertebra => vertebra.Number).OrderBy(vertebra => vertebra.Number)
            .Select(vertebra => vertebra with { IsExtreme = vertebra.Number == _least!.Number || vertebra.Number == _greatest!.Number }),
    ];
}
