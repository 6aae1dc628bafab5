using System.Globalization;
using System.Text;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Extract.Sample;

/// <summary>A label's annotated point in the voxel axes of its image.</summary>
internal readonly record struct AnnotatedPoint(int Label, Vector3d Index);

/// <summary>Writes centroid files as the dataset's authors do: Python's JSON on one line, direction first, one decimal.</summary>
internal static class CentroidText
{
    /// <summary>The middle of each body; for C1 the centre of its voxels.</summary>
    public static IReadOnlyList<AnnotatedPoint> Points(PhantomVolume volume, Spine spine, IEnumerable<int> labels) =>
    [
        .. labels.Select(label => new AnnotatedPoint(label, Rounded(label == VertebraLabel.C1
            ? CentreOfVoxels(volume, label)
            : FieldOfView.IndexOf(volume.Grid.Affine, spine.At(label).BodyCentre)))),
    ];

    /// <summary>The file's text.</summary>
    /// <param name="points">In the image's own axes.</param>
    /// <param name="grid">The image.</param>
    /// <param name="direction">Axes to write in; the image's own or any other.</param>
    /// <param name="withoutPoint">A label whose coordinates are written as NaN; 0 for none.</param>
    public static string Json(IReadOnlyList<AnnotatedPoint> points, VoxelGrid grid, Orientation direction, int withoutPoint)
    {
        StringBuilder text = new();
        string codes = direction.Codes;
        text.Append(CultureInfo.InvariantCulture, $"[{{\"direction\": [\"{codes[0]}\", \"{codes[1]}\", \"{codes[2]}\"]}}");
        foreach (AnnotatedPoint point in points)
        {
            Vector3d p = Turned(point.Index, grid, direction);
            text.Append(point.Label == withoutPoint
                ? Invariant($", {{\"label\": {point.Label}, \"X\": NaN, \"Y\": NaN, \"Z\": NaN}}")
                : Invariant($", {{\"label\": {point.Label}, \"X\": {p.X:F1}, \"Y\": {p.Y:F1}, \"Z\": {p.Z:F1}}}"));
        }
        return text.Append(']').ToString();
    }

    private static Vector3d Turned(Vector3d index, VoxelGrid grid, Orientation direction)
    {
        Span<double> turned = stackalloc double[3];
        for (int axis = 0; axis < 3; axis++)
        {
            int stored = grid.Orientation.StoredAxis(direction.WorldAxis(axis));
            bool same = grid.Orientation.IncreasesTowardsPositive(stored) == direction.IncreasesTowardsPositive(axis);
            turned[axis] = same ? index[stored] : grid.Shape[stored] - 1 - index[stored];
        }
        return new(turned[0], turned[1], turned[2]);
    }

    private static Vector3d CentreOfVoxels(PhantomVolume volume, int label)
    {
        VoxelShape shape = volume.Grid.Shape;
        long i = 0, j = 0, k = 0;
        for (int at = 0; at < volume.Codes.Length; at++)
            if (PhantomVolume.LabelOf(volume.Codes[at]) == label)
            {
                i += at % shape.I;
                j += at / shape.I % shape.J;
                k += at / shape.I / shape.J;
            }
        double n = volume.Count(label);
        return new(i / n, j / n, k / n);
    }

    private static Vector3d Rounded(Vector3d v) => new(Math.Round(v.X, 1), Math.Round(v.Y, 1), Math.Round(v.Z, 1));
}
