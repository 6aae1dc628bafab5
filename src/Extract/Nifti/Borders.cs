using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Extract.Nifti;

/// <summary>
/// Finds the voxels that differ from the one before. Each vector of voxels is compared with itself one voxel earlier; the positions are
/// then taken from the bits of the result four at a time without asking how many there are, since a branch that is guessed wrong
/// costs more than the writing.
/// </summary>
internal static class Borders
{
    /// <summary>Most voxels that one call looks at, the first one, which is only compared with, not counted.</summary>
    public const int MostVoxels = 4096;

    private const int WrittenAtOnce = 4;

    /// <summary>How many positions the caller must have room for.</summary>
    public const int Room = MostVoxels + WrittenAtOnce;

    /// <summary>Writes the ascending positions of all voxels, but for the first, that differ from the one before.</summary>
    /// <returns>How many there are; what stands behind them in <paramref name="positions"/> is undefined.</returns>
    [MethodImpl(Hot.Method)]
    public static int Find<T>(ReadOnlySpan<T> voxels, Span<ushort> positions) where T : unmanaged, IBinaryInteger<T>
    {
        int found = 0, at = 1, width = Vector256<T>.Count;
        ulong two = ulong.MaxValue >> (64 - 2 * width);
        for (; at <= voxels.Length - 4 * width; at += 4 * width)
        {
            ReadOnlySpan<T> here = voxels.Slice(at, 4 * width), before = voxels.Slice(at - 1, 4 * width);
            Vector256<T> same0 = Vector256.Equals(Vector256.Create(here), Vector256.Create(before));
            Vector256<T> same1 = Vector256.Equals(Vector256.Create(here[width..]), Vector256.Create(before[width..]));
            Vector256<T> same2 = Vector256.Equals(Vector256.Create(here[(2 * width)..]), Vector256.Create(before[(2 * width)..]));
            Vector256<T> same3 = Vector256.Equals(Vector256.Create(here[(3 * width)..]), Vector256.Create(before[(3 * width)..]));
            if ((same0 & same1 & same2 & same3) == Vector256<T>.AllBitsSet) continue;
            ulong low = same0.ExtractMostSignificantBits() | (ulong)same1.ExtractMostSignificantBits() << width;
            ulong high = same2.ExtractMostSignificantBits() | (ulong)same3.ExtractMostSignificantBits() << width;
            Write(low ^ two, at, positions, ref found);
            Write(high ^ two, at + 2 * width, positions, ref found);
        }
        for (; at < voxels.Length; at++)
            if (voxels[at] != voxels[at - 1]) positions[found++] = (ushort)at;
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ulong bits, int at, Span<ushort> positions, ref int found)
    {
        int count = BitOperations.PopCount(bits);
        for (int written = 0; written < count; written += WrittenAtOnce)
        {
            Span<ushort> room = positions.Slice(found + written, WrittenAtOnce);
            for (int one = 0; one < WrittenAtOnce; one++)
            {
                room[one] = (ushort)(at + BitOperations.TrailingZeroCount(bits));
                bits &= bits - 1;
            }
        }
        found += count;
    }
}
