using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Nifti;

/// <summary>A row of voxels (fixed j, k) of a volume, moved forward in stored order.</summary>
internal struct RowCursor(VoxelShape shape)
{
    private readonly int _length = shape.I, _rowsPerSlice = shape.J;

    /// <summary>The row's first voxel, in stored order.</summary>
    public long Start { get; private set; }

    /// <summary>The voxel behind its last one.</summary>
    public readonly long End => Start + _length;

    public int J { get; private set; }
    public int K { get; private set; }

    /// <summary>Moves to the row of a voxel that is not before this one. Mostly it is this or the next one, so divisions are kept for the jumps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MoveTo(long voxel)
    {
        long ahead = voxel - Start;
        if (ahead < _length) return;
        if (ahead >= 2L * _length)
        {
            Jump(voxel);
            return;
        }
        Start += _length;
        if (++J == _rowsPerSlice) (J, K) = (0, K + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Jump(long voxel)
    {
        long row = voxel / _length;
        Start = row * _length;
        (long k, long j) = Math.DivRem(row, _rowsPerSlice);
        (J, K) = ((int)j, (int)k);
    }
}
