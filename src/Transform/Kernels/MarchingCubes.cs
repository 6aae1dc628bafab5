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

    private static readonly byte[][] Triangles = [.. Entries.Select(entry => entry[Digits(entry)..].Select(letter => (byte)(letter - 'a')).ToArray())];

    /// <summary>By case, the volume within the cube that is inside the surface, in 48ths of the cube.</summary>
    public static int[] InsideParts { get; } = [.. Entries.Select(entry => int.Parse(entry.AsSpan(0, Digits(entry)), CultureInfo.InvariantCulture))];

    /// <summary>By case, the area of the surface in the cube (mm2) for voxels that lie as the affine says.</summary>
    public static double[] AreasMm2(Affine affine)
    {
        Span<Vector3d> points = stackalloc Vector3d[Vertices.Length];
        for (int at = 0; at < points.Length; at++)
            points[at] = Vertices[at].I / 2.0 * affine.I + Vertices[at].J / 2.0 * affine.J + Vertices[at].K / 2.0 * affine.K;
        double[] areas = new double[Cases];
        for (int at = 0; at < Cases; at++)
            for (ReadOnlySpan<byte> corners = Triangles[at]; corners.Length > 0; corners = corners[3..])
                areas[at] += Vector3d.Cross(points[corners[1]] - points[corners[0]], points[corners[2]] - points[corners[0]]).Length / 2;
        return areas;
    }

    private static int Digits(string entry) => entry.AsSpan().IndexOfAnyInRange('a', 'm') is >= 0 and int digits ? digits : entry.Length;
}
