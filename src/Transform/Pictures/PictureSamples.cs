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
    /// <summary>The window of VerSe's own pictures, `wdw_sbone` of github.com/anjany/verse, utils/data_utilities.py.</summary>
    public const int LowestHu = -500, HighestHu = 1300;

    /// <summary>Stands for a place without a value; others are 1 at <see cref="LowestHu"/> to <see cref="Brightest"/> at <see cref="HighestHu"/>.</summary>
    public const byte NoValue = 0;

    public const byte Brightest = byte.MaxValue;

    private readonly int[] _places;
    private readonly byte[][] _labels, _values;
    private int _next;

    public PictureSamples(PictureLayout layout)
    {
        Layout = layout;
        _labels = [new byte[layout.Panels[0].Places], new byte[layout.Panels[1].Places]];
        _values = [[], []];
        PanelVoxels sagittal = new(layout, 0, 0), coronal = new(layout, 1, layout.Panels[0].Places);
        long[] voxels = new long[sagittal.Count + coronal.Count];
        _places = new int[voxels.Length];
        PanelVoxels.Merge(sagittal, coronal, voxels, _places);
        Voxels = voxels;
    }

    public PictureLayout Layout { get; }

    /// <summary>Positions in the mask's stored order (i fastest), ascending; some may be there twice.</summary>
    public ReadOnlyMemory<long> Voxels { get; }

    /// <summary>There are values of a CT.</summary>
    public bool HasValues => _values[0].Length > 0;

    /// <summary>The label at each place of a panel's lattice; 0 for none.</summary>
    public byte[] Labels(int panel) => _labels[panel];

    /// <summary>How bright each place of a panel's lattice is; empty without a CT.</summary>
    public byte[] Values(int panel) => _values[panel];

    /// <summary>How bright a number of Hounsfield units is.</summary>
    public static byte ValueOf(double hu) => (byte)(1 + (int)((Math.Clamp(hu, LowestHu, HighestHu) - LowestHu) * (Brightest - 1) / (HighestHu - LowestHu)));

    /// <summary>Takes the labels that these runs give; runs come in stored order.</summary>
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
        for (int panel = 0; panel < _values.Length; panel++) _values[panel] = new byte[_labels[panel].Length];
        for (int at = 0; at < codes.Length; at++)
            if (codes[at] != HounsfieldHistogram.NotMeasurable) Of(_values, _places[at]) = ValueOf(scaling.Slope * codes[at] + scaling.Intercept);
    }

    private static ref byte Of(byte[][] panels, int place)
    {
        if (place < panels[0].Length) return ref panels[0][place];
        return ref panels[1][place - panels[0].Length];
    }
}
