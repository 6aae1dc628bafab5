using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// The voxels of one label at least so many millimetres inside it: no voxel centre outside the label, beyond the volume's edge included, is
/// nearer. That is an erosion by all steps of the lattice shorter than the depth, exact for any affine. The steps of one row are an
/// interval, so rows are eroded along i once for each interval, as bits, and then combined a slice at a time.
/// </summary>
internal sealed class DeepVoxels
{
    /// <summary>Words of 64 bits held: 4 MB.</summary>
    public const long MostWords = 1 << 19;

    // words that are combined, all rows of the ball for each row of the region: seconds
    private const double MostWork = 1L << 31;

    private readonly VoxelBox _region;
    private readonly LatticeBall _ball;
    private readonly int _words;
    private readonly ulong[] _bits;

    private DeepVoxels(VoxelBox region, LatticeBall ball)
    {
        (_region, _ball) = (region, ball);
        _words = Words(region.Extent(0));
        _bits = new ulong[_words * region.Extent(1) * region.Extent(2)];
    }

    /// <summary>Null if the region is too large, or its lattice too fine, to be held.</summary>
    /// <param name="region">Voxels that are looked at; what lies outside counts as outside the label.</param>
    /// <param name="ball">The steps shorter than the depth.</param>
    public static DeepVoxels? Of(VoxelBox region, LatticeBall ball)
    {
        double words = (double)Words(region.Extent(0)) * region.Extent(1) * region.Extent(2);
        return words <= MostWords && ball.Rows.Count * words <= MostWork && ball.LongestRow * words <= MostWork ? new DeepVoxels(region, ball) : null;
    }

    /// <summary>Adds a run of the label.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in LabelRun run)
    {
        if (run.J < _region.MinJ || run.J >= _region.MaxJ || run.K < _region.MinK || run.K >= _region.MaxK) return;
        int from = Math.Max(run.I - _region.MinI, 0), to = Math.Min(run.I + run.Length, _region.MaxI) - _region.MinI;
        if (from >= to) return;
        Span<ulong> row = _bits.AsSpan(Row(run.J - _region.MinJ, run.K - _region.MinK), _words);
        for (int word = from / 64; word * 64 < to; word++)
            row[word] |= ulong.MaxValue >> (64 - (Math.Min(to - word * 64, 64) - Math.Max(from - word * 64, 0))) << Math.Max(from - word * 64, 0);
    }

    /// <summary>Leaves the voxels that are deep. Call once, when the whole label has been added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Erode()
    {
        if (_bits.Length == 0) return;
        (int sizeJ, int sizeK) = (_region.Extent(1), _region.Extent(2));
        (int marginJ, int marginK) = (_ball.MarginJ, _ball.MarginK);
        ulong[] deep = new ulong[_bits.Length], eroded = (ulong[])_bits.Clone(), shifted = new ulong[_bits.Length];
        // rows of each slice that may still be deep: nothing is, nearer to the region's edge than the ball reaches
        (int From, int To)[] live = new (int, int)[sizeK];
        for (int k = marginK; k < sizeK - marginK; k++)
        {
            if (marginJ >= sizeJ - marginJ) continue;
            live[k] = (marginJ, sizeJ - marginJ);
            Rows(_bits, live[k], k).CopyTo(Rows(deep, live[k], k));
        }
        int count = 1;
        for (int at = 0; at < _ball.Rows.Count; at++)
        {
            LatticeBall.Row row = _ball.Rows[at];
            for (; count < row.Count; count++) AndWithNext(eroded);
            if (at == 0 || (row.Low, row.High) != (_ball.Rows[at - 1].Low, _ball.Rows[at - 1].High))
            {
                Shift(eroded, row.Low, shifted);
                for (int k = marginK; k < sizeK - marginK; k++) live[k] = Trimmed(deep, live[k], k);
            }
            for (int k = marginK; k < sizeK - marginK; k++)
                if (live[k].From < live[k].To)
                    And(Rows(deep, live[k], k), Rows(shifted, (live[k].From + row.J, live[k].To + row.J), k + row.K));
        }
        deep.CopyTo(_bits, 0);
    }

    /// <summary>Drops the voxels that do not lie in a convex part of space.</summary>
    /// <param name="holds">Whether a voxel index does.</param>
    /// <returns>How many are left.</returns>
    public long Keep(Func<Vector3d, bool> holds)
    {
        long kept = 0;
        for (int k = 0; k < _region.Extent(2); k++)
            for (int j = 0; j < _region.Extent(1); j++)
            {
                Span<ulong> row = _bits.AsSpan(Row(j, k), _words);
                for (int i = Next(row, 0); i >= 0 && !Holds(i); i = Next(row, i + 1)) row[i / 64] &= ~(1ul << i);
                for (int i = Last(row); i >= 0 && !Holds(i); i = Last(row)) row[i / 64] &= ~(1ul << i);
                foreach (ulong word in row) kept += BitOperations.PopCount(word);

                bool Holds(int i) => holds(new Vector3d(i + _region.MinI, j + _region.MinJ, k + _region.MinK));
            }
        return kept;
    }

