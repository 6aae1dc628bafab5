using System.Numerics;
using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// How often each of the 256 cases of <see cref="MarchingCubes"/> occurs along the surface of one label, padded with background all around.
/// Two neighbouring slices of the label's box are held as bits. A word holds 63 cubes: its last bit is the first of the next word, so that
/// no cube needs two words. Counts are integers: any cut of the stream gives the same.
/// </summary>
internal sealed class SurfaceCubes
{
    /// <summary>Voxels of one slice of the box beyond which the label is no vertebra; two slices of bits are held, 4 MB.</summary>
    public const long MostVoxelsPerSlice = 1 << 24;

    private const int CubesPerWord = 63;
    private const ulong Cubes = ulong.MaxValue >> 1;

    private readonly long[] _counts = new long[MarchingCubes.Cases];
    private readonly int _minI, _minJ, _words;
    private ulong[] _before, _current;

    // rows of the slices that hold anything, the first row of the box being 1
    private (int First, int Last) _rowsBefore = NoRows, _rows = NoRows;
    private int _k = -1;

    private static readonly (int First, int Last) NoRows = (int.MaxValue, -1);

    /// <param name="box">Of the label; its slices within the bound.</param>
    public SurfaceCubes(VoxelBox box)
    {
        (_minI, _minJ) = (box.MinI, box.MinJ);
        _words = box.Extent(0) / CubesPerWord + 1;
        _before = new ulong[(box.Extent(1) + 2) * _words];
        _current = new ulong[_before.Length];
    }

    public static bool Fits(VoxelBox box) => (long)box.Extent(0) * box.Extent(1) <= MostVoxelsPerSlice;

    /// <summary>Adds a run of the label, within the box; runs come in stored order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in LabelRun run)
    {
        if (run.K != _k) CloseSlice(run.K);
        int row = run.J - _minJ + 1, from = run.I - _minI + 1, to = from + run.Length;
        if (row < _rows.First) _rows.First = row;
        _rows.Last = row;
        Span<ulong> words = _current.AsSpan(row * _words, _words);
        if (words.Length == 1)
        {
            words[0] |= Ones(from, to);
            return;
        }
        for (int word = (from - 1) / CubesPerWord; word < words.Length && word * CubesPerWord < to; word++)
            words[word] |= Ones(Math.Max(from - word * CubesPerWord, 0), Math.Min(to - word * CubesPerWord, 64));
    }

    /// <summary>Closes the stream. Call once, before the sums are asked.</summary>
    public void Finish() => CloseSlice(nextK: -1);

    /// <summary>Area of the surface.</summary>
    /// <param name="areasMm2">Of <see cref="MarchingCubes.AreasMm2"/>.</param>
    public double AreaMm2(ReadOnlySpan<double> areasMm2)
    {
        double area = 0;
        for (int at = 0; at < _counts.Length; at++) area += _counts[at] * areasMm2[at];
        return area;
    }

    /// <summary>Volume inside the surface, in voxels.</summary>
    public double VolumeVoxels()
    {
        long parts = 0;
        for (int at = 0; at < _counts.Length; at++) parts += _counts[at] * MarchingCubes.InsideParts[at];
        return (double)parts / MarchingCubes.Parts;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CloseSlice(int nextK)
    {
        CountCubes();
        Clear(_before, _rowsBefore);
        (_before, _current) = (_current, _before);
        (_rowsBefore, _rows) = (_rows, NoRows);
        if (nextK != _k + 1)
        {
            CountCubes();
            Clear(_before, _rowsBefore);
            _rowsBefore = NoRows;
        }
        _k = nextK;
    }

    /// <summary>Counts the cubes between the two slices.</summary>
    [MethodImpl(Hot.Method)]
    private void CountCubes()
    {
        int first = Math.Min(_rowsBefore.First, _rows.First), last = Math.Max(_rowsBefore.Last, _rows.Last);
        if (last < 0) return;
        int words = _words, from = (first - 1) * words, length = (last - first + 2) * words;
        ReadOnlySpan<ulong> aRow = _before.AsSpan(from, length), bRow = _before.AsSpan(from + words, length);
        ReadOnlySpan<ulong> cRow = _current.AsSpan(from, length), dRow = _current.AsSpan(from + words, length);
        Span<long> counts = _counts;
        long full = 0;
        for (int at = 0; at < aRow.Length; at++)
        {
            ulong a = aRow[at], b = bRow[at], c = cRow[at], d = dRow[at];
            ulong any = a | b | c | d, all = a & b & c & d;
            if (any == 0) continue;
            all &= all >> 1;
            full += BitOperations.PopCount(all & Cubes);
            for (ulong mixed = (any | any >> 1) & ~all & Cubes; mixed != 0; mixed &= mixed - 1)
            {
                int p = BitOperations.TrailingZeroCount(mixed);
                counts[(int)((a >> p & 3) | (b >> p & 3) << 2 | (c >> p & 3) << 4 | (d >> p & 3) << 6)]++;
            }
        }
        counts[^1] += full;
    }

    private void Clear(ulong[] slice, (int First, int Last) rows)
    {
        if (rows.Last >= 0) Array.Clear(slice, rows.First * _words, (rows.Last - rows.First + 1) * _words);
    }

    /// <summary>Bits from (inclusive) to (exclusive), 0 to 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Ones(int from, int to) => ulong.MaxValue >> (64 - (to - from)) << from;
}
