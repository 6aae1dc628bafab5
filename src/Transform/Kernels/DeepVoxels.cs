using System.Numerics;
using System.Runtime.CompilerServices;
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

    private readonly LatticeBall _ball;
    private readonly int _words;
    private VoxelBox _region;

    // row by row, and before and behind all rows as many words as the ball reaches
    private ulong[] _bits;

    private DeepVoxels(VoxelBox region, LatticeBall ball, int words)
    {
        (_region, _ball, _words) = (region, ball, words);
        _bits = new ulong[Length];
    }

    /// <summary>Null if the region is too large, or its lattice too fine, to be held.</summary>
    /// <param name="region">Voxels that are looked at; what lies outside counts as outside the label.</param>
    /// <param name="ball">The steps shorter than the depth.</param>
    public static DeepVoxels? Of(VoxelBox region, LatticeBall ball)
    {
        // behind each row as many empty voxels as the ball reaches: what is shifted out of one row does not come into the next
        int wordsOfRow = (region.Extent(0) + ball.MarginI + 63) / 64;
        double words = (double)wordsOfRow * region.Extent(1) * region.Extent(2);
        return words <= MostWords && ball.Rows.Count * words <= MostWork && ball.LongestRow * words <= MostWork
            ? new DeepVoxels(region, ball, wordsOfRow) : null;
    }

    /// <summary>Adds a run of the label.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in LabelRun run)
    {
        if (run.J < _region.MinJ || run.J >= _region.MaxJ || run.K < _region.MinK || run.K >= _region.MaxK) return;
        int from = Math.Max(run.I - _region.MinI, 0), to = Math.Min(run.I + run.Length, _region.MaxI) - _region.MinI;
        if (from >= to) return;
        Span<ulong> row = _bits.AsSpan(Row(run.J - _region.MinJ, run.K - _region.MinK), _words);
        for (int word = from / 64; word * 64 < to; word++) row[word] |= Ones(from - word * 64, to - word * 64);
    }

    /// <summary>Leaves the voxels that are deep and on one side of a plane. Call once, when the whole label has been added.</summary>
    /// <param name="affine">Of the voxels.</param>
    /// <param name="originMm">World.</param>
    /// <param name="direction">Unit vector, world.</param>
    /// <param name="mostMm">How far from the origin along it, at most.</param>
    public void Erode(Affine affine, Vector3d originMm, Vector3d direction, double mostMm)
    {
        // voxels of which as many followers along i are in the label as the rows of the ball that come next ask for
        ulong[] eroded = _bits, deep = Inner(_bits);
        CutOff(deep, LatticeLine.Of(affine, originMm, direction, new(_region.MinI, _region.MinJ, _region.MinK), new(1, 1, 1)),
            (long)(mostMm * LatticeLine.Millimetre));
        Shrink(ref eroded, ref deep);
        int count = 1;
        foreach (LatticeBall.Row row in _ball.Rows)
        {
            if (row.Count > count) Shrink(ref eroded, ref deep);
            for (; count < row.Count; count++) AndWithNext(eroded);
            (int start, int end) = Core();
            if (start == end) break;
            // floor division: bits = 64 * words + rest
            int from = start + (row.K * _region.Extent(1) + row.J) * _words + (row.Low >> 6);
            AndShifted(deep.AsSpan(start, end - start), eroded.AsSpan(from, end - start + 1), row.Low & 63);
        }
        _bits = deep;
    }

    /// <summary>Drops the voxels that do not lie in a convex part of space.</summary>
    /// <param name="holds">Whether a voxel index does.</param>
    /// <returns>How many are left.</returns>
    public long Keep(Func<Vector3d, bool> holds)
    {
        (long kept, VoxelBox box) = Held();
        if (kept == 0 || Corners(box).All(holds)) return kept;
        kept = 0;
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

    private static IEnumerable<Vector3d> Corners(VoxelBox box) =>
        from k in (int[])[box.MinK, box.MaxK - 1]
        from j in (int[])[box.MinJ, box.MaxJ - 1]
        from i in (int[])[box.MinI, box.MaxI - 1]
        select new Vector3d(i, j, k);

    /// <summary>How many voxels it is, and the least box around them; without a meaning where there are none.</summary>
    [MethodImpl(Hot.Method)]
    private (long Voxels, VoxelBox Box) Held()
    {
        long voxels = 0;
        (int firstI, int firstJ, int firstK, int lastI, int lastJ, int lastK) = (int.MaxValue, int.MaxValue, int.MaxValue, -1, -1, -1);
        int at = Margin;
        for (int k = 0; k < _region.Extent(2); k++)
            for (int j = 0; j < _region.Extent(1); j++)
                for (int word = 0; word < _words; word++)
                {
                    ulong bits = _bits[at++];
                    if (bits == 0) continue;
                    voxels += BitOperations.PopCount(bits);
                    firstI = Math.Min(firstI, 64 * word + BitOperations.TrailingZeroCount(bits));
                    lastI = Math.Max(lastI, 64 * word + 63 - BitOperations.LeadingZeroCount(bits));
                    (firstJ, lastJ) = (Math.Min(firstJ, j), Math.Max(lastJ, j));
                    (firstK, lastK) = (Math.Min(firstK, k), k);
                }
        return (voxels, new VoxelBox(_region.MinI + firstI, _region.MinJ + firstJ, _region.MinK + firstK,
            _region.MinI + lastI + 1, _region.MinJ + lastJ + 1, _region.MinK + lastK + 1));
    }

    /// <summary>The next consecutive voxels of a run that are in it, <paramref name="first"/> counted from the run's start.</summary>
    /// <param name="run">Of the label.</param>
    /// <param name="first">Where to look from; where they begin.</param>
    /// <returns>How many; 0 if no more follow.</returns>
    [MethodImpl(Hot.Method)]
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

    private int Margin => _ball.MarginI / 64 + 1;

    private int Length => _words * _region.Extent(1) * _region.Extent(2) + 2 * Margin;

    private int Row(int j, int k) => (k * _region.Extent(1) + j) * _words + Margin;

    /// <summary>
    /// The words from the first row that may be deep to the last: none is, nearer to the region's edge than the ball reaches. Rows between them that
    /// lie there as well are empty already.
    /// </summary>
    private (int Start, int End) Core()
    {
        (int lastJ, int lastK) = (_region.Extent(1) - _ball.MarginJ - 1, _region.Extent(2) - _ball.MarginK - 1);
        return lastJ < _ball.MarginJ || lastK < _ball.MarginK ? (0, 0) : (Row(_ball.MarginJ, _ball.MarginK), Row(lastJ, lastK) + _words);
    }

    /// <summary>A copy without the rows nearer to the region's edge than the ball reaches.</summary>
    private ulong[] Inner(ulong[] bits)
    {
        ulong[] inner = new ulong[bits.Length];
        int length = (_region.Extent(1) - 2 * _ball.MarginJ) * _words;
        for (int k = _ball.MarginK; k < _region.Extent(2) - _ball.MarginK && length > 0; k++)
            bits.AsSpan(Row(_ball.MarginJ, k), length).CopyTo(inner.AsSpan(Row(_ball.MarginJ, k)));
        return inner;
    }

    /// <summary>Drops the voxels that are farther along a line than <paramref name="most"/>.</summary>
    [MethodImpl(Hot.Method)]
    private void CutOff(Span<ulong> bits, LatticeLine line, long most)
    {
        int last = _region.Extent(0) - 1;
        for (int k = 0; k < _region.Extent(2); k++)
            for (int j = 0; j < _region.Extent(1); j++)
            {
                Span<ulong> row = bits.Slice(Row(j, k), _words);
                long beyond = line.At(0, j, k) - most;
                if (beyond <= 0 && beyond + last * line.I <= 0) continue;
                (long from, long to) = (0, last + 1);
                if (line.I > 0) to = beyond > 0 ? 0 : -beyond / line.I + 1;
                else from = line.I < 0 ? (beyond - line.I - 1) / -line.I : to;
                for (int word = 0; word < _words; word++) row[word] &= Ones(from - 64 * word, to - 64 * word);
            }
    }

    /// <summary>Makes the region as small as what may still be deep allows, if that is worth it.</summary>
    [MethodImpl(Hot.Method)]
    private void Shrink(ref ulong[] eroded, ref ulong[] deep)
    {
        VoxelBox before = _region;
        (int minJ, int minK, int maxJ, int maxK) = (before.MaxJ, before.MaxK, before.MinJ, before.MinK);
        int at = Margin;
        for (int k = before.MinK; k < before.MaxK; k++)
            for (int j = before.MinJ; j < before.MaxJ; j++)
            {
                ulong any = 0;
                for (int word = 0; word < _words; word++) any |= deep[at++];
                if (any == 0) continue;
                (minK, maxK) = (Math.Min(minK, k), k + 1);
                (minJ, maxJ) = (Math.Min(minJ, j), Math.Max(maxJ, j + 1));
            }
        VoxelBox after = minK >= maxK ? before with { MaxJ = before.MinJ, MaxK = before.MinK } : before with
        {
            MinJ = minJ - _ball.MarginJ,
            MaxJ = maxJ + _ball.MarginJ,
            MinK = minK - _ball.MarginK,
            MaxK = maxK + _ball.MarginK,
        };
        if (4L * after.Extent(1) * after.Extent(2) > 3L * before.Extent(1) * before.Extent(2)) return;
        _region = after;
        eroded = Moved(eroded, before);
        deep = Moved(deep, before);
    }

    /// <summary>The bits of a larger region, in this one.</summary>
    private ulong[] Moved(ulong[] bits, VoxelBox from)
    {
        ulong[] moved = new ulong[Length];
        for (int k = _region.MinK; k < _region.MaxK; k++)
            bits.AsSpan(((k - from.MinK) * from.Extent(1) + _region.MinJ - from.MinJ) * _words + Margin, _region.Extent(1) * _words)
                .CopyTo(moved.AsSpan(Row(0, k - _region.MinK)));
        return moved;
    }

    /// <summary>From voxels whose n followers along i are set to those whose n + 1 are.</summary>
    [MethodImpl(Hot.Method)]
    private static void AndWithNext(Span<ulong> bits)
    {
        ReadOnlySpan<ulong> next = bits[1..];
        int at = 0;
        for (; at <= next.Length - Vector<ulong>.Count; at += Vector<ulong>.Count)
        {
            Vector<ulong> here = Vector.LoadUnsafe(ref bits[at]);
            (here & (here >>> 1 | Vector.LoadUnsafe(in next[at]) << 63)).StoreUnsafe(ref bits[at]);
        }
        for (; at < next.Length; at++) bits[at] &= bits[at] >> 1 | next[at] << 63;
        bits[^1] &= bits[^1] >> 1;
    }

    /// <summary>Leaves of some rows what is also set in others, so many voxels further along i.</summary>
    /// <param name="others">A word longer.</param>
    /// <param name="by">0 to 63.</param>
    [MethodImpl(Hot.Method)]
    private static void AndShifted(Span<ulong> rows, ReadOnlySpan<ulong> others, int by)
    {
        ReadOnlySpan<ulong> next = others[1..];
        int at = 0;
        for (; at <= rows.Length - Vector<ulong>.Count; at += Vector<ulong>.Count)
        {
            Vector<ulong> low = Vector.LoadUnsafe(in others[at]) >>> by, high = Vector.LoadUnsafe(in next[at]) << 1 << (63 - by);
            (Vector.LoadUnsafe(ref rows[at]) & (low | high)).StoreUnsafe(ref rows[at]);
        }
        // two shifts in turn, for one by 64 is none
        for (; at < rows.Length; at++) rows[at] &= others[at] >> by | next[at] << 1 << (63 - by);
    }

    /// <summary>The bits of a word from (inclusive) to (exclusive), which may lie outside it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Ones(long from, long to)
    {
        (int first, int end) = ((int)Math.Max(from, 0), (int)Math.Min(to, 64));
        return first < end ? ulong.MaxValue >> (64 - (end - first)) << first : 0;
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
