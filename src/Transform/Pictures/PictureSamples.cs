using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Pictures;

/// <summary>
/// The voxels that a picture shows, known before the volume is read: sorted in stored order, so that one forward pass gathers them. Memory
/// follows the picture, not the scan.
/// </summary>
internal sealed class PictureSamples : IDisposable
{
    /// <summary>The window of VerSe's own pictures, `wdw_sbone` of github.com/anjany/verse, utils/data_utilities.py.</summary>
    public const int LowestHu = -500, HighestHu = 1300;

    /// <summary>Stands for a place without a value; others are 1 at <see cref="LowestHu"/> to <see cref="Brightest"/> at <see cref="HighestHu"/>.</summary>
    public const byte NoValue = 0;

    public const byte Brightest = byte.MaxValue;

    // of both panels, one after the other: what stands in each place, and which place each voxel is for
    private readonly LentArray<byte> _labels;
    private readonly LentArray<long> _voxels;
    private readonly LentArray<int> _places;
    private LentArray<byte>? _values;
    private LentArray<long>? _codes;
    private LentArray<byte>? _pixels;
    private int _next;

    public PictureSamples(PictureLayout layout)
    {
        Layout = layout;
        int placesOfSagittal = layout.Panels[0].Places;
        _labels = new LentArray<byte>(placesOfSagittal + layout.Panels[1].Places);
        _labels.Span.Clear();
        using PanelVoxels sagittal = new(layout, 0, 0), coronal = new(layout, 1, placesOfSagittal);
        _voxels = new LentArray<long>(sagittal.Count + coronal.Count);
        _places = new LentArray<int>(_voxels.Length);
        PanelVoxels.Merge(sagittal, coronal, _voxels.Span, _places.Span);
    }

    public PictureLayout Layout { get; }

    /// <summary>Positions in the mask's stored order (i fastest), ascending; some may be there twice.</summary>
    public ReadOnlyMemory<long> Voxels => _voxels.Memory;

    /// <summary>Room for a number for each of <see cref="Voxels"/>.</summary>
    public Memory<long> Codes => (_codes ??= new LentArray<long>(_voxels.Length)).Memory;

    /// <summary>There are values of a CT.</summary>
    public bool HasValues => _values is not null;

    /// <summary>The label at each place of a panel's lattice; 0 for none.</summary>
    public Span<byte> Labels(int panel) => OfPanel(_labels, panel);

    /// <summary>How bright each place of a panel's lattice is; empty without a CT.</summary>
    public Span<byte> Values(int panel) => _values is null ? [] : OfPanel(_values, panel);

    /// <summary>Room for at least so many pixels, the same for every picture of these samples.</summary>
    public byte[] Pixels(int count)
    {
        if (_pixels is null || _pixels.Length < count)
        {
            _pixels?.Dispose();
            _pixels = new LentArray<byte>(count);
        }
        return _pixels.Array;
    }

    public void Dispose()
    {
        _labels.Dispose();
        _voxels.Dispose();
        _places.Dispose();
        _values?.Dispose();
        _codes?.Dispose();
        _pixels?.Dispose();
    }

    /// <summary>How bright a number of Hounsfield units is.</summary>
    public static byte ValueOf(double hu) => (byte)(1 + (int)((Math.Clamp(hu, LowestHu, HighestHu) - LowestHu) * (Brightest - 1) / (HighestHu - LowestHu)));

    /// <summary>Takes the labels that these runs give; runs come in stored order.</summary>
    public void Add(ReadOnlySpan<LabelRun> runs)
    {
        ReadOnlySpan<long> voxels = _voxels.Span;
        ReadOnlySpan<int> places = _places.Span;
        Span<byte> labels = _labels.Span;
        int next = _next;
        foreach (ref readonly LabelRun run in runs)
        {
            if (!VertebraLabel.IsKnown(run.Label)) continue;
            long start = Layout.Grid.Shape.LinearIndex(run.I, run.J, run.K), end = start + run.Length;
            while (next < voxels.Length && voxels[next] < start) next++;
            for (; next < voxels.Length && voxels[next] < end; next++) labels[places[next]] = (byte)run.Label;
        }
        _next = next;
    }

    /// <summary>Takes the values of a CT.</summary>
    /// <param name="codes">At <see cref="Voxels"/>.</param>
    /// <param name="scaling">From codes to Hounsfield units.</param>
    public void Take(ReadOnlySpan<long> codes, CtScaling scaling)
    {
        _values ??= new LentArray<byte>(_labels.Length);
        Span<byte> values = _values.Span;
        // there is no value anywhere
        values.Clear();
        ReadOnlySpan<int> places = _places.Span;
        for (int at = 0; at < codes.Length; at++)
            if (codes[at] != HounsfieldHistogram.NotMeasurable) values[places[at]] = ValueOf(scaling.Slope * codes[at] + scaling.Intercept);
    }

    private Span<byte> OfPanel(LentArray<byte> both, int panel)
    {
        int first = panel == 0 ? 0 : Layout.Panels[0].Places;
        return both.Span.Slice(first, Layout.Panels[panel].Places);
    }
}
