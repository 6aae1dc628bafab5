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

    // by row of the box, its voxels in the ball: from (inclusive) to (exclusive); null where they are too many to be counted
    private readonly (int From, int To)[]? _rows;
    private readonly long _points;

    public BodyBall(Affine affine, Vector3d annotatedIndex)
    {
        _affine = affine;
        _centreMm = affine.Apply(annotatedIndex);
        _box = affine.IndexBox(_centreMm, _centreMm, RadiusMm);
        if ((double)_box.Extent(0) * _box.Extent(1) * _box.Extent(2) > MostLatticePoints) return;
        _rows = new (int, int)[_box.Extent(1) * _box.Extent(2)];
        int at = 0;
        for (int k = _box.MinK; k < _box.MaxK; k++)
            for (int j = _box.MinJ; j < _box.MaxJ; j++)
            {
                (int from, int to) = Ends(j, k, _box.MinI, _box.MaxI);
                _rows[at++] = (from, to);
                _points += to - from;
            }
    }

    /// <summary>The voxels of a run that lie in the ball, which is convex: consecutive ones, <paramref name="first"/> counted from the run's start.</summary>
    /// <returns>How many.</returns>
    [MethodImpl(Hot.Method)]
    public int Within(in LabelRun run, out int first)
    {
        first = 0;
        if (run.J < _box.MinJ || run.J >= _box.MaxJ || run.K < _box.MinK || run.K >= _box.MaxK) return 0;
        int from = Math.Max(run.I, _box.MinI), to = Math.Min(run.I + run.Length, _box.MaxI);
        if (_rows is null) (from, to) = Ends(run.J, run.K, from, to);
        else
        {
            (int From, int To) row = _rows[(run.K - _box.MinK) * _box.Extent(1) + run.J - _box.MinJ];
            (from, to) = (Math.Max(from, row.From), Math.Min(to, row.To));
        }
        first = from - run.I;
        return Math.Max(to - from, 0);
    }

    /// <summary>Points of the voxel lattice in the ball, those outside the volume too; null if they are too many to be counted.</summary>
    public long? LatticePoints() => _rows is null ? null : _points;

    /// <summary>The voxels of a row in the ball, of those from (inclusive) to (exclusive).</summary>
    private (int From, int To) Ends(int j, int k, int from, int to)
    {
        while (from < to && !Holds(from, j, k)) from++;
        while (from < to && !Holds(to - 1, j, k)) to--;
        return (from, to);
    }

    private bool Holds(int i, int j, int k) => (_affine.Apply(new Vector3d(i, j, k)) - _centreMm).Length <= RadiusMm;
}
