using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// The most frequent label of each block of a coarser grid, one slice of blocks at a time: no more than that is held, whatever the volume. What
/// has no label counts as one; where two are as frequent, a label stands before none and the lower one before the higher.
/// </summary>
public sealed class LabelBlocks
{
    private const int Codes = VertebraLabel.Highest + 1;

    private readonly CoarseGrid _blocks;
    private readonly int[] _counts, _labelled;
    private readonly List<int> _met = [];
    private int _slice;

    public LabelBlocks(CoarseGrid blocks)
    {
        _blocks = blocks;
        VoxelShape shape = blocks.Grid.Shape;
        (_counts, _labelled) = (new int[shape.I * shape.J * Codes], new int[shape.I * shape.J]);
    }

    /// <summary>Adds a run of the finer grid that lies in the slice of blocks; what is no vertebra's label is left out.</summary>
    [MethodImpl(Hot.Method)]
    public void Add(in LabelRun run)
    {
        if (!VertebraLabel.IsKnown(run.Label)) return;
        int length = _blocks[0], first = run.J / _blocks[1] * _blocks.Grid.Shape.I;
        for (int at = run.I, end = run.I + run.Length; at < end;)
        {
            int block = at / length, next = Math.Min(end, (block + 1) * length), place = first + block;
            if (_labelled[place] == 0) _met.Add(place);
            _labelled[place] += next - at;
            _counts[place * Codes + run.Label] += next - at;
            at = next;
        }
    }

    /// <summary>Gives the slice and begins the next one.</summary>
    /// <param name="slice">i fastest; a place for each block. 0 where there is no label.</param>
    public void Take(Span<byte> slice)
    {
        slice.Clear();
        foreach (int place in _met)
        {
            Span<int> counts = _counts.AsSpan(place * Codes, Codes);
            counts[0] = Voxels(place) - _labelled[place];
            int most = 1;
            for (int label = 2; label < Codes; label++)
                if (counts[label] > counts[most]) most = label;
            if (counts[most] >= counts[0]) slice[place] = (byte)most;
            counts.Clear();
            _labelled[place] = 0;
        }
        _met.Clear();
        _slice++;
    }

    private int Voxels(int place)
    {
        (int j, int i) = Math.DivRem(place, _blocks.Grid.Shape.I);
        return _blocks.Length(0, i) * _blocks.Length(1, j) * _blocks.Length(2, _slice);
    }
}
