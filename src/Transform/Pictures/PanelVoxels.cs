using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Pictures;

/// <summary>
/// The voxels of one panel in stored order. Where a stored axis runs along the panel's, as it does in a volume that stands upright, the voxel of
/// a place is a sum of one part for its row and one for its column, and the order is known; otherwise each is found, and they are sorted.
/// </summary>
internal sealed class PanelVoxels : IDisposable
{
    private readonly LentArray<long> _voxels;
    private readonly LentArray<int> _places;
    private readonly int _firstPlace;

    // of the mask, by stored axis: rows of the inverse matrix, voxels, and how far apart two neighbours are stored
    private readonly Vector3d[] _inverse;
    private readonly int[] _voxelsAlong;
    private readonly long[] _strides;

    /// <param name="layout">Of the picture.</param>
    /// <param name="at">Which panel.</param>
    /// <param name="firstPlace">Number of the panel's first place.</param>
    public PanelVoxels(PictureLayout layout, int at, int firstPlace)
    {
        PicturePanel panel = layout.Panels[at];
        (_voxels, _places, _firstPlace) = (new LentArray<long>(panel.Places), new LentArray<int>(panel.Places), firstPlace);
        VoxelShape shape = layout.Grid.Shape;
        Affine affine = layout.Grid.Affine;
        double scale = 1 / affine.Determinant;
        _inverse = [scale * Vector3d.Cross(affine.J, affine.K), scale * Vector3d.Cross(affine.K, affine.I), scale * Vector3d.Cross(affine.I, affine.J)];
        _voxelsAlong = [shape.I, shape.J, shape.K];
        _strides = [1, shape.I, (long)shape.I * shape.J];

        int axis = panel.Axis, other = 1 - axis, along = layout.Grid.Orientation.StoredAxis(axis);
        bool upright = true;
        for (int stored = 0; stored < 3; stored++)
            upright &= stored == along ? _inverse[stored][other] == 0 && _inverse[stored].Z == 0 : _inverse[stored][axis] == 0;
        // from the volume's origin
        double[] wayMm = new double[panel.PlacesAcross];
        for (int across = 0; across < wayMm.Length; across++) wayMm[across] = panel.AcrossMm(across) - affine.Origin[axis];
        (double DepthMm, double UpMm)[] surfaceMm = new (double, double)[panel.PlacesUp];
        for (int up = 0; up < surfaceMm.Length; up++)
        {
            surfaceMm[up] = panel.SurfaceMm(up, layout.Curve);
            surfaceMm[up].DepthMm -= affine.Origin[other];
            surfaceMm[up].UpMm -= affine.Origin.Z;
        }
        if (upright) FindInOrder(axis, along, wayMm, surfaceMm);
        else Find(axis, wayMm, surfaceMm);
    }

    /// <summary>Places that are in the volume.</summary>
    public int Count { get; private set; }

    public void Dispose()
    {
        _voxels.Dispose();
        _places.Dispose();
    }

    /// <summary>All of both, in stored order.</summary>
    /// <param name="voxels">Gets positions in the mask's stored order (i fastest), ascending.</param>
    /// <param name="places">Gets the number of the place of each.</param>
    public static void Merge(PanelVoxels a, PanelVoxels b, Span<long> voxels, Span<int> places)
    {
        ReadOnlySpan<long> voxelsOfA = a._voxels.Span[..a.Count], voxelsOfB = b._voxels.Span[..b.Count];
        ReadOnlySpan<int> placesOfA = a._places.Span[..a.Count], placesOfB = b._places.Span[..b.Count];
        int ofA = 0, ofB = 0, at = 0;
        while (ofA < voxelsOfA.Length && ofB < voxelsOfB.Length)
            (voxels[at], places[at++]) = voxelsOfA[ofA] <= voxelsOfB[ofB] ? (voxelsOfA[ofA], placesOfA[ofA++]) : (voxelsOfB[ofB], placesOfB[ofB++]);
        voxelsOfA[ofA..].CopyTo(voxels[at..]);
        placesOfA[ofA..].CopyTo(places[at..]);
        voxelsOfB[ofB..].CopyTo(voxels[(at + a.Count - ofA)..]);
        placesOfB[ofB..].CopyTo(places[(at + a.Count - ofA)..]);
    }

