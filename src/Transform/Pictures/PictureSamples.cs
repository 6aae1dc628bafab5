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
        VoxelShape shape = layout.Grid.Shape;
        Affine affine = layout.Grid.Affine;
        // rows of the inverse matrix
        double scale = 1 / affine.Determinant;
        Vector3d i = scale * Vector3d.Cross(affine.J, affine.K), j = scale * Vector3d.Cross(affine.K, affine.I), k = scale * Vector3d.Cross(affine.I, affine.J);
        foreach (PicturePanel panel in layout.Panels)
        {
            panel.Visit(layout.Curve, (place, mm) =>
            {
                Vector3d way = mm - affine.Origin;
                double atI = Math.Floor(Vector3d.Dot(i, way) + 0.5), atJ = Math.Floor(Vector3d.Dot(j, way) + 0.5), atK = Math.Floor(Vector3d.Dot(k, way) + 0.5);
                if (atI < 0 || atJ < 0 || atK < 0 || atI >= shape.I || atJ >= shape.J || atK >= shape.K) return;
                _voxels[count] = shape.LinearIndex((int)atI, (int)atJ, (int)atK);
                _places[count++] = first + place;
            });
            first += panel.PlacesAcross * panel.PlacesUp;
        }
        _voxels.AsSpan(0, count).Sort(_places.AsSpan(0, count));
        Voxels = _voxels.AsMemory(0, count);
        foreach (short[] hu in _hu) Array.Fill(hu, NoHu);
    }

    public PictureLayout Layout { get; }

    /// <summary>Positions in the mask's stored order (i fastest), ascending; some may be there twice.</summary>
    public ReadOnlyMemory<long> Voxels { get; }

    /// <summary>There are values of a CT.</summary>
    public bool HasHu { get; private set; }

    /// <summary>The label at each place of a panel's lattice; 0 for none.</summary>
    public ReadOnlySpan<byte> Labels(int panel) => _labels[panel];

    /// <summary>Whole Hounsfield units at each place of a panel's lattice.</summary>
    public ReadOnlySpan<short> Hu(int panel) => _hu[panel];

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

    private static ref T Of<T>(T[][] panels, int place)
    {
        if (place < panels[0].Length) return ref panels[0][place];
        return ref panels[1][place - panels[0].Length];
    }
}
