using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Measuring;

namespace VerseEtl.Transform.Pictures;

/// <summary>
/// What is shown of a scan and how large: the labelled spine with a margin, as far as the volume reaches, in two panels that share their
/// heights. One size of pixel for both axes and both panels, so that proportions are true whatever the spacing.
/// </summary>
internal sealed class PictureLayout
{
    private const int MostHeight = 900, MostWidth = 1100;

    // more pixels than this for a voxel show nothing more
    private const double MostPixelsPerVoxel = 3;

    // along x, y and z: what lies around a spine says where one is
    private static readonly Vector3d MarginMm = new(15, 20, 10);

    /// <param name="vertebrae">At least one.</param>
    /// <param name="grid">Of the mask.</param>
    public PictureLayout(IReadOnlyList<LocatedVertebra> vertebrae, VoxelGrid grid)
    {
        (Vertebrae, Grid) = (vertebrae, grid);
        Curve = new SpineCurve(vertebrae, grid.Affine);
        (Vector3d low, Vector3d high) = Shown();
        Vector3d size = high - low, voxelMm = grid.Affine.ColumnNorms;
        double pixelMm = Math.Max(Math.Max(size.Z / MostHeight, (size.X + size.Y) / MostWidth),
            Math.Min(voxelMm.X, Math.Min(voxelMm.Y, voxelMm.Z)) / MostPixelsPerVoxel);
        Panels = [new PicturePanel(1, low, high, grid, pixelMm), new PicturePanel(0, low, high, grid, pixelMm)];
    }

    /// <summary>The labels, in anatomical order.</summary>
    public IReadOnlyList<LocatedVertebra> Vertebrae { get; }

    /// <summary>Of the mask.</summary>
    public VoxelGrid Grid { get; }

    public SpineCurve Curve { get; }

    /// <summary>Sagittal, coronal.</summary>
    public IReadOnlyList<PicturePanel> Panels { get; }

    private (Vector3d Low, Vector3d High) Shown()
    {
        (Vector3d low, Vector3d high) = WorldBox.Of(Vertebrae[0].Box, Grid.Affine);
        foreach (LocatedVertebra vertebra in Vertebrae.Skip(1))
        {
            (Vector3d itsLow, Vector3d itsHigh) = WorldBox.Of(vertebra.Box, Grid.Affine);
            (low, high) = (Each(low, itsLow, Math.Min), Each(high, itsHigh, Math.Max));
        }
        VoxelShape shape = Grid.Shape;
        (Vector3d volumeLow, Vector3d volumeHigh) = WorldBox.Of(new VoxelBox(0, 0, 0, shape.I, shape.J, shape.K), Grid.Affine);
        return (Rounded(Each(volumeLow, low - MarginMm, Math.Max)), Rounded(Each(volumeHigh, high + MarginMm, Math.Min)));
    }

    private static Vector3d Each(Vector3d a, Vector3d b, Func<double, double, double> of) => new(of(a.X, b.X), of(a.Y, b.Y), of(a.Z, b.Z));

    // to micrometres, and to a number that no division of usual spacings meets: another stored order rounds otherwise in the last bits
    private static Vector3d Rounded(Vector3d mm) => new(Rounded(mm.X), Rounded(mm.Y), Rounded(mm.Z));

    private static double Rounded(double mm) => (Math.Floor(mm * 1000 + 0.137) + 0.371) / 1000;
}
