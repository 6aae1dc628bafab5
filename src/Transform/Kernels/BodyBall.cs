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
    private readonly VoxelBox _box;

    public BodyBall(Affine affine, Vector3d annotatedIndex)
    {
        _affine = affine;
        _centreMm = affine.Apply(annotatedIndex);
        _box = affine.IndexBox(_centreMm, _centreMm, RadiusMm);
    }

    /// <summary>The voxels of a run that lie in the ball, which is convex: consecutive ones, <paramref name="first"/> counted from the run's start.</summary>
    /// <returns>How many.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Within(in LabelRun run, out int first)
    {
        first = 0;
        if (run.J < _box.MinJ || run.J >= _box.MaxJ || run.K < _box.MinK || run.K >= _box.MaxK) return 0;
        int from = Math.Max(run.I, _box.MinI), to = Math.Min(run.I + run.Length, _box.MaxI) - 1;
        while (from <= to && !Holds(from, run.J, run.K)) from++;
        while (from <= to && !Holds(to, run.J, run.K)) to--;
        first = from - run.I;
        return Math.Max(to - from + 1, 0);
    }

    /// <summary>Points of the voxel lattice in the ball, those outside the volume too; null if they are too many to be counted.</summary>
    public long? LatticePoints()
    {
        if ((double)_box.Extent(0) * _box.Extent(1) * _box.Extent(2) > MostLatticePoints) return null;
        long points = 0;
        for (int k = _box.MinK; k < _box.MaxK; k++)
            for (int j = _box.MinJ; j < _box.MaxJ; j++) points += Within(new LabelRun(0, _box.MinI, j, k, _box.Extent(0)), out _);
        return points;
    }

    private bool Holds(int i, int j, int k) => (_affine.Apply(new Vector3d(i, j, k)) - _centreMm).Length <= RadiusMm;
}
