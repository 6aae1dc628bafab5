using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// How full of a label each square millimetre is along up and back of a frame of its own, over the 5 mm on either side of the plane of both.
/// Each voxel is cut into equal parts of at most half a millimetre along each stored axis; a part counts in the cell where its centre falls.
/// Half of 1/1024 mm is added to coordinates before they are cut to cells, so that parts on the border of two cells go the same way whatever the
/// axis order. Counts are whole numbers, and each part counts for itself: no cut of the stream changes a bit.
/// </summary>
internal sealed class SagittalMap
{
    /// <summary>To either side of the plane.</summary>
    public const int HalfWidthMm = 5;

    /// <summary>Cells from the origin downwards and upwards, forwards, and backwards: a cell has 1 mm, the one at 0 its middle in the origin.</summary>
    public const int Reach = 45, Back = 90;

    /// <summary>Cells along up, and along back.</summary>
    public const int Rows = 2 * Reach + 1, Columns = Reach + Back + 1;

    private const double LongestPartMm = 0.5;

    // a voxel of 8 mm and more is no picture of a vertebra
    private const int MostParts = 16;

    /// <summary>Half of 1/1024 mm.</summary>
    private const long Nudge = LatticeLine.Millimetre / 2048;

    // parts in a cell beyond which a count would not hold them: no lattice of a mask is so fine
    private const double MostPartsInCell = 1 << 30;

    private readonly int[] _counts = new int[Rows * Columns];
    private readonly VoxelBox _box;
    private readonly (int I, int J, int K) _parts;
    private readonly Band _up, _back, _side;

    // rows of parts cross few cells
    private readonly bool _isAcross;
    private readonly double _partMm3;

    /// <param name="affine">Of the mask.</param>
    /// <param name="originMm">World; the cell (0, 0).</param>
    /// <param name="up">Unit vector, world.</param>
    /// <param name="back">Unit vector at right angles to it.</param>
    public SagittalMap(Affine affine, Vector3d originMm, Vector3d up, Vector3d back)
    {
        Vector3d spacing = affine.ColumnNorms;
        _parts = (Parts(spacing.X), Parts(spacing.Y), Parts(spacing.Z));
        Vector3d step = new(1.0 / _parts.I, 1.0 / _parts.J, 1.0 / _parts.K);
        _partMm3 = Math.Abs(affine.Determinant) / ((double)_parts.I * _parts.J * _parts.K);
        VoxelBox box = affine.IndexBox(originMm - (Reach + 1) * back, originMm + (Back + 1) * back, Reach + 2);
        if (!LatticeLine.Fits(affine, box) || !(2 * HalfWidthMm + 1 < MostPartsInCell * _partMm3)) return;
        _box = box;
        Vector3d firstPart = new Vector3d(box.MinI - 0.5, box.MinJ - 0.5, box.MinK - 0.5) + 0.5 * step;
        _up = new Band(Line(up).Plus(Reach * LatticeLine.Millimetre + LatticeLine.Millimetre / 2 + Nudge), Rows * LatticeLine.Millimetre);
        _back = new Band(Line(back).Plus(Reach * LatticeLine.Millimetre + LatticeLine.Millimetre / 2 + Nudge), Columns * LatticeLine.Millimetre);
        _side = new Band(Line(Vector3d.Cross(up, back)).Plus(HalfWidthMm * LatticeLine.Millimetre + Nudge),
            2 * (HalfWidthMm * LatticeLine.Millimetre + Nudge));
        _isAcross = 4 * Math.Max(Math.Abs(_up.Line.I), Math.Abs(_back.Line.I)) < LatticeLine.Millimetre;

        LatticeLine Line(Vector3d direction) => LatticeLine.Of(affine, originMm, direction, firstPart, step);
    }

    /// <summary>Share of a cell's 10 mm3 that has the label; 0 outside the map. Near 1 within, not exactly: parts do not fall evenly.</summary>
    public double Share(int up, int back) =>
        up is >= -Reach and <= Reach && back is >= -Reach and <= Back
            ? _counts[(up + Reach) * Columns + back + Reach] * _partMm3 / (2 * HalfWidthMm)
            : 0;

    /// <summary>Adds a run of the label.</summary>
    [MethodImpl(Hot.Method)]
    public void Add(in LabelRun run)
    {
        if (run.J < _box.MinJ || run.J >= _box.MaxJ || run.K < _box.MinK || run.K >= _box.MaxK) return;
        int first = (Math.Max(run.I, _box.MinI) - _box.MinI) * _parts.I, end = (Math.Min(run.I + run.Length, _box.MaxI) - _box.MinI) * _parts.I;
        if (first >= end) return;
        int j = (run.J - _box.MinJ) * _parts.J, k = (run.K - _box.MinK) * _parts.K;
        for (int c = k; c < k + _parts.K; c++)
            for (int b = j; b < j + _parts.J; b++) AddRow(first, end, b, c);
    }

