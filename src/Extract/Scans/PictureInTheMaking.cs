using System.Runtime.Versioning;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Pictures;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Scans;

/// <summary>
/// A picture that is made while its scan is read. A defect of the painting costs the picture and nothing else. To be disposed after the CT was read, which
/// writes into what the picture has lent.
/// </summary>
/// <param name="pack">Makes a file of what was gathered and the scan's name.</param>
[SupportedOSPlatform("linux")]
internal sealed class PictureInTheMaking(Func<ScanPicture, string, byte[]> pack) : IDisposable
{
    private ScanPicture? _picture;

    /// <summary>What went wrong, as the kind of the error; null where nothing did.</summary>
    public string? Defect { get; private set; }

    public void Dispose() => _picture?.Dispose();

    /// <summary>Finds out what it shows.</summary>
    /// <param name="spine">Finished.</param>
    public void Begin(SpineMeasurement spine) => Try(() => _picture = ScanPicture.Of(spine));

    /// <summary>Takes runs of the mask, in stored order from its start.</summary>
    public void Add(ReadOnlySpan<LabelRun> runs)
    {
        try
        {
            _picture?.Add(runs);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Lose(error);
        }
    }

    /// <summary>Has the CT keep what is shown of it. Call before it is read.</summary>
    public void AskOf(PairedCt? ct)
    {
        if (_picture is not null) Try(() => ct?.KeepFor(_picture));
    }

    /// <summary>The file, PNG, after the CT was read; null if there is nothing to show, or it is lost.</summary>
    /// <param name="title">The scan's name.</param>
    public byte[]? Finish(PairedCt? ct, string title)
    {
        byte[]? png = null;
        if (_picture is ScanPicture picture)
            Try(() =>
            {
                ct?.GiveTo(picture);
                png = pack(picture, title);
            });
        return png;
    }

    private void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Lose(error);
        }
    }

    private void Lose(Exception error) => (_picture, Defect) = (null, error.GetType().Name);
}
