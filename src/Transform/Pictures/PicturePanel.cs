using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Pictures;

/// <summary>
/// One upright surface through the volume that follows the spine: its pixels, and the lattice of places at which the volume is asked. The
/// lattice has a step of whole voxels on voxel centres, as far as the volume stands upright, near the size of a pixel; pixels lie between its
/// places, so that the gaps of thick slices are closed. Head up, front of the body or its right side to the left.
/// </summary>
internal sealed class PicturePanel
{
    // off the middle between two voxels, where an even number of them would leave the choice to rounding
    private const double OffMiddleMm = 0.0137;

    private readonly Lattice _across, _up;

    /// <param name="axis">World axis that runs to the left: 1 for the sagittal panel, 0 for the coronal one.</param>
    /// <param name="low">Of the part of the world to be shown (mm).</param>
    /// <param name="high">Its other end.</param>
    /// <param name="grid">Of the mask.</param>
    /// <param name="pixelMm">Side of a pixel.</param>
    public PicturePanel(int axis, Vector3d low, Vector3d high, VoxelGrid grid, double pixelMm)
    {
        (Axis, PixelMm, MostAcrossMm, MostUpMm) = (axis, pixelMm, high[axis], high.Z);
        Width = Pixels(high[axis] - low[axis]);
        Height = Pixels(high.Z - low.Z);
        _across = new Lattice(grid, axis, pixelMm, MostAcrossMm - Width * pixelMm, MostAcrossMm);
        _up = new Lattice(grid, 2, pixelMm, MostUpMm - Height * pixelMm, MostUpMm);

        int Pixels(double mm) => Math.Max(1, (int)Math.Ceiling(mm / pixelMm));
    }

    /// <summary>World axis that runs to the left.</summary>
    public int Axis { get; }

    public double PixelMm { get; }

    /// <summary>Pixels.</summary>
    public int Width { get; }

    /// <summary>Pixels.</summary>
    public int Height { get; }

    /// <summary>World place (mm) of the left edge, along <see cref="Axis"/>.</summary>
    public double MostAcrossMm { get; }

    /// <summary>World height (mm) of the upper edge.</summary>
    public double MostUpMm { get; }

    /// <summary>Places of the lattice across.</summary>
    public int PlacesAcross => _across.Count;

    /// <summary>Places of the lattice upwards.</summary>
    public int PlacesUp => _up.Count;

    /// <summary>Places of the lattice.</summary>
    public int Places => PlacesAcross * PlacesUp;

    /// <summary>Pixel column and row of a place in the world (mm), perhaps beyond the panel.</summary>
    public (int Column, int Row) PixelOf(Vector3d mm) =>
        ((int)Math.Floor((MostAcrossMm - mm[Axis]) / PixelMm), (int)Math.Floor((MostUpMm - mm.Z) / PixelMm));

    /// <summary>Place of the lattice before the centre of each pixel column, and how far beyond it the centre lies, of 256.</summary>
    public (int Place, int Beyond)[] Columns() => Between(_across, Width, MostAcrossMm, PixelMm);

    /// <summary>The same for rows.</summary>
    public (int Place, int Beyond)[] Rows() => Between(_up, Height, MostUpMm, PixelMm);

    /// <summary>So many rows of pixels, one above the other, show the same of the CT: two where its places are at least as far apart.</summary>
    public int RowsShared => _up.StepMm >= 2 * PixelMm ? 2 : 1;

    /// <summary>As <see cref="Rows"/>, for rows of pixels that share what they show.</summary>
    public (int Place, int Beyond)[] SharedRows() => Between(_up, (Height + RowsShared - 1) / RowsShared, MostUpMm, RowsShared * PixelMm);

    /// <summary>Where the surface lies at a height of the lattice, from the lowest (mm, RAS+): along the other axis, and upwards.</summary>
    public (double DepthMm, double UpMm) SurfaceMm(int up, SpineCurve curve)
    {
        double z = _up.Mm(up);
        return (curve.At(z, 1 - Axis) + OffMiddleMm, z);
    }

    /// <summary>Where a place of the lattice lies along <see cref="Axis"/> (mm, RAS+).</summary>
    public double AcrossMm(int across) => _across.Mm(across);

    private static (int Place, int Beyond)[] Between(Lattice lattice, int pixels, double mostMm, double pixelMm)
    {
        (int, int)[] between = new (int, int)[pixels];
        for (int at = 0; at < pixels; at++)
        {
            double place = Math.Clamp(lattice.PlaceOf(mostMm - (at + 0.5) * pixelMm), 0, lattice.Count - 1);
            int before = Math.Min((int)place, Math.Max(0, lattice.Count - 2));
            between[at] = (before, (int)Math.Round(256 * (place - before)));
        }
        return between;
    }

    /// <summary>Equally spaced places along one world axis.</summary>
    private readonly record struct Lattice
    {
        private readonly double _firstMm;

        public Lattice(VoxelGrid grid, int worldAxis, double pixelMm, double lowMm, double highMm)
        {
            int stored = grid.Orientation.StoredAxis(worldAxis);
            Vector3d column = grid.Affine.Column(stored);
            // a tilted axis makes less way along the world's
            double voxelMm = Math.Max(Math.Abs(column[worldAxis]), column.Length / 2);
            StepMm = voxelMm * Math.Max(1, Math.Round(pixelMm / voxelMm));
            // the same voxel centres whichever way the axis is stored
            VoxelShape shape = grid.Shape;
            double middleMm = grid.Affine.Apply(new Vector3d((shape.I - 1) / 2.0, (shape.J - 1) / 2.0, (shape.K - 1) / 2.0))[worldAxis];
            double edgeMm = middleMm - voxelMm * (shape[stored] - 1) / 2;
            double before = Math.Floor((lowMm - edgeMm) / StepMm);
            _firstMm = edgeMm + before * StepMm;
            Count = (int)(Math.Ceiling((highMm - edgeMm) / StepMm) - before) + 1;
        }

        public int Count { get; }

        public double StepMm { get; }

        public double Mm(int place) => _firstMm + place * StepMm;

        public double PlaceOf(double mm) => (mm - _firstMm) / StepMm;
    }
}
