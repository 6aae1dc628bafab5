using System.Text.Json;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Centroids;

/// <summary>
/// The grid that a centroid file says its points are counted in, as TPTBox writes it beside the direction: any of its parts may be
/// missing, and often all are. Axes are in the file's order; world = rotation * (zoom * point) + origin, mm, RAS+.
/// </summary>
internal sealed record CentroidGrid
{
    // the places where two grids put a corner may differ by the rounding of zooms in the file, in voxels
    private const double SameVoxels = 0.01, SameSpacingVoxels = 0.5;

    private const string Form = "[a, b, c]";

    public double[]? Zoom { get; private set; }
    public double[]? Shape { get; private set; }
    public double[]? Origin { get; private set; }
    public double[][]? Rotation { get; private set; }

    /// <summary>A grid of one millimetre at the world's origin, for points that are in millimetres already.</summary>
    /// <param name="side">1 if x runs to the right and y to the front, -1 if to the left and to the back.</param>
    public static CentroidGrid World(double side) =>
        new() { Zoom = [1, 1, 1], Origin = [0, 0, 0], Rotation = [[side, 0, 0], [0, side, 0], [0, 0, 1]] };

    /// <summary>True if there is no word of a grid.</summary>
    public bool IsEmpty => Zoom is null && Shape is null && Origin is null && Rotation is null;

    /// <summary>Takes a key of the direction's entry if it is one of the grid's.</summary>
    /// <exception cref="BadFileException">The value is not what the key should have.</exception>
    public bool TryTake(JsonProperty property)
    {
        JsonElement value = property.Value;
        switch (property.Name)
        {
            case "zoom": Zoom = Positive(Vector(value, property.Name), property.Name); break;
            case "shape": Shape = Positive(Vector(value, property.Name), property.Name); break;
            case "origin": Origin = Vector(value, property.Name); break;
            case "rotation":
                if (value.ValueKind == JsonValueKind.Null) break;
                if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 3) throw Bad(property.Name, "three rows of three numbers");
                Rotation = [.. value.EnumerateArray().Select(row => Vector(row, property.Name) ?? throw Bad(property.Name, "three rows of three numbers"))];
                break;
            default: return false;
        }
        return true;
    }

    /// <summary>How a point of the file becomes a voxel index of the mask; null if it is counted in the mask's own voxels.</summary>
    /// <param name="direction">The letters of the file's axes.</param>
    /// <param name="mask">Where the points are wanted.</param>
    /// <param name="form">What the file is called in messages.</param>
    /// <exception cref="BadFileException">CTD_GRID: the points lie on another grid and it is not known how.</exception>
    public Func<Vector3d, Vector3d>? ToIndexOf(VoxelGrid mask, Orientation direction, string form)
    {
        if (IsEmpty) return null;
        if (Whole() is Affine affine && Letters(affine) == direction.Codes)
            return IsGridOf(mask, affine) ? null : point => mask.Affine.Invert(affine.Apply(point));
        if (HasSpacingAndShapeOf(mask, direction)) return null;
        bool placed = Origin is not null || Rotation is not null;
        if (!placed && Zoom is not null && direction == mask.Orientation && CoversSameLengths(mask))
            return point => new Vector3d(point.X * Zoom[0] / mask.SpacingMm.X, point.Y * Zoom[1] / mask.SpacingMm.Y, point.Z * Zoom[2] / mask.SpacingMm.Z);
        string contradiction = Whole() is Affine other && Letters(other) is string letters ? $", whose rotation is {letters}" : "";
        throw new BadFileException(Faults.CtdGrid, "zoom, shape, origin, rotation", $"{form} {this} along {direction}{contradiction}",
            Invariant($"{Text(mask.SpacingMm)} mm, {mask.Shape} along {mask.Orientation}, or a grid that agrees with its direction"));
    }

    public override string ToString()
    {
        string zoom = Zoom is null ? "" : Invariant($"zoom {Text(new(Zoom[0], Zoom[1], Zoom[2]))} mm");
        string shape = Shape is null ? "" : $"shape {string.Join('x', Shape)}";
        return string.Join(", ", new[] { zoom, shape }.Where(part => part.Length > 0));
    }

    private Affine? Whole()
    {
        if (Zoom is not [var x, var y, var z] || Origin is not [var a, var b, var c] || Rotation is not { } rows) return null;
        Affine affine = new(x * Column(0), y * Column(1), z * Column(2), new(a, b, c));
        return affine.IsFinite && affine.Determinant != 0 ? affine : null;

        Vector3d Column(int axis) => new(rows[0][axis], rows[1][axis], rows[2][axis]);
    }

    /// <summary>True if the file's grid is the mask's, perhaps with its axes in another order.</summary>
    private bool IsGridOf(VoxelGrid mask, Affine affine)
    {
        if (Shape is not [var i, var j, var k] || Math.Max(i, Math.Max(j, k)) > int.MaxValue) return false;
        VoxelGrid own = new(new VoxelShape((long)i, (long)j, (long)k), affine, AffineSource.Sform, new(Zoom![0], Zoom[1], Zoom[2]));
        return AxisMap.Between(mask, own) is { } map && mask.LargestCornerDistanceVoxels(map.InSourceOrder(own)).Voxels <= SameVoxels;
    }

    private bool HasSpacingAndShapeOf(VoxelGrid mask, Orientation direction)
    {
        if (Zoom is null && Shape is null) return true;
        for (int axis = 0; axis < 3; axis++)
        {
            int stored = mask.Orientation.StoredAxis(direction.WorldAxis(axis));
            if (Shape is not null && Shape[axis] != mask.Shape[stored]) return false;
            if (Zoom is not null && Math.Abs(Zoom[axis] / mask.SpacingMm[stored] - 1) * mask.Shape[stored] > SameSpacingVoxels) return false;
        }
        return true;
    }

    private bool CoversSameLengths(VoxelGrid mask)
    {
        for (int axis = 0; axis < 3; axis++)
            if (Shape is not null && Math.Abs(Shape[axis] * Zoom![axis] - mask.Shape[axis] * mask.SpacingMm[axis]) > Math.Max(Zoom[axis], mask.SpacingMm[axis]))
                return false;
        return true;
    }

    private static string? Letters(Affine affine) => affine.IsFinite && affine.Determinant != 0 ? Orientation.Of(affine).Codes : null;

    private static string Text(Vector3d v) => Invariant($"{v.X:0.###}x{v.Y:0.###}x{v.Z:0.###}");

    private static double[]? Vector(JsonElement value, string key)
    {
        if (value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 3) throw Bad(key, Form);
        double[] numbers = new double[3];
        int at = 0;
        foreach (JsonElement item in value.EnumerateArray())
            numbers[at++] = item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double number) && Math.Abs(number) <= 1e9
                ? number
                : throw Bad(key, Form);
        return numbers;
    }

    private static double[]? Positive(double[]? numbers, string key) =>
        numbers is null || Array.TrueForAll(numbers, number => number > 0) ? numbers : throw Bad(key, "positive numbers");

    private static BadFileException Bad(string key, string expected) => new(Faults.CtdGrid, key, "something else", expected);
}
