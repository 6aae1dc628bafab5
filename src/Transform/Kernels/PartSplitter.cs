using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// Cuts the runs of a vertebra mask where a sub-region mask on the same voxels changes its part, going over the runs of both in lockstep: each is read
/// once, forward, and nothing of either is kept beyond a batch.
/// </summary>
/// <param name="nextBatch">The next runs of the sub-region mask in stored order; none at the end.</param>
public sealed class PartSplitter(Func<ReadOnlyMemory<LabelRun>> nextBatch)
{
    private ReadOnlyMemory<LabelRun> _batch;
    private int _at;
    private bool _ended;

    /// <summary>Takes the first piece within one part off a run of the vertebra mask; the runs come in stored order.</summary>
    /// <param name="rest">What is left of the run.</param>
    /// <returns>False once nothing is left.</returns>
    public bool Next(ref LabelRun rest, out LabelRun piece)
    {
        piece = rest;
        if (rest.Length == 0) return false;
        while (Here() is LabelRun passed && EndsBefore(passed, rest)) _at++;
        int length = rest.Length;
        VertebraPart part = VertebraPart.None;
        if (Here() is LabelRun here && (here.K, here.J) == (rest.K, rest.J) && here.I < rest.I + rest.Length)
        {
            bool covers = here.I <= rest.I;
            length = Math.Min(length, (covers ? here.I + here.Length : here.I) - rest.I);
            if (covers) part = SubregionCodes.PartOf(here.Label);
        }
        piece = rest with { Length = length, Part = part };
        rest = rest with { I = rest.I + length, Length = rest.Length - length };
        return true;
    }

    /// <summary>Reads the sub-region mask to its end, where its reader has checked all of it.</summary>
    public void Finish()
    {
        while (Here() is not null) _at = _batch.Length;
    }

    private LabelRun? Here()
    {
        while (_at == _batch.Length && !_ended)
        {
            (_batch, _at) = (nextBatch(), 0);
            _ended = _batch.IsEmpty;
        }
        return _at < _batch.Length ? _batch.Span[_at] : null;
    }

    private static bool EndsBefore(in LabelRun run, in LabelRun other) =>
        run.K != other.K ? run.K < other.K : run.J != other.J ? run.J < other.J : run.I + run.Length <= other.I;
}
