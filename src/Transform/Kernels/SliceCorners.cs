using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// What the largest extents of one label depend on: in each slice the corners of the convex hull of its voxel centres, drawn from the first and the last
/// voxel of each row, for rows come in order (Andrew 1979). Memory: some dozen corners a slice.
/// </summary>
internal sealed class SliceCorners
{
    /// <summary>Corners beyond which a label is no vertebra: 6 MB.</summary>
    public const int MostCorners = 1 << 19;

    /// <summary>A voxel index.</summary>
    internal readonly record struct Corner(int I, int J, int K);

    private readonly List<Corner> _corners = [];

    // of the slice that is being drawn
    private readonly Chain _firsts = new(outwards: -1), _lasts = new(outwards: 1);
    private int _j = -1, _k = -1, _first, _last;

    /// <summary>Adds a run of the label; runs come in stored order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in LabelRun run)
    {
        if (run.J != _j || run.K != _k) BeginRow(run);
        _last = run.I + run.Length - 1;
    }

    /// <summary>Closes the stream. Call once, before anything is asked.</summary>
    public void Finish()
    {
        if (_j >= 0) CloseRow();
        CloseSlice();
    }

    /// <summary>The largest distances in the label; null if what they depend on cannot be held. Call after <see cref="Finish"/>.</summary>
    /// <param name="affine">Of the mask.</param>
    public FarthestPair? Farthest(Affine affine) =>
        _corners.Count is > 0 and <= MostCorners ? FarthestPair.Of(CollectionsMarshal.AsSpan(_corners), affine) : null;

    [MethodImpl(Hot.Method)]
    private void BeginRow(in LabelRun run)
    {
        if (_j >= 0) CloseRow();
        if (run.K != _k) CloseSlice();
        (_j, _k, _first) = (run.J, run.K, run.I);
    }

    private void CloseRow()
    {
        _firsts.Add(_first, _j);
        _lasts.Add(_last, _j);
    }

    private void CloseSlice()
    {
        _firsts.MoveTo(_corners, _k);
        _lasts.MoveTo(_corners, _k);
    }

    /// <summary>One side of a convex outline, from row to row.</summary>
    private sealed class Chain(int outwards)
    {
        private (int I, int J)[] _points = new (int, int)[64];
        private int _count;

        /// <summary>Adds the next point and drops those that it leaves inside.</summary>
        [MethodImpl(Hot.Method)]
        public void Add(int i, int j)
        {
            (int I, int J)[] points = _points;
            int count = _count;
            for (; count >= 2; count--)
            {
                (int I, int J) a = points[count - 2], b = points[count - 1];
                long turn = (b.I - a.I) * (long)(j - a.J) - (b.J - a.J) * (long)(i - a.I);
                if (turn * outwards > 0) break;
            }
            if (count == points.Length) Array.Resize(ref _points, 2 * count);
            _points[count] = (i, j);
            _count = count + 1;
        }

        public void MoveTo(List<Corner> corners, int k)
        {
            // one more than the bound is enough to know
            foreach ((int i, int j) in _points.AsSpan(0, Math.Min(_count, MostCorners + 1 - corners.Count))) corners.Add(new Corner(i, j, k));
            _count = 0;
        }
    }
}
