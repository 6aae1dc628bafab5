using System.Globalization;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// The surface that marching cubes (Lorensen and Cline 1987, with the topology of Lewiner et al. 2003, as scikit-image 0.19.3 has them) draw
/// between the voxel centres of a binary label at level 0.5. Its vertices lie halfway between a voxel inside and one outside, so what a cube of
/// eight centres adds to area and volume depends on which of the eight are inside, and on nothing else: 256 cases.
/// Bit i + 2j + 4k of a case is the voxel (i, j, k) of the cube.
/// </summary>
internal static partial class MarchingCubes
{
    public const int Cases = 256;

    /// <summary>A cube volume is a whole number of these parts.</summary>
    public const int Parts = 48;

    /// <summary>Half voxel steps (i, j, k) from the cube's first centre to the midpoint of an edge; the last is the centre of the cube.</summary>
    private static readonly (int I, int J, int K)[] Vertices =
    [
        (1, 0, 0), (1, 2, 0), (1, 0, 2), (1, 2, 2), (0, 1, 0), (2, 1, 0), (0, 1, 2), (2, 1, 2), (0, 0, 1), (2, 0, 1), (0, 2, 1), (2, 2, 1), (1, 1, 1),
    ];

    private static readonly string[] Entries = Table.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>By case, the volume within the cube that is inside the surface, in 48ths of the cube.</summary>
    public static IReadOnlyList<int> InsideParts { get; } = [.. Entries.Select(entry => int.Parse(entry.AsSpan(0, Digits(entry)), CultureInfo.InvariantCulture))];

    /// <summary>By case, the area of the surface in the cube (mm2) for voxels that lie as the affine says.</summary>
    public static double[] AreasMm2(Affine affine)
    {
        double[] areas = new double[Cases];
        for (int at = 0; at < Cases; at++)
        {
            ReadOnlySpan<char> letters = Entries[at].AsSpan(Digits(Entries[at]));
            for (; letters.Length > 0; letters = letters[3..])
            {
                Vector3d a = PointMm(affine, letters[0]), b = PointMm(affine, letters[1]), c = PointMm(affine, letters[2]);
                areas[at] += Vector3d.Cross(b - a, c - a).Length / 2;
            }
        }
        return areas;
    }

    private static int Digits(string entry) => entry.AsSpan().IndexOfAnyInRange('a', 'm') is >= 0 and int digits ? digits : entry.Length;

    private static Vector3d PointMm(Affine affine, char letter)
    {
        (int i, int j, int k) = Vertices[letter - 'a'];
        return i / 2.0 * affine.I + j / 2.0 * affine.J + k / 2.0 * affine.K;
    }
}
