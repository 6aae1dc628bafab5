using System.Runtime.CompilerServices;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// 26-connected components of every label, streamed: memory follows the runs of a slice and never the volume.
/// </summary>
internal sealed class Components
{
    /// <summary>More runs than this in one slice is noise, not a label map; it also bounds the memory here to some hundred megabytes.</summary>
    public const int MostRunsPerSlice = 4_000_000;

    private readonly LabelComponents?[] _of = new LabelComponents[VertebraLabel.Highest + 1];
    private int _k = -1;
    private int _runsInSlice;

    /// <summary>Components of a label, complete after <see cref="Finish"/>.</summary>
    public int Count(int label) => _of[label]?.Count ?? 0;

    /// <summary>Voxels of a label's largest component.</summary>
    public long Largest(int label) => _of[label]?.Largest ?? 0;

    /// <summary>Adds a run of a known label; runs come in stored order.</summary>
    /// <returns>False if the slice holds more runs than a label map can have.</returns>
    [MethodImpl(Hot.Method)]
    public bool Add(in LabelRun run)
    {
        if (run.K != _k) (_k, _runsInSlice) = (run.K, 0);
        if (++_runsInSlice > MostRunsPerSlice) return false;
        (_of[run.Label] ??= new LabelComponents()).Add(run);
        return true;
    }

    public void Finish()
    {
        foreach (LabelComponents? components in _of) components?.Finish();
    }
}
