using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Pictures;

namespace VerseEtl.Transform.Tests.Pictures;

/// <summary>
/// Three vertebrae, each a body with an arch behind that has more of its mass, on a spine that bends to the side and
/// forward so far that no plane meets all bodies, in a volume of any spacing and stored order.
/// </summary>
internal sealed class CurvedSpine(Vector3d spacingMm)
{
    private static readonly Vector3d SizeMm = new(120, 100, 108);

    public static (int Label, Vector3d BodyMm)[] Bodies { get; } =
        [(19, new(-31, 21, 29)), (20, new(0.5, -4, -3)), (21, new(29, 15, -33))];

    /// <summary>A body is twice this, upright.</summary>
    public static Vector3d HalfMm { get; } = new(12, 11, 10);

    /// <summary>The label at a place in the world.</summary>
    public static int LabelAt(Vector3d mm)
    {
        foreach ((int label, Vector3d body) in Bodies)
        {
            Vector3d way = mm - body;
            if (Math.Abs(way.Z) >= HalfMm.Z) continue;
            if (Math.Abs(way.X) < HalfMm.X && Math.Abs(way.Y) < HalfMm.Y) return label;
            if (Math.Abs(way.X) < 9 && way.Y < 0 && way.Y > -44) return label;
        }
        return 0;
    }

    /// <summary>Another value wherever one looks.</summary>
    public static int HuAt(Vector3d mm) => (LabelAt(mm) > 0 ? 300 : 40) + (int)(mm.X + 3 * mm.Y + 2 * mm.Z);

    /// <param name="axes">World axis along which each stored axis runs.</param>
    /// <param name="flipped">Bit of each stored axis that runs to L, P or I.</param>
    public VoxelGrid Grid(int[] axes, int flipped)
    {
        Span<Vector3d> columns = stackalloc Vector3d[3];
        Vector3d origin = -0.5 * SizeMm;
        Span<int> shape = stackalloc int[3];
        Span<double> spacing = stackalloc double[3];
        for (int stored = 0; stored < 3; stored++)
        {
            int world = axes[stored];
            spacing[stored] = spacingMm[world];
            shape[stored] = (int)(SizeMm[world] / spacing[stored]);
            columns[stored] = new Vector3d(world == 0 ? spacing[stored] : 0, world == 1 ? spacing[stored] : 0, world == 2 ? spacing[stored] : 0);
            if ((flipped >> stored & 1) == 0) continue;
            origin += (shape[stored] - 1) * columns[stored];
            columns[stored] = -1 * columns[stored];
        }
        return new VoxelGrid(new VoxelShape(shape[0], shape[1], shape[2]), new Affine(columns[0], columns[1], columns[2], origin),
            AffineSource.Sform, new Vector3d(spacing[0], spacing[1], spacing[2]));
    }

    public ScanPicture Gather(VoxelGrid grid, bool ct = true, bool annotated = true)
    {
        VoxelShape shape = grid.Shape;
        LabelVolume volume = new(shape.I, shape.J, shape.K);
        foreach ((int x, int y, int z) in volume.VoxelsOf(0)) volume[x, y, z] = LabelAt(grid.Affine.Apply(new Vector3d(x, y, z)));
        Dictionary<int, Vector3d> points = annotated ? Bodies.ToDictionary(body => body.Label, body => grid.Affine.Invert(body.BodyMm)) : [];
        SpineMeasurement spine = new(grid, points);
        spine.Add([.. volume.Runs()]);
        spine.Finish();
        ScanPicture picture = ScanPicture.Of(spine)!;
        foreach (var run in volume.Runs()) picture.Add([run]);
        if (ct) picture.Take([.. picture.Voxels.ToArray().Select(Hu)], new CtScaling(1, 0));
        return picture;

        long Hu(long voxel) => HuAt(grid.Affine.Apply(new Vector3d(voxel % shape.I, voxel / shape.I % shape.J, voxel / shape.I / shape.J)));
    }
}