    /// <summary>Adds the parts of one row from a first to an end, counted from the first part of the box.</summary>
    [MethodImpl(Hot.Method)]
    private void AddRow(int first, int end, int j, int k)
    {
        _side.Narrow(_side.Line.At(0, j, k), ref first, ref end);
        if (first >= end) return;
        long up = _up.Line.At(0, j, k), stepUp = _up.Line.I, back = _back.Line.At(0, j, k), stepBack = _back.Line.I;
        _up.Narrow(up, ref first, ref end);
        _back.Narrow(back, ref first, ref end);
        if (first >= end) return;
        up += first * stepUp;
        back += first * stepBack;
        if (_isAcross) CountCells(up, back, end - first);
        else CountParts(up, back, end - first);
    }

    /// <summary>Counts parts in a row that goes across the plane, of which many lie in a cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CountCells(long up, long back, int parts)
    {
        while (true)
        {
            int some = Math.Min(_up.InCell(up, parts), _back.InCell(back, parts));
            _counts[Cell(up, back)] += some;
            parts -= some;
            if (parts == 0) return;
            up += some * _up.Line.I;
            back += some * _back.Line.I;
        }
    }

    /// <summary>Counts parts in a row that goes through many cells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CountParts(long up, long back, int parts)
    {
        long stepUp = _up.Line.I, stepBack = _back.Line.I;
        Span<int> counts = _counts;
        int quarter = parts / 4;
        // four places at once: neighbours often fall in one cell, and a count is not to wait for the one before it
        long up1 = up + quarter * stepUp, up2 = up1 + quarter * stepUp, up3 = up2 + quarter * stepUp;
        long back1 = back + quarter * stepBack, back2 = back1 + quarter * stepBack, back3 = back2 + quarter * stepBack;
        for (int at = 0; at < quarter; at++)
        {
            counts[Cell(up, back)]++;
            counts[Cell(up1, back1)]++;
            counts[Cell(up2, back2)]++;
            counts[Cell(up3, back3)]++;
            up += stepUp;
            up1 += stepUp;
            up2 += stepUp;
            up3 += stepUp;
            back += stepBack;
            back1 += stepBack;
            back2 += stepBack;
            back3 += stepBack;
        }
        for (int at = 4 * quarter; at < parts; at++)
        {
            counts[Cell(up3, back3)]++;
            up3 += stepUp;
            back3 += stepBack;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Cell(long up, long back) => (int)(up >> LatticeLine.FractionBits) * Columns + (int)(back >> LatticeLine.FractionBits);

    private static int Parts(double spacingMm) => (int)Math.Clamp(Math.Ceiling(spacingMm / LongestPartMm), 1, MostParts);

    /// <summary>The map along one direction: from 0 up to its width.</summary>
    private readonly record struct Band(LatticeLine Line, long Width)
    {
        private readonly double _perStep = 1.0 / Math.Max(Math.Abs(Line.I), 1);

        /// <summary>Leaves of the parts of a row those within; they are consecutive.</summary>
        /// <param name="at">Of the part 0 of the row.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Narrow(long at, ref int first, ref int end)
        {
            long one = at + first * Line.I, other = at + (end - 1) * Line.I;
            if ((ulong)one < (ulong)Width && (ulong)other < (ulong)Width) return;
            if (Math.Max(one, other) < 0 || Math.Min(one, other) >= Width) end = first;
            else Cut(one, other, ref first, ref end);
        }

        /// <summary>How many parts of a row, from one of them on and so many at most, lie in the same cell.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int InCell(long at, int most)
        {
            long last = at + (most - 1) * Line.I;
            if (at >> LatticeLine.FractionBits == last >> LatticeLine.FractionBits) return most;
            long within = at & (LatticeLine.Millimetre - 1);
            return (int)Steps(Line.I > 0 ? LatticeLine.Millimetre - 1 - within : within) + 1;
        }

        /// <param name="one">Of the first part; it and the last one do not both lie beyond the same side.</param>
        /// <param name="other">Of the last part.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Cut(long one, long other, ref int first, ref int end)
        {
            if (Line.I < 0) (one, other) = (Width - 1 - one, Width - 1 - other);
            if (one < 0) first += (int)Steps(-one - 1) + 1;
            if (other >= Width) end -= (int)Steps(other - Width) + 1;
            end = Math.Max(first, end);
        }

        /// <summary>How many whole steps go into a length.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private long Steps(long length)
        {
            long step = Math.Abs(Line.I), steps = (long)(length * _perStep);
            // the product was rounded
            if (steps * step > length) return steps - 1;
            return length - steps * step >= step ? steps + 1 : steps;
        }
    }
}
