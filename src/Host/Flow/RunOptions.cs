using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Host.Flow;

/// <summary>From which severity of finding on a published run ends with code 10.</summary>
public enum FailOn { Error, Warning, Never }

/// <summary>What one call of `run` asks for beyond the pipeline itself.</summary>
public sealed record RunOptions
{
    /// <summary>Publishes although the gate objects; a run that found no scan at all still publishes nothing.</summary>
    public bool AcceptShrink { get; init; }

    /// <summary>Measures every scan anew instead of taking stored results, and publishes also where nothing changed.</summary>
    public bool Full { get; init; }

    /// <summary>
    /// Reads and hashes every file instead of trusting size and times, and takes stored results only for the same bytes; reads every file of
    /// every snapshot too.
    /// </summary>
    public bool Verify { get; init; }

    /// <summary>
    /// Only these scans are measured; of the others the stored results are taken, and where one has none nothing is published. Null for all.
    /// </summary>
    public ScanPattern? Scan { get; init; }

    /// <summary>Only stored results are taken; where a scan has none nothing is published.</summary>
    public bool MeasuredOnly { get; init; }

    /// <summary>Folders that `measure --out` filled, and other warehouses: their results are taken over first.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Some scans of many, one of many processes: what is known about files stands in the entries alone, an index would be written by all.</summary>
    internal bool IsPart { get; init; }

    /// <summary>A scan that this run is to measure if need be.</summary>
    internal bool IsAbout(ScanFiles scan) => Scan?.Matches(scan.Key.Text) ?? true;

    public FailOn FailOn { get; init; }

    /// <summary>Pipeline and scheduled instant, so that one night is published once; null for a run by hand.</summary>
    public string? RunKey { get; init; }

    /// <summary>Account that asked for the run on the page; null for a schedule and the command line.</summary>
    public string? By { get; init; }
}
