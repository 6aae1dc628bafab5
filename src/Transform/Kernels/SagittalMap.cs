using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// How full of a label each square millimetre is along up and back of a frame of its own, over the 5 mm on either side of the plane of both.
/// Each voxel is cut into equal parts of at most half a millimetre along each stored axis; a part counts in the cell where its centre falls.
/// Coordinates are rounded to 1/1024 mm (halves up) first, so that parts on the border of two cells go the same way whatever the axis order. Counts
/// are whole numbers, and each voxel counts for itself: no cut of the stream changes a bit.
/// </summary>
internal sealed class SagittalMap
{
    /// <summary>To either side of the plane.</summary>
    public const int HalfWidthMm = 5;

    /// <summary>Cells from the origin downwards and upwards, forwards, and backwards: a cell has 1 mm, the one at 0 its middle in the origin.</summary>
    public const int Reach = 45, Back = 90;

    private const int Rows = 2 * Reach + 1, Columns = Reach + Back + 1, Fraction = 1024;
    private const double LongestPartMm = 0.5;

    // a voxel of 8 mm and more is no picture of a vertebra
    private const int MostParts = 16;

    private readonly long[] _counts = new long[Rows * Columns];
    private readonly Form _up, _back, _side;
    private readonly int _partsI, _partsJ, _partsK;
    private readonly double _partMm3, _sideReach;

    /// <param name="affine">Of the mask.</param>
    /// <param name="originMm">World; the cell (0, 0).</param>
    /// <param name="up">Unit vector, world.</param>
    /// <param name="back">Unit vector at right angles to it.</param>
    public SagittalMap(Affine affine, Vector3d originMm, Vector3d up, Vector3d back)
    {
        Vector3d side = Vector3d.Cross(up, back);
        (_up, _back, _side) = (Form.Of(affine, originMm, up), Form.Of(affine, originMm, back), Form.Of(affine, originMm, side));
        Vector3d spacing = affine.ColumnNorms;
        (_partsI, _partsJ, _partsK) = (Parts(spacing.X), Parts(spacing.Y), Parts(spacing.Z));
        _partMm3 = Math.Abs(affine.Determinant) / ((double)_partsI * _partsJ * _partsK);
        _sideReach = HalfWidthMm + (Math.Abs(_side.I) + Math.Abs(_side.J) + Math.Abs(_side.K)) / 2 + 1.0 / Fraction;
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
        double first = _side.At(run.I, run.J, run.K), last = _side.At(run.I + run.Length - 1, run.J, run.K);
        if (Math.Min(first, last) > _sideReach || Math.Max(first, last) < -_sideReach) return;
        for (int i = run.I; i < run.I + run.Length; i++)
            if (Math.Abs(_side.At(i, run.J, run.K)) <= _sideReach) AddVoxel(i, run.J, run.K);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddVoxel(int i, int j, int k)
    {
        for (int c = 0; c < _partsK; c++)
            for (int b = 0; b < _partsJ; b++)
                for (int a = 0; a < _partsI; a++)
                {
                    double x = i + Part(a, _partsI), y = j + Part(b, _partsJ), z = k + Part(c, _partsK);
                    if (Math.Abs(Rounded(_side.At(x, y, z))) > HalfWidthMm * Fraction) continue;
                    long up = Cell(_up.At(x, y, z)), back = Cell(_back.At(x, y, z));
                    if (up is >= -Reach and <= Reach && back is >= -Reach and <= Back) _counts[(up + Reach) * Columns + back + Reach]++;
                }
    }

    private static int Parts(double spacingMm) => (int)Math.Clamp(Math.Ceiling(spacingMm / LongestPartMm), 1, MostParts);

    private static double Part(int at, int parts) => (at + 0.5) / parts - 0.5;

    private static long Rounded(double mm) => (long)Math.Floor(mm * Fraction + 0.5);

    private static long Cell(double mm) => (Rounded(mm) + Fraction / 2) >> 10;

    /// <summary>Millimetres along a direction as a linear form of the voxel index.</summary>
    private readonly record struct Form(double I, double J, double K, double Constant)
    {
        public static Form Of(Affine affine, Vector3d originMm, Vector3d direction) => new(Vector3d.Dot(affine.I, direction),
            Vector3d.Dot(affine.J, direction), Vector3d.Dot(affine.K, direction), Vector3d.Dot(affine.Origin - originMm, direction));

        public double At(double i, double j, double k) => I * i + J * j + K * k + Constant;
    }
}
