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
    private readonly HounsfieldHistogram?[] _trabecular = new HounsfieldHistogram[VertebraLabel.Highest + 1];
    private readonly HounsfieldHistogram?[] _bodies = new HounsfieldHistogram[VertebraLabel.Highest + 1];
    private readonly HounsfieldHistogram?[] _arches = new HounsfieldHistogram[VertebraLabel.Highest + 1];
    private readonly LocalMeasurement _local;
    private int _sparseValues;

    /// <param name="local">Finished: where each label lies.</param>
    public HounsfieldMeasurement(LocalMeasurement local)
    {
        _local = local;
        foreach (LocatedVertebra vertebra in local.Vertebrae)
        {
            if (local.Ball(vertebra.Label) is not null) _balls[vertebra.Label] = new HounsfieldHistogram();
            if (local.Trabecular(vertebra.Label) is not null) _trabecular[vertebra.Label] = new HounsfieldHistogram();
        }
    }

    /// <summary>Adds the stored CT values of a run or of its first part; unknown labels are ignored.</summary>
    /// <returns>False if the CT has more distinct values than a CT can have.</returns>
    [MethodImpl(Hot.Method)]
    public bool Add(in LabelRun run, ReadOnlySpan<long> codes)
    {
        if (!VertebraLabel.IsKnown(run.Label)) return true;
        HounsfieldHistogram histogram = _whole[run.Label] ??= new HounsfieldHistogram();
        int before = histogram.SparseCount;
        histogram.Add(codes);
        _sparseValues += histogram.SparseCount - before;
        LabelRun part = run with { Length = codes.Length };
        if (_local.Ball(run.Label) is { } ball && ball.Within(part, out int first) is > 0 and int inBall)
            _balls[run.Label]!.Add(codes.Slice(first, inBall));
        if (_local.Trabecular(run.Label) is { } inside)
        {
            int from = 0;
            for (int count = inside.Within(part, ref from); count > 0; count = inside.Within(part, ref from))
            {
                _trabecular[run.Label]!.Add(codes.Slice(from, count));
                from += count;
            }
        }
        if (run.Part != VertebraPart.None) (Of(run.Part)[run.Label] ??= new HounsfieldHistogram()).Add(codes);
        return _sparseValues <= MostSparseValues;
    }

    /// <summary>The exact counts over all voxels of a label; null if none was added.</summary>
    public HounsfieldHistogram? Whole(int label) => _whole[label];

    /// <summary>The exact counts over the voxels of a label that belong to a part; null if none was added.</summary>
    public HounsfieldHistogram? Part(int label, VertebraPart part) => Of(part)[label];

    /// <summary>The exact counts in the ball around a label's annotated point; null for C1 and without annotation.</summary>
    public HounsfieldHistogram? Ball(int label) => _balls[label];

    /// <summary>The exact counts over the body at least 5 mm inside; null where <see cref="LocalMeasurement.TrabecularVoxels"/> is.</summary>
    public HounsfieldHistogram? Trabecular(int label) => _trabecular[label];

    private HounsfieldHistogram?[] Of(VertebraPart part) => part == VertebraPart.Body ? _bodies : _arches;
}
