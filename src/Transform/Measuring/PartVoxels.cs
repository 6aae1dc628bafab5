using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Measuring;

/// <summary>How many voxels of each label a sub-region mask gives to the body and to the arch.</summary>
public sealed class PartVoxels
{
    private readonly long[] _body = new long[VertebraLabel.Highest + 1], _arch = new long[VertebraLabel.Highest + 1];

    /// <summary>No vertebra has a voxel in either.</summary>
    public bool IsEmpty => _body.Sum() + _arch.Sum() == 0;

    /// <summary>Counts a piece of a run; unknown labels and other parts are ignored.</summary>
    public void Add(in LabelRun piece)
    {
        if (!VertebraLabel.IsKnown(piece.Label)) return;
        if (piece.Part == VertebraPart.Body) _body[piece.Label] += piece.Length;
        if (piece.Part == VertebraPart.Arch) _arch[piece.Label] += piece.Length;
    }

    public long Count(int label, VertebraPart part) => part switch
    {
        VertebraPart.Body => _body[label],
        VertebraPart.Arch => _arch[label],
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Only body and arch are counted."),
    };
}