    private void FindInOrder(int axis, int along, double[] wayMm, (double DepthMm, double UpMm)[] surfaceMm)
    {
        // the part of a place's voxel that its row gives, and the row
        long[] parts = new long[surfaceMm.Length];
        int[] rows = new int[surfaceMm.Length];
        int inside = 0;
        for (int up = 0; up < surfaceMm.Length; up++)
        {
            long part = 0;
            for (int stored = 0; stored < 3 && part >= 0; stored++)
                if (stored != along) part = Plus(part, stored, Voxel(stored, axis, 0, surfaceMm[up]));
            if (part >= 0) (parts[inside], rows[inside++]) = (part, up);
        }
        RadixSort.Ascending(parts.AsSpan(0, inside), rows.AsSpan(0, inside));
        // the part that its column gives, in stored order, and the column
        long[] columnParts = new long[wayMm.Length];
        int[] columns = new int[wayMm.Length];
        int across = 0;
        for (int at = 0; at < wayMm.Length; at++)
        {
            int column = _inverse[along][axis] < 0 ? wayMm.Length - 1 - at : at;
            long part = Plus(0, along, Voxel(along, axis, wayMm[column], default));
            if (part >= 0) (columnParts[across], columns[across++]) = (part, _firstPlace + column);
        }
        long beyond = _strides[along] * _voxelsAlong[along];
        Span<long> voxels = _voxels.Span;
        Span<int> places = _places.Span;
        int count = 0;
        for (int first = 0, end; first < inside; first = end)
        {
            // rows between which no voxel of another lies
            for (end = first + 1; end < inside && parts[end] / beyond == parts[first] / beyond;) end++;
            for (int at = 0; at < across; at++)
                for (int row = first; row < end; row++)
                    (voxels[count], places[count++]) = (columnParts[at] + parts[row], rows[row] * wayMm.Length + columns[at]);
        }
        Count = count;
    }

    private void Find(int axis, double[] wayMm, (double DepthMm, double UpMm)[] surfaceMm)
    {
        int other = 1 - axis, place = _firstPlace, count = 0;
        Vector3d i = _inverse[0], j = _inverse[1], k = _inverse[2];
        double alongI = i[axis], alongJ = j[axis], alongK = k[axis];
        int voxelsI = _voxelsAlong[0], voxelsJ = _voxelsAlong[1], voxelsK = _voxelsAlong[2];
        long strideJ = _strides[1], strideK = _strides[2];
        Span<long> voxels = _voxels.Span;
        Span<int> places = _places.Span;
        foreach ((double depth, double z) in surfaceMm)
        {
            double depthI = i[other] * depth, depthJ = j[other] * depth, depthK = k[other] * depth, upI = i.Z * z, upJ = j.Z * z, upK = k.Z * z;
            foreach (double way in wayMm)
            {
                double atI = Math.Floor(depthI + alongI * way + upI + 0.5);
                double atJ = Math.Floor(depthJ + alongJ * way + upJ + 0.5);
                double atK = Math.Floor(depthK + alongK * way + upK + 0.5);
                if (atI >= 0 && atJ >= 0 && atK >= 0 && atI < voxelsI && atJ < voxelsJ && atK < voxelsK)
                    (voxels[count], places[count++]) = ((long)atI + (long)atJ * strideJ + (long)atK * strideK, place);
                place++;
            }
        }
        Count = count;
        RadixSort.Ascending(voxels[..count], places[..count]);
    }

    private double Voxel(int stored, int axis, double wayMm, (double DepthMm, double UpMm) surface) =>
        Math.Floor(_inverse[stored][1 - axis] * surface.DepthMm + _inverse[stored][axis] * wayMm + _inverse[stored].Z * surface.UpMm + 0.5);

    // negative if it lies outside
    private long Plus(long voxels, int stored, double voxel) =>
        voxel < 0 || voxel >= _voxelsAlong[stored] ? -1 : voxels + (long)voxel * _strides[stored];
}
