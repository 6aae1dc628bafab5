using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// The ball of 5 mm (world) around the annotated point of a vertebral body: voxels whose centre lies in it. The test is made on each
/// voxel in doubles; an index box around the ball, one voxel wider than it needs to be, only spares the far ones.
/// </summary>
internal sealed class BodyBall
{
    public const double RadiusMm = 5.0;

    // steps of 0.04 mm; a header may state any
    private const double MostLatticePoints = 1 << 24;

    private readonly Affine _affine;
    private readonly Vector3d _centreMm;
    private readonly int _minI, _maxI, _minJ, _maxJ, _minK, _maxK;

    public BodyBall(Affine affine, Vector3d annotatedIndex)
    {
        _affine = affine;
        _centreMm = affine.Apply(annotatedIndex);
        // rows of the inverse: how far an index moves at most per millimetre
        double determinant = Math.Abs(affine.Determinant);
        double reachI = RadiusMm * Vector3d.Cross(affine.J, affine.K).Length / determinant + 1;
        double reachJ = RadiusMm * Vector3d.Cross(affine.K, affine.I).Length / determinant + 1;
        double reachK = RadiusMm * Vector3d.Cross(affine.I, affine.J).Length / determinant + 1;
        (_minI, _maxI) = ((int)Math.Ceiling(annotatedIndex.X - reachI), (int)Math.Floor(annotatedIndex.X + reachI));
        (_minJ, _maxJ) = ((int)Math.Ceiling(annotatedIndex.Y - reachJ), (int)Math.Floor(annotatedIndex.Y + reachJ));
        (_minK, _maxK) = ((int)Math.Ceiling(annotatedIndex.Z - reachK), (int)Math.Floor(annotatedIndex.Z + reachK));
    }

    /// <summary>The voxels of a run that lie in the ball, which is convex: consecutive ones, <paramref name="first"/> counted from the run's start.</summary>
    /// <returns>How many.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Within(in LabelRun run, out int first)
    {
        first = 0;
        if (run.J < _minJ || run.J > _maxJ || run.K < _minK || run.K > _maxK) return 0;
        int from = Math.Max(run.I, _minI), to = Math.Min(run.I + run.Length - 1, _maxI);
        while (from <= to && !Holds(from, run.J, run.K)) from++;
        while (from <= to && !Holds(to, run.J, run.K)) to--;
        first = from - run.I;
        return to - from + 1;
    }

    /// <summary>Points of the voxel lattice in the ball, those outside the volume too; null if they are too many to be counted.</summary>
    public long? LatticePoints()
    {
        if ((_maxI - (double)_minI + 1) * (_maxJ - (double)_minJ + 1) * (_maxK - (double)_minK + 1) > MostLatticePoints) return null;
        long points = 0;
        for (int k = _minK; k <= _maxK; k++)
            for (int j = _minJ; j <= _maxJ; j++) points += Within(new LabelRun(0, _minI, j, k, _maxI - _minI + 1), out _);
        return points;
    }

    private bool Holds(int i, int j, int k) => (_affine.Apply(new Vector3d(i, j, k)) - _centreMm).Length <= RadiusMm;
}
