namespace VerseEtl.Transform.Scans;

/// <summary>Consecutive voxels of one row (fixed j, k) that hold one non-zero label: voxel indices I to I + Length - 1.</summary>
public readonly record struct LabelRun(int Label, int I, int J, int K, int Length);