    /// <summary>The next consecutive voxels of a run that are in it, <paramref name="first"/> counted from the run's start.</summary>
    /// <param name="run">Of the label.</param>
    /// <param name="first">Where to look from; where they begin.</param>
    /// <returns>How many; 0 if no more follow.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Within(in LabelRun run, ref int first)
    {
        if (run.J < _region.MinJ || run.J >= _region.MaxJ || run.K < _region.MinK || run.K >= _region.MaxK) return 0;
        ReadOnlySpan<ulong> row = _bits.AsSpan(Row(run.J - _region.MinJ, run.K - _region.MinK), _words);
        int start = run.I - _region.MinI, end = Math.Min(start + run.Length, _region.Extent(0));
        int from = Next(row, Math.Max(start + first, 0));
        if (from < 0 || from >= end) return 0;
        int to = from;
        while (to < end && (row[to / 64] >> to & 1) != 0) to++;
        first = from - start;
        return to - from;
    }

    private static int Words(int voxels) => (voxels + 63) / 64;

    private int Row(int j, int k) => (k * _region.Extent(1) + j) * _words;

    private Span<ulong> Rows(ulong[] bits, (int From, int To) rows, int k) => bits.AsSpan(Row(rows.From, k), (rows.To - rows.From) * _words);

    /// <summary>The same rows without empty ones at either end.</summary>
    private (int From, int To) Trimmed(ulong[] bits, (int From, int To) rows, int k)
    {
        ReadOnlySpan<ulong> words = Rows(bits, rows, k);
        int first = words.IndexOfAnyExcept(0ul), last = words.LastIndexOfAnyExcept(0ul);
        return first < 0 ? (0, 0) : (rows.From + first / _words, rows.From + last / _words + 1);
    }

    /// <summary>From voxels whose n followers along i are set to those whose n + 1 are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AndWithNext(Span<ulong> bits)
    {
        if (_words == 1)
        {
            foreach (ref ulong word in bits) word &= word >> 1;
            return;
        }
        for (int row = 0; row < bits.Length; row += _words)
        {
            Span<ulong> words = bits.Slice(row, _words);
            for (int at = 0; at < words.Length - 1; at++) words[at] &= words[at] >> 1 | words[at + 1] << 63;
            words[^1] &= words[^1] >> 1;
        }
    }

    /// <summary>to(i) = from(i + by), zero where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Shift(ReadOnlySpan<ulong> from, int by, Span<ulong> to)
    {
        // floor division: bits = 64 * whole + part
        int whole = by >> 6, part = by & 63;
        if (_words == 1 && Math.Abs(by) < 64)
        {
            for (int at = 0; at < from.Length; at++) to[at] = by < 0 ? from[at] << -by : from[at] >> by;
            return;
        }
        for (int row = 0; row < from.Length; row += _words)
            for (int at = 0; at < _words; at++)
            {
                int low = at + whole, high = low + 1;
                ulong first = low >= 0 && low < _words ? from[row + low] : 0, second = high >= 0 && high < _words ? from[row + high] : 0;
                to[row + at] = part == 0 ? first : first >> part | second << (64 - part);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void And(Span<ulong> a, ReadOnlySpan<ulong> b)
    {
        Span<Vector<ulong>> wide = MemoryMarshal.Cast<ulong, Vector<ulong>>(a);
        ReadOnlySpan<Vector<ulong>> other = MemoryMarshal.Cast<ulong, Vector<ulong>>(b);
        for (int at = 0; at < wide.Length; at++) wide[at] &= other[at];
        for (int at = wide.Length * Vector<ulong>.Count; at < a.Length; at++) a[at] &= b[at];
    }

    /// <summary>The first set bit from a place on; -1 if there is none.</summary>
    private static int Next(ReadOnlySpan<ulong> row, int from)
    {
        for (int word = from / 64; word < row.Length; word++)
        {
            ulong bits = word == from / 64 ? row[word] >> from << from : row[word];
            if (bits != 0) return word * 64 + BitOperations.TrailingZeroCount(bits);
        }
        return -1;
    }

    private static int Last(ReadOnlySpan<ulong> row)
    {
        for (int word = row.Length - 1; word >= 0; word--)
            if (row[word] != 0) return word * 64 + 63 - BitOperations.LeadingZeroCount(row[word]);
        return -1;
    }
}
