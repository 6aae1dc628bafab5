using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// The core of a vertebral body: voxels of the label whose centre lies within 5 mm (world) of the annotated point. The test is made
/// on each voxel in doubles; an index box around the sphere, one voxel wider than it needs to be, only spares the far ones.
/// </summary>
internal sealed class BodyCore
{
    public const double RadiusMm = 5.0;

    private readonly Affine _affine;
    private readonly Vector3d _centreMm;
    private readonly double _minI, _maxI, _minJ, _maxJ, _minK, _maxK;

    public BodyCore(Affine affine, Vector3d annotatedIndex)
    {
        _affine = affine;
        _centreMm = affine.Apply(annotatedIndex);
        // rows of the inverse: how far an index moves at most per millimetre
        double determinant = Math.Abs(affine.Determinant);
        double reachI = RadiusMm * Vector3d.Cross(affine.J, affine.K).Length / determinant + 1;
        double reachJ = RadiusMm * Vector3d.Cross(affine.K, affine.I).Length / determinant + 1;
        double reachK = RadiusMm * Vector3d.Cross(affine.I, affine.J).Length / determinant + 1;
        (_minI, _maxI) = (annotatedIndex.X - reachI, annotatedIndex.X + reachI);
        (_minJ, _maxJ) = (annotatedIndex.Y - reachJ, annotatedIndex.Y + reachJ);
        (_minK, _maxK) = (annotatedIndex.Z - reachK, annotatedIndex.Z + reachK);
    }

    public HounsfieldHistogram Histogram { get; } = new();

    /// <summary>Adds those voxels of a run that lie in the core; codes[t] belongs to voxel run.I + t.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(in LabelRun run, ReadOnlySpan<long> codes)
    {
        if (run.J < _minJ || run.J > _maxJ || run.K < _minK || run.K > _maxK) return;
        for (int t = 0; t < codes.Length; t++)
        {
            int i = run.I + t;
            if (i < _minI || i > _maxI) continue;
            if ((_affine.Apply(new Vector3d(i, run.J, run.K)) - _centreMm).Length <= RadiusMm) Histogram.Add(codes.Slice(t, 1));
        }
    }
}
