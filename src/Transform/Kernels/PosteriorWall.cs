using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// Where a vertebral body ends and its canal begins: voxels of the label within 5 mm of the line from the annotated point backwards are
/// counted by their distance along it, to the nearest millimetre. The body is filled, the canal is empty. Counts are integers.
/// </summary>
internal sealed class PosteriorWall
{
    private const double RadiusMm = 5;
    private const int ReachMm = 40;

    private readonly Vector3d _originMm, _back;
    private readonly Affine _affine;
    private readonly VoxelBox _box;
    private readonly long[] _counts = new long[2 * ReachMm + 1];

    /// <param name="affine">Of the mask.</param>
    /// <param name="originMm">The annotated point.</param>
    /// <param name="back">Unit vector.</param>
    public PosteriorWall(Affine affine, Vector3d originMm, Vector3d back)
    {
        (_affine, _originMm, _back) = (affine, originMm, back);
        _box = affine.IndexBox(originMm - ReachMm * back, originMm + ReachMm * back, RadiusMm);
    }

    /// <summary>Adds a run of the label.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in LabelRun run)
    {
        if (run.J >= _box.MinJ && run.J < _box.MaxJ && run.K >= _box.MinK && run.K < _box.MaxK) Count(run);
    }

    /// <summary>
    /// How far behind the annotated point (mm) the body ends: at the first millimetre with less than half of what is usual in front of
    /// the point. Null if the point does not lie in a body.
    /// </summary>
    public double? BehindMm()
    {
        long[] front = [.. _counts.Take(ReachMm + 1).Where(count => count > 0).Order()];
        if (front.Length == 0) return null;
        long usual = front[front.Length / 2];
        int end = ReachMm;
        while (end < _counts.Length && 2 * _counts[end] >= usual) end++;
        return end > ReachMm ? end - ReachMm - 0.5 : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Count(in LabelRun run)
    {
        int end = Math.Min(run.I + run.Length, _box.MaxI);
        for (int i = Math.Max(run.I, _box.MinI); i < end; i++)
        {
            Vector3d mm = _affine.Apply(new Vector3d(i, run.J, run.K)) - _originMm;
            double along = Vector3d.Dot(mm, _back);
            if (Vector3d.Dot(mm, mm) - along * along > RadiusMm * RadiusMm || !(Math.Abs(along) < ReachMm)) continue;
            _counts[(int)Math.Floor(along + 0.5) + ReachMm]++;
        }
    }
}
