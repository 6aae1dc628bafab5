using System.Runtime.CompilerServices;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Measuring;

/// <summary>
/// What a CT says under a mask: exact counts of its stored values, so that any order of voxels gives the same bits. Memory: counts per
/// distinct value.
/// </summary>
public sealed class HounsfieldMeasurement
{
    /// <summary>Distinct CT values beyond the dense tables that are counted before the CT is given up; a CT has some thousands.</summary>
    public const int MostSparseValues = 2_000_000;

    private readonly HounsfieldHistogram?[] _whole = new HounsfieldHistogram[VertebraLabel.Highest + 1];
    private readonly HounsfieldHistogram?[] _balls = new HounsfieldHistogram[VertebraLabel.Highest + 1];
    private readonly LocalMeasurement _local;
    private int _sparseValues;

    /// <param name="local">Finished: where each label lies.</param>
    public HounsfieldMeasurement(LocalMeasurement local)
    {
        _local = local;
        foreach (LocatedVertebra vertebra in local.Vertebrae)
            if (local.Ball(vertebra.Label) is not null) _balls[vertebra.Label] = new HounsfieldHistogram();
    }

    /// <summary>Adds the stored CT values of a run or of its first part; unknown labels are ignored.</summary>
    /// <returns>False if the CT has more distinct values than a CT can have.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(in LabelRun run, ReadOnlySpan<long> codes)
    {
        if (!VertebraLabel.IsKnown(run.Label)) return true;
        HounsfieldHistogram histogram = _whole[run.Label] ??= new HounsfieldHistogram();
        int before = histogram.SparseCount;
        histogram.Add(codes);
        _sparseValues += histogram.SparseCount - before;
        if (_local.Ball(run.Label) is { } ball)
        {
            int count = ball.Within(run with { Length = codes.Length }, out int first);
            if (count > 0) _balls[run.Label]!.Add(codes.Slice(first, count));
        }
        return _sparseValues <= MostSparseValues;
    }

    /// <summary>The exact counts over all voxels of a label; null if none was added.</summary>
    public HounsfieldHistogram? Whole(int label) => _whole[label];

    /// <summary>The exact counts in the ball around a label's annotated point; null for C1 and without annotation.</summary>
    public HounsfieldHistogram? Ball(int label) => _balls[label];
}
