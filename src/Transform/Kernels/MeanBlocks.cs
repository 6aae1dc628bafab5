using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Kernels;

/// <summary>Means of a CT over the blocks of a coarser grid, one slice of blocks at a time: no more than that is held, whatever the volume.</summary>
public sealed class MeanBlocks
{
    /// <summary>Stands for a block without a measurable voxel.</summary>
    public const short NoHu = short.MinValue;

    // beyond what a result can hold, and so small that the voxels of no block, fewer than 2^28, make its sum too large
    private const long LargestCode = 1L << 34;

    private readonly CoarseGrid _blocks;
    private readonly long[] _sums;
    private readonly int[] _counts;

    public MeanBlocks(CoarseGrid blocks)
    {
        _blocks = blocks;
        VoxelShape shape = blocks.Grid.Shape;
        (_sums, _counts) = (new long[shape.I * shape.J], new int[shape.I * shape.J]);
    }

    /// <summary>Adds one row of the finer grid that lies in the slice of blocks.</summary>
    /// <param name="j">Of the row.</param>
    /// <param name="codes">Of all its voxels.</param>
    [MethodImpl(Hot.Method)]
    public void Add(int j, ReadOnlySpan<long> codes)
    {
        int length = _blocks[0], first = j / _blocks[1] * _blocks.Grid.Shape.I;
        for (int block = 0, at = 0; at < codes.Length; block++)
        {
            long sum = 0;
            int count = 0;
            for (int end = Math.Min(at + length, codes.Length); at < end; at++)
            {
                if (codes[at] == HounsfieldHistogram.NotMeasurable) continue;
                sum += Math.Clamp(codes[at], -LargestCode, LargestCode);
                count++;
            }
            _sums[first + block] += sum;
            _counts[first + block] += count;
        }
    }

    /// <summary>Gives the slice, in whole Hounsfield units, and begins the next one.</summary>
    /// <param name="scaling">From codes to Hounsfield units.</param>
    /// <param name="slice">i fastest; a place for each block.</param>
    [MethodImpl(Hot.Method)]
    public void Take(CtScaling scaling, Span<short> slice)
    {
        for (int at = 0; at < slice.Length; at++)
            slice[at] = _counts[at] == 0 ? NoHu
                : (short)Math.Clamp(Math.Round(scaling.Slope * _sums[at] / _counts[at] + scaling.Intercept), NoHu + 1, short.MaxValue);
        Array.Clear(_sums);
        Array.Clear(_counts);
    }
}
