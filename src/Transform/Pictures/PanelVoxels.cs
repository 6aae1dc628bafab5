using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Pictures;

/// <summary>
/// The voxels of one panel in stored order. Where a stored axis runs along the panel's, as it does in a volume that stands upright, the voxel of
/// a place is a sum of one part for its row and one for its column, and the order is known; otherwise each is found, and they are sorted.
/// </summary>
internal sealed class PanelVoxels
{
    private readonly long[] _voxels;
    private readonly int[] _places;

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
        (_voxels, _places) = (new long[panel.Places], new int[panel.Places]);
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
        for (int found = 0; found < Count; found++) _places[found] += firstPlace;
    }

    /// <summary>Places that are in the volume.</summary>
    public int Count { get; private set; }

    /// <summary>All of both, in stored order.</summary>
    /// <param name="voxels">Gets positions in the mask's stored order (i fastest), ascending.</param>
    /// <param name="places">Gets the number of the place of each.</param>
    public static void Merge(PanelVoxels a, PanelVoxels b, Span<long> voxels, Span<int> places)
    {
        int ofA = 0, ofB = 0;
        for (int at = 0; at < voxels.Length; at++)
        {
            bool isA = ofB == b.Count || (ofA < a.Count && a._voxels[ofA] <= b._voxels[ofB]);
            (voxels[at], places[at]) = isA ? (a._voxels[ofA], a._places[ofA++]) : (b._voxels[ofB], b._places[ofB++]);
        }
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
        bool backwards = _inverse[along][axis] < 0;
        long beyond = _strides[along] * _voxelsAlong[along];
        for (int first = 0, end; first < inside; first = end)
        {
            // rows between which no voxel of another lies
            for (end = first + 1; end < inside && parts[end] / beyond == parts[first] / beyond;) end++;
            for (int at = 0; at < wayMm.Length; at++)
            {
                int across = backwards ? wayMm.Length - 1 - at : at;
                long part = Plus(0, along, Voxel(along, axis, wayMm[across], default));
                if (part < 0) continue;
                for (int row = first; row < end; row++)
                    (_voxels[Count], _places[Count++]) = (part + parts[row], rows[row] * wayMm.Length + across);
            }
        }
    }

    private void Find(int axis, double[] wayMm, (double DepthMm, double UpMm)[] surfaceMm)
    {
        int other = 1 - axis, place = 0;
        Vector3d i = _inverse[0], j = _inverse[1], k = _inverse[2];
        double alongI = i[axis], alongJ = j[axis], alongK = k[axis];
        foreach ((double depth, double z) in surfaceMm)
        {
            double depthI = i[other] * depth, depthJ = j[other] * depth, depthK = k[other] * depth, upI = i.Z * z, upJ = j.Z * z, upK = k.Z * z;
            foreach (double way in wayMm)
            {
                double atI = Math.Floor(depthI + alongI * way + upI + 0.5);
                double atJ = Math.Floor(depthJ + alongJ * way + upJ + 0.5);
                double atK = Math.Floor(depthK + alongK * way + upK + 0.5);
                if (atI >= 0 && atJ >= 0 && atK >= 0 && atI < _voxelsAlong[0] && atJ < _voxelsAlong[1] && atK < _voxelsAlong[2])
                    (_voxels[Count], _places[Count++]) = ((long)atI + (long)atJ * _strides[1] + (long)atK * _strides[2], place);
                place++;
            }
        }
        RadixSort.Ascending(_voxels.AsSpan(0, Count), _places.AsSpan(0, Count));
    }

    private double Voxel(int stored, int axis, double wayMm, (double DepthMm, double UpMm) surface) =>
        Math.Floor(_inverse[stored][1 - axis] * surface.DepthMm + _inverse[stored][axis] * wayMm + _inverse[stored].Z * surface.UpMm + 0.5);

    // negative if it lies outside
    private long Plus(long voxels, int stored, double voxel) =>
        voxel < 0 || voxel >= _voxelsAlong[stored] ? -1 : voxels + (long)voxel * _strides[stored];
}
