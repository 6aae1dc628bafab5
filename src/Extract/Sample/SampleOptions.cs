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
    public IReadOnlyList<SampleScan>? Scans { get; init; }
}

/// <summary>One more scan is complete.</summary>
public readonly record struct SampleProgress(int Done, int Total, string ScanKey);

/// <summary>What is known about a phantom scan by construction.</summary>
/// <param name="Grid">Of the mask.</param>
/// <param name="VoxelCounts">Voxels by label, exact; only labels present.</param>
/// <param name="Annotated">As stored in the centroid file, in the mask's voxel axes; empty without a file.</param>
public sealed record SampleTruth(
    SampleScan Scan, VoxelGrid Grid, IReadOnlyDictionary<int, long> VoxelCounts, IReadOnlyList<AnnotatedPoint> Annotated);

/// <summary>What was written: scans in the order of the table, files and bytes of the whole tree.</summary>
public sealed record SampleReport(string Directory, IReadOnlyList<SampleTruth> Scans, int Files, long Bytes);
