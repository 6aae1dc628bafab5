using System.Collections.ObjectModel;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Centroids;

/// <summary>
/// The annotated points of one scan: for each label a point in voxels (0-based, an integer is the centre of a voxel) along axes that
/// increase towards the letters of <see cref="Direction"/>, of the mask or of a grid that the file describes.
/// The point is the middle of the vertebral body; for C1 that of the whole mask.
/// Points without three finite coordinates, labels that stand twice and labels outside 1 to 28 are left out and noted.
/// </summary>
public sealed class CentroidFile
{
    /// <summary>Genuine files have about 500 bytes.</summary>
    internal const int LongestBytes = 1 << 20;

    private readonly CentroidGrid _grid;
    private readonly string _form;

    internal CentroidFile(Orientation direction, CentroidGrid grid, string form, SortedDictionary<int, Vector3d> points, IReadOnlyList<FileNote> notes)
    {
        (Direction, _grid, _form) = (direction, grid, form);
        Points = new ReadOnlyDictionary<int, Vector3d>(points);
        AnnotatedLabels = [.. points.Keys];
        Notes = notes;
    }

    /// <summary>Which way X, Y and Z run; in every genuine file the same as the image's own axes.</summary>
    public Orientation Direction { get; }

    /// <summary>Label to (X, Y, Z) as the file has them, in label order.</summary>
    public IReadOnlyDictionary<int, Vector3d> Points { get; }

    /// <summary>Labels with a usable point, ascending.</summary>
    public IReadOnlyList<int> AnnotatedLabels { get; }

    /// <summary>What was left out or unusual, at most one note a code and field.</summary>
    public IReadOnlyList<FileNote> Notes { get; }

    /// <inheritdoc cref="Read(ReadOnlySpan{byte})"/>
    /// <exception cref="IOException">The storage failed.</exception>
    public static CentroidFile Read(Stream stream) => Read(TolerantJson.ReadBounded(stream, LongestBytes));

    /// <summary>
    /// Parses the subject-based form, a list with a direction and one entry of label, X, Y, Z a vertebra, and the forms in which TPTBox
    /// saves it: labels with a subregion (of which 50 is the body), as numbers or words, nested names, and points in world millimetres.
    /// </summary>
    /// <exception cref="BadFileException">Nothing in the file can be used: not JSON, too big, or its axes are not known.</exception>
    public static CentroidFile Read(ReadOnlySpan<byte> bytes) => CentroidReader.Read(bytes);

    /// <summary>
    /// Label to voxel index (i, j, k) of an image; may lie outside it. Axes are permuted by the codes, and an axis that runs the other way is
    /// mirrored exactly: size - 1 - x. Points of another grid that the file describes are converted through the world.
    /// </summary>
    /// <param name="grid">Of the image.</param>
    /// <param name="note">Told if points were converted.</param>
    /// <exception cref="BadFileException">CTD_GRID: the points lie on another grid, and it is not known how.</exception>
    public IReadOnlyDictionary<int, Vector3d> ToVoxelIndex(VoxelGrid grid, Action<FileNote>? note = null)
    {
        if (_grid.ToIndexOf(grid, Direction, _form) is { } convert)
        {
            note?.Invoke(new FileNote(Faults.CtdConverted, "zoom, shape, origin, rotation", _grid.ToString(), $"shape {grid.Shape}"));
            return new ReadOnlyDictionary<int, Vector3d>(
                new SortedDictionary<int, Vector3d>(Points.ToDictionary(point => point.Key, point => convert(point.Value))));
        }
        SortedDictionary<int, Vector3d> indices = [];
        Span<double> index = stackalloc double[3];
        foreach ((int label, Vector3d point) in Points)
        {
            for (int axis = 0; axis < 3; axis++)
            {
                int stored = grid.Orientation.StoredAxis(Direction.WorldAxis(axis));
                bool same = grid.Orientation.IncreasesTowardsPositive(stored) == Direction.IncreasesTowardsPositive(axis);
                index[stored] = same ? point[axis] : grid.Shape[stored] - 1 - point[axis];
            }
            indices.Add(label, new Vector3d(index[0], index[1], index[2]));
        }
        return new ReadOnlyDictionary<int, Vector3d>(indices);
    }
}
