using System.Runtime.Versioning;
using VerseEtl.Extract.Pictures;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Pictures;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Scans;

/// <summary>
/// From a scan's files to its rows. One for a process, from any thread: scans measured at the same time know of each other, and a scan
/// takes a second core only where one is idle.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class ScanMeasuring
{
    internal BusyCores Cores { get; } = new();

    /// <summary>Makes a file of what was gathered for a picture and the scan's name; tests put one that fails in its place.</summary>
    internal Func<ScanPicture, string, byte[]> Pack { get; init; } = PackedPicture.Of;

    /// <summary>Bytes up to which the runs of a mask are kept; tests set less.</summary>
    internal int KeptRunBytes { get; init; } = KeptRuns.MostBytes;

    /// <summary>Measures one scan on the caller's thread. Bad bytes end up in the result's findings.</summary>
    /// <param name="limits">What a file may ask for; null for the usual bounds.</param>
    /// <exception cref="IOException">The storage failed or a file changed while it was read: worth another try.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ScanResult Measure(ScanFiles files, ReadingLimits? limits = null, CancellationToken token = default) =>
        new ScanReading(files, limits ?? new ReadingLimits(), this, token).Measure();

    /// <summary>Paints a scan that was measured without a picture; its rows stay as they are.</summary>
    /// <param name="measured">Of these very files.</param>
    /// <inheritdoc cref="Measure"/>
    internal ScanResult Paint(ScanFiles files, ScanResult measured, ReadingLimits limits, CancellationToken token) =>
        new ScanReading(files, limits, this, token).Paint(measured);
}
