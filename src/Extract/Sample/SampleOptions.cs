using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Sample;

/// <summary>What is generated and with how many threads; the bytes depend on <see cref="WithFaults"/> only.</summary>
public sealed record SampleOptions
{
    /// <summary>Adds a few broken scans, so that a run ends with findings of severity error.</summary>
    public bool WithFaults { get; init; }

    /// <summary>Scans made at the same time; each holds its label volume (at most some 10 MB).</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>The scans to make; null for all of the tables in <see cref="SampleScans"/>.</summary>
    internal IReadOnlyList<SampleScan>? Scans { get; init; }
}

/// <summary>One more scan is complete.</summary>
public readonly record struct SampleProgress(int Done, int Total, string ScanKey);

/// <summary>What is known about a phantom scan by construction.</summary>
public sealed class SampleTruth
{
    internal SampleTruth(SampleScan scan, VoxelGrid grid, IReadOnlyDictionary<int, long> voxelCounts, IReadOnlyList<AnnotatedPoint> annotated) =>
        (Scan, Grid, VoxelCounts, Annotated) = (scan, grid, voxelCounts, annotated);

    /// <summary>`dataset/split/scan_id`.</summary>
    public string ScanKey => Scan.ScanKey;

    /// <summary>Of the mask.</summary>
    public VoxelGrid Grid { get; }

    /// <summary>Voxels by label, exact; only labels present.</summary>
    public IReadOnlyDictionary<int, long> VoxelCounts { get; }

    internal SampleScan Scan { get; }

    /// <summary>As stored in the centroid file, in the mask's voxel axes; empty without a file.</summary>
    internal IReadOnlyList<AnnotatedPoint> Annotated { get; }
}

/// <summary>What was written: scans in the order of the table, files and bytes of the whole tree.</summary>
public sealed record SampleReport(string Directory, IReadOnlyList<SampleTruth> Scans, int Files, long Bytes);
