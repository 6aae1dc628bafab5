using System.Runtime.InteropServices;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Measuring;

/// <summary>
/// Labels outside 1..28 and their voxels. A label map has a handful of them; tools that follow VerSe also keep the disc below vertebra n as
/// 100 + n and its endplate as 200 + n. An image of measured values has hundreds, and a CT negative ones.
/// </summary>
internal sealed class StrangeLabels
{
    /// <summary>Beyond this many (discs and endplates apart) there is no label map. Sacrum, ribs and canal by parts make twenty.</summary>
    public const int Most = 24;

    /// <summary>Beyond this many negative ones likewise: -1 marks what is to be ignored, and a fill value stands outside the field of view.</summary>
    public const int MostNegative = 5;

    private readonly Dictionary<int, long> _voxels = [];
    private int _others;

    public bool AreTooMany => _others > Most || Negative > MostNegative;

    public int Negative { get; private set; }

    /// <summary>Voxels by label, ascending; not complete if there are too many.</summary>
    public IReadOnlyDictionary<int, long> Voxels => new SortedDictionary<int, long>(_voxels);

    public void Add(in LabelRun run)
    {
        // what is not to be listed any more can still tell a CT from another image
        if (Negative > MostNegative || (_others > Most && run.Label >= 0)) return;
        ref long voxels = ref CollectionsMarshal.GetValueRefOrAddDefault(_voxels, run.Label, out bool met);
        voxels += run.Length;
        if (met) return;
        if (run.Label is not (> 100 and <= 128 or > 200 and <= 228)) _others++;
        if (run.Label < 0) Negative++;
    }
}
