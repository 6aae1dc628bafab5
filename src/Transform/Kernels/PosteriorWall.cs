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

    // a row is left out where even its nearest point is that much too far
    private const double RoundingMm2 = 1e-6;

    private readonly Vector3d _originMm, _back;
    private readonly Affine _affine;
    private readonly double _stepAlong, _stepAside;
    private readonly VoxelBox _box;
    private readonly LatticeLine _along;
    private readonly long[] _counts = new long[2 * ReachMm + 1];

    /// <param name="affine">Of the mask.</param>
    /// <param name="originMm">The annotated point.</param>
    /// <param name="back">Unit vector.</param>
    public PosteriorWall(Affine affine, Vector3d originMm, Vector3d back)
    {
        (_affine, _originMm, _back) = (affine, originMm, back);
        VoxelBox box = affine.IndexBox(originMm - ReachMm * back, originMm + ReachMm * back, RadiusMm);
        if (!LatticeLine.Fits(affine, box)) return;
        _box = box;
        _stepAlong = Vector3d.Dot(affine.I, back);
        _stepAside = Vector3d.Dot(affine.I, affine.I) - _stepAlong * _stepAlong;
        _along = LatticeLine.Of(affine, originMm, back, new(box.MinI, box.MinJ, box.MinK), new(1, 1, 1));
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

    /// <summary>The voxels of a run within the cylinder are consecutive; where they begin and end is solved for and then looked at.</summary>
    [MethodImpl(Hot.Method)]
    private void Count(in LabelRun run)
    {
        int first = Math.Max(run.I, _box.MinI) - _box.MinI, last = Math.Min(run.I + run.Length, _box.MaxI) - _box.MinI - 1;
        if (first > last) return;
        Vector3d way = _affine.Apply(new Vector3d(_box.MinI, run.J, run.K)) - _originMm;
        // how much the square of the distance from the line exceeds that of the radius: a i^2 + 2 b i + c
        double wayAlong = Vector3d.Dot(way, _back), a = _stepAside, b = Vector3d.Dot(way, _affine.I) - wayAlong * _stepAlong;
        double c = Vector3d.Dot(way, way) - wayAlong * wayAlong - RadiusMm * RadiusMm, discriminant = b * b - a * c;
        if (a > 0)
        {
            if (discriminant < -RoundingMm2 * a) return;
            double reach = Math.Sqrt(Math.Max(discriminant, 0));
            first = (int)Math.Clamp(Math.Floor((-b - reach) / a), first, last + 1);
            last = (int)Math.Clamp(Math.Ceiling((-b + reach) / a), first - 1, last);
        }
        while (first <= last && (a * first + 2 * b) * first + c > 0) first++;
        while (first <= last && (a * last + 2 * b) * last + c > 0) last--;
        const long Reach = ReachMm * LatticeLine.Millimetre;
        long along = _along.At(first, run.J - _box.MinJ, run.K - _box.MinK);
        for (int i = first; i <= last; i++, along += _along.I)
            if (along is > -Reach and < Reach) _counts[(int)((along + Reach + LatticeLine.Millimetre / 2) >> LatticeLine.FractionBits)]++;
    }
}
