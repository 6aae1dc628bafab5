using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Pictures;

/// <summary>
/// A picture of a scan in the making: laid out once it is known where the labels lie, then given the mask's runs again and, where there is
/// one, the values of the CT at the voxels that it asks for.
/// </summary>
public sealed class ScanPicture : IDisposable
{
    private readonly PictureSamples _samples;

    private ScanPicture(PictureSamples samples) => _samples = samples;

    /// <summary>Null where there is no label to show.</summary>
    /// <param name="spine">Finished.</param>
    public static ScanPicture? Of(SpineMeasurement spine) =>
        spine.Labels.Count == 0 ? null : new ScanPicture(new PictureSamples(new PictureLayout(spine.Located(), spine.Grid)));

    public void Dispose() => _samples.Dispose();

    /// <summary>Positions in the mask's stored order (i fastest), ascending, at which the CT is asked for; some may be there twice.</summary>
    public ReadOnlyMemory<long> Voxels => _samples.Voxels;

    /// <summary>Room for the values of the CT at <see cref="Voxels"/>.</summary>
    public Memory<long> Codes => _samples.Codes;

    /// <summary>Takes runs of the mask, in stored order from its start.</summary>
    public void Add(ReadOnlySpan<LabelRun> runs) => _samples.Add(runs);

    /// <summary>Takes the values of the CT.</summary>
    /// <param name="codes">At <see cref="Voxels"/>.</param>
    /// <param name="scaling">From codes to Hounsfield units.</param>
    public void Take(ReadOnlySpan<long> codes, CtScaling scaling) => _samples.Take(codes, scaling);

    /// <summary>Paints it; with fewer shades there is less to pack. What is painted lasts until it is painted again, or this is disposed.</summary>
    /// <param name="title">Of the scan.</param>
    /// <param name="greys">Shades of the CT, 2 to 64; 0 for the labels alone.</param>
    public Picture Paint(string title, int greys) => new ScanPainter(_samples, title, greys).Paint();

    /// <summary>The two panels without a word, to be made smaller.</summary>
    /// <param name="greys">As above.</param>
    public Picture PaintPanels(int greys) => new ScanPainter(_samples, "", greys).PaintPanels();
}
