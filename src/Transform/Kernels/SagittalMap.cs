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

        LatticeLine Line(Vector3d direction) => LatticeLine.Of(affine, originMm, direction, firstPart, step);
    }

    /// <summary>Share of a cell's 10 mm3 that has the label; 0 outside the map. Near 1 within, not exactly: parts do not fall evenly.</summary>
    public double Share(int up, int back) =>
        up is >= -Reach and <= Reach && back is >= -Reach and <= Back
            ? _counts[(up + Reach) * Columns + back + Reach] * _partMm3 / (2 * HalfWidthMm)
            : 0;

    /// <summary>Adds a run of the label.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
        Span<int> counts = _counts;
        int parts = end - first, quarter = parts / 4;
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
        /// <summary>Leaves of the parts of a row those within; they are consecutive.</summary>
        /// <param name="at">Of the part 0 of the row.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Narrow(long at, ref int first, ref int end)
        {
            long one = at + first * Line.I, other = at + (end - 1) * Line.I;
            if ((ulong)one < (ulong)Width && (ulong)other < (ulong)Width) return;
            if (Math.Max(one, other) < 0 || Math.Min(one, other) >= Width) end = first;
            else Cut(at, ref first, ref end);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Cut(long at, ref int first, ref int end)
        {
            // from 0 upwards: the first part not below 0, and the first that is not below the width
            (long low, long step) = Line.I > 0 ? (at, Line.I) : (Width - 1 - at, -Line.I);
            int above = FirstNotBelow(-low, step, first, end);
            end = FirstNotBelow(Width - low, step, above, end);
            first = above;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static int FirstNotBelow(long border, long step, int first, int end)
        {
            int at = (int)Math.Min(Math.Max((double)border / step, first), end);
            while (at > first && (at - 1) * step >= border) at--;
            while (at < end && at * step < border) at++;
            return at;
        }
    }
}
