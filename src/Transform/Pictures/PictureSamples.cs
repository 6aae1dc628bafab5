using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Pictures;

/// <summary>
/// The voxels that a picture shows, known before the volume is read: sorted in stored order, so that one forward pass gathers them. Memory
/// follows the picture, not the scan.
/// </summary>
internal sealed class PictureSamples
{
    /// <summary>Stands for a place without a value.</summary>
    public const short NoHu = short.MinValue;

    private readonly int[] _places;
    private readonly byte[][] _labels;
    private readonly short[][] _hu;
    private readonly long[] _voxels;
    private int _next;

    public PictureSamples(PictureLayout layout)
    {
        Layout = layout;
        int most = layout.Panels.Sum(panel => panel.PlacesAcross * panel.PlacesUp), count = 0, first = 0;
        (_voxels, _places) = (new long[most], new int[most]);
        _labels = [.. layout.Panels.Select(panel => new byte[panel.PlacesAcross * panel.PlacesUp])];
        _hu = [.. layout.Panels.Select(panel => new short[panel.PlacesAcross * panel.PlacesUp])];
        foreach (PicturePanel panel in layout.Panels)
        {
            count = Find(panel, first, count);
            first += panel.PlacesAcross * panel.PlacesUp;
        }
        RadixSort.Ascending(_voxels.AsSpan(0, count), _places.AsSpan(0, count));
        Voxels = _voxels.AsMemory(0, count);
        foreach (short[] hu in _hu) Array.Fill(hu, NoHu);
    }

    public PictureLayout Layout { get; }

    /// <summary>Positions in the mask's stored order (i fastest), ascending; some may be there twice.</summary>
    public ReadOnlyMemory<long> Voxels { get; }

    /// <summary>There are values of a CT.</summary>
    public bool HasHu { get; private set; }

    /// <summary>The label at each place of a panel's lattice; 0 for none.</summary>
    public byte[] Labels(int panel) => _labels[panel];

    /// <summary>Whole Hounsfield units at each place of a panel's lattice.</summary>
    public short[] Hu(int panel) => _hu[panel];

    /// <summary>Takes the labels that these runs give; runs come in stored order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<LabelRun> runs)
    {
        ReadOnlySpan<long> voxels = Voxels.Span;
        foreach (ref readonly LabelRun run in runs)
        {
            if (!VertebraLabel.IsKnown(run.Label)) continue;
            long start = Layout.Grid.Shape.LinearIndex(run.I, run.J, run.K), end = start + run.Length;
            while (_next < voxels.Length && voxels[_next] < start) _next++;
            for (; _next < voxels.Length && voxels[_next] < end; _next++) Of(_labels, _places[_next]) = (byte)run.Label;
        }
    }

    /// <summary>Takes the values of a CT.</summary>
    /// <param name="codes">At <see cref="Voxels"/>.</param>
    /// <param name="scaling">From codes to Hounsfield units.</param>
    public void Take(ReadOnlySpan<long> codes, CtScaling scaling)
    {
        for (int at = 0; at < codes.Length; at++)
            if (codes[at] != HounsfieldHistogram.NotMeasurable)
                Of(_hu, _places[at]) = (short)Math.Clamp(Math.Round(scaling.Slope * codes[at] + scaling.Intercept), NoHu + 1, short.MaxValue);
        HasHu = true;
    }

    /// <summary>The voxel at each place of a panel that is in the volume.</summary>
    /// <param name="first">Number of the panel's first place.</param>
    /// <param name="count">How many voxels there are by now.</param>
    /// <returns>How many there are then.</returns>
    private int Find(PicturePanel panel, int first, int count)
    {
        VoxelShape shape = Layout.Grid.Shape;
        Affine affine = Layout.Grid.Affine;
        int axis = panel.Axis, other = 1 - axis;
        // rows of the inverse matrix
        double scale = 1 / affine.Determinant;
        Vector3d i = scale * Vector3d.Cross(affine.J, affine.K), j = scale * Vector3d.Cross(affine.K, affine.I), k = scale * Vector3d.Cross(affine.I, affine.J);
        double alongI = i[axis], alongJ = j[axis], alongK = k[axis];
        for (int up = 0, place = first; up < panel.PlacesUp; up++)
        {
            (double depth, double z) = panel.SurfaceMm(up, Layout.Curve);
            (depth, z) = (depth - affine.Origin[other], z - affine.Origin.Z);
            double depthI = i[other] * depth, depthJ = j[other] * depth, depthK = k[other] * depth, upI = i.Z * z, upJ = j.Z * z, upK = k.Z * z;
            for (int across = 0; across < panel.PlacesAcross; across++, place++)
            {
                double way = panel.AcrossMm(across) - affine.Origin[axis];
                double atI = Math.Floor(depthI + alongI * way + upI + 0.5);
                double atJ = Math.Floor(depthJ + alongJ * way + upJ + 0.5);
                double atK = Math.Floor(depthK + alongK * way + upK + 0.5);
                if (atI < 0 || atJ < 0 || atK < 0 || atI >= shape.I || atJ >= shape.J || atK >= shape.K) continue;
                _voxels[count] = shape.LinearIndex((int)atI, (int)atJ, (int)atK);
                _places[count++] = place;
            }
        }
        return count;
    }

    private static ref T Of<T>(T[][] panels, int place)
    {
        if (place < panels[0].Length) return ref panels[0][place];
        return ref panels[1][place - panels[0].Length];
    }
}
