using VerseEtl.Transform.Labels;

namespace VerseEtl.Transform.Scans;

/// <summary>Consecutive voxels of one row (fixed j, k) that hold one non-zero label: voxel indices I to I + Length - 1.</summary>
public readonly record struct LabelRun(int Label, int I, int J, int K, int Length)
{
    /// <summary>The part of the vertebra that all of them belong to; none where nothing tells.</summary>
    public VertebraPart Part { get; init; }
}
