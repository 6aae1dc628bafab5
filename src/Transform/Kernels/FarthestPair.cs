using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// The largest distance between two of many points: branches of a k-d tree are compared by their boxes, and pairs of branches that cannot be
/// farther apart than what was found are left out (Bentley 1975; bounds as for nearest neighbours, turned around).
/// </summary>
internal sealed class FarthestPair
{
    private const int PointsPerLeaf = 16;

    private readonly Vector3d[] _points;
    private readonly List<Branch> _branches = [];

    /// <summary>Points from First up to End, which lie in the box; the first of two children, -1 for a leaf.</summary>
    private readonly record struct Branch(int First, int End, Vector3d Low, Vector3d High)
    {
        public int Child { get; init; } = -1;
    }

    /// <param name="points">In millimetres; reordered.</param>
    public FarthestPair(Vector3d[] points)
    {
        _points = points;
        _branches.Add(Box(0, points.Length));
        for (int at = 0; at < _branches.Count; at++) Split(at);
    }

    /// <summary>The largest distance, or what was given if none is larger.</summary>
    /// <param name="leastMm">A distance that is known to occur.</param>
    public double DistanceMm(double leastMm)
    {
        double best = leastMm * leastMm;
        Stack<(int A, int B)> pairs = new([(0, 0)]);
        while (pairs.TryPop(out (int A, int B) pair))
        {
            Branch a = _branches[pair.A], b = _branches[pair.B];
            if (Bound(a, b) <= best) continue;
            if (a.Child < 0 && b.Child < 0)
            {
                foreach (Vector3d p in _points.AsSpan(a.First..a.End))
                    foreach (Vector3d q in _points.AsSpan(b.First..b.End)) best = Math.Max(best, Square(p - q));
            }
            else if (pair.A == pair.B)
            {
                pairs.Push((a.Child, a.Child));
                pairs.Push((a.Child + 1, a.Child + 1));
                pairs.Push((a.Child, a.Child + 1));
            }
            else
            {
                // the larger one is split; the farther half is looked at first
                if (a.Child < 0 || (b.Child >= 0 && b.End - b.First > a.End - a.First)) (pair, a, b) = ((pair.B, pair.A), b, a);
                bool second = Bound(_branches[a.Child + 1], b) > Bound(_branches[a.Child], b);
                pairs.Push((second ? a.Child : a.Child + 1, pair.B));
                pairs.Push((second ? a.Child + 1 : a.Child, pair.B));
            }
        }
        return Math.Sqrt(best);
    }

    private void Split(int at)
    {
        Branch branch = _branches[at];
        if (branch.End - branch.First <= PointsPerLeaf) return;
        Vector3d size = branch.High - branch.Low;
        int axis = size.X >= size.Y && size.X >= size.Z ? 0 : size.Y >= size.Z ? 1 : 2;
        _points.AsSpan(branch.First..branch.End).Sort((a, b) => a[axis].CompareTo(b[axis]));
        int middle = (branch.First + branch.End) / 2;
        _branches[at] = branch with { Child = _branches.Count };
        _branches.Add(Box(branch.First, middle));
        _branches.Add(Box(middle, branch.End));
    }

    private Branch Box(int first, int end)
    {
        Vector3d low = new(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity), high = -1 * low;
        foreach (Vector3d point in _points.AsSpan(first..end))
        {
            low = new(Math.Min(low.X, point.X), Math.Min(low.Y, point.Y), Math.Min(low.Z, point.Z));
            high = new(Math.Max(high.X, point.X), Math.Max(high.Y, point.Y), Math.Max(high.Z, point.Z));
        }
        return new Branch(first, end, low, high);
    }

    /// <summary>Square of the distance that no pair exceeds.</summary>
    private static double Bound(in Branch a, in Branch b) => Square(new Vector3d(
        Math.Max(a.High.X - b.Low.X, b.High.X - a.Low.X),
        Math.Max(a.High.Y - b.Low.Y, b.High.Y - a.Low.Y),
        Math.Max(a.High.Z - b.Low.Z, b.High.Z - a.Low.Z)));

    private static double Square(Vector3d v) => Vector3d.Dot(v, v);
}
