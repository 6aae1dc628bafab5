using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// Millimetres along a direction as a linear form of an index, in whole multiples of 2^-40 mm: exact sums, so it is the same for an index however it
/// was come by. Rounded once for each axis; a lattice of a thousand steps is 1e-9 mm off at most.
/// </summary>
internal readonly record struct LatticeLine(long I, long J, long K, long Constant)
{
    /// <summary>Of the fixed point.</summary>
    public const int FractionBits = 40;

    public const long Millimetre = 1L << FractionBits;

    // a voxel box as large as that, its edges added up, is none around a vertebra, and would not go into the fixed point
    private const double LongestMm = 1 << 21;

    /// <param name="affine">Of the index.</param>
    /// <param name="originMm">World; 0 along the line.</param>
    /// <param name="direction">Unit vector, world.</param>
    /// <param name="from">The index that stands for (0, 0, 0).</param>
    /// <param name="steps">An index step, in voxels along each stored axis.</param>
    public static LatticeLine Of(Affine affine, Vector3d originMm, Vector3d direction, Vector3d from, Vector3d steps) => new(
        Fixed(steps.X * Vector3d.Dot(affine.I, direction)),
        Fixed(steps.Y * Vector3d.Dot(affine.J, direction)),
        Fixed(steps.Z * Vector3d.Dot(affine.K, direction)),
        Fixed(Vector3d.Dot(affine.Apply(from) - originMm, direction)));

    /// <summary>Whether no index in a box overflows.</summary>
    public static bool Fits(Affine affine, VoxelBox box)
    {
        Vector3d spacing = affine.ColumnNorms;
        return box.Extent(0) * spacing.X + box.Extent(1) * spacing.Y + box.Extent(2) * spacing.Z < LongestMm;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long At(int i, int j, int k) => Constant + i * I + j * J + k * K;

    public LatticeLine Plus(long constant) => this with { Constant = Constant + constant };

    private static long Fixed(double mm) => (long)Math.Round(mm * Millimetre);
}
