using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// The first and the last voxel of one label in every row: all that its largest extents depend on. A vertex of the surface lies half a
/// step from a voxel inside towards one outside, and those farthest apart on any line along i belong to the ends of a row.
/// </summary>
internal sealed class RowEnds
{
    /// <summary>Rows beyond which a label is no vertebra: 8 MB.</summary>
    public const int MostRows = 1 << 19;

    /// <summary>Above this many candidates, those inside the outline of their plane are left out before pairs are looked at.</summary>
    private const int ManyCandidates = 512;

    /// <summary>Voxel indices; <paramref name="Last"/> is inclusive.</summary>
    private readonly record struct Row(int J, int K, int First, int Last);

    /// <summary>A vertex in half voxel steps.</summary>
    private readonly record struct Vertex(int I, int J, int K);

    private readonly List<Row> _rows = [];
    private bool _tooMany;

    /// <summary>Adds a run of the label; runs come in stored order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in LabelRun run)
    {
        int last = run.I + run.Length - 1;
        if (_rows.Count > 0)
        {
            Row row = _rows[^1];
            if (row.J == run.J && row.K == run.K)
            {
                _rows[^1] = row with { Last = last };
                return;
            }
        }
        if (_rows.Count < MostRows) _rows.Add(new Row(run.J, run.K, run.I, last));
        else _tooMany = true;
    }

    /// <summary>Largest distance (mm) between two vertices of the surface, exact; null if there are too many rows.</summary>
    public double? LargestDiameterMm(Affine affine) => Largest(affine, beyond: 1);

    /// <summary>Largest distance (mm) between two voxel centres, exact; null if there are too many rows.</summary>
    public double? LargestCentreDistanceMm(Affine affine) => Largest(affine, beyond: 0);

    /// <summary>A pair is found by sweeps; what could beat it lies outside most of the ball around it, and only that is compared.</summary>
    /// <param name="affine">Of the mask.</param>
    /// <param name="beyond">Half steps from the centre of a row's end to the point that is looked at: 1 for the surface, 0 for centres.</param>
    private double? Largest(Affine affine, int beyond)
    {
        if (_tooMany || _rows.Count == 0) return null;
        Affine half = new(0.5 * affine.I, 0.5 * affine.J, 0.5 * affine.K, new Vector3d(0, 0, 0));
        (Vector3d a, Vector3d b) = PairBySweeps(half, beyond);
        List<Vertex> candidates = Candidates(half, beyond, 0.5 * (a + b), (a - b).Length);
        if (candidates.Count > ManyCandidates) candidates = Outlines(candidates);
        return new FarthestPair([.. candidates.Select(vertex => half.Apply(new Vector3d(vertex.I, vertex.J, vertex.K)))]).DistanceMm((a - b).Length);
    }

    /// <summary>From any vertex to the one farthest from it, and so on: two far ends, near the largest distance.</summary>
    private (Vector3d A, Vector3d B) PairBySweeps(Affine half, int beyond)
    {
        const int Sweeps = 3;
        Vector3d a = default, b = FirstMm(half, _rows[0], beyond);
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            a = b;
            double farthest = -1;
            foreach (Row row in _rows)
            {
                Vector3d first = FirstMm(half, row, beyond), last = LastMm(half, row, beyond);
                if ((first - a).Length > farthest) (farthest, b) = ((first - a).Length, first);
                if ((last - a).Length > farthest) (farthest, b) = ((last - a).Length, last);
            }
        }
        return (a, b);
    }

    /// <summary>The vertices that may be farther than <paramref name="foundMm"/> from another one, by their distances from a point between.</summary>
    private List<Vertex> Candidates(Affine half, int beyond, Vector3d betweenMm, double foundMm)
    {
        // a vertex at the end of a row is at most this far from the one along i
        double slackMm = beyond == 0 ? 0 : half.I.Length + Math.Max(half.J.Length, half.K.Length);
        double radiusMm = 0;
        foreach (Row row in _rows)
            radiusMm = Math.Max(radiusMm, Math.Max((FirstMm(half, row, beyond) - betweenMm).Length, (LastMm(half, row, beyond) - betweenMm).Length));
        double leastMm = foundMm - radiusMm - 2 * slackMm - 1e-9 * foundMm;
        List<Vertex> candidates = [];
        for (int at = 0; at < _rows.Count; at++)
        {
            Row row = _rows[at];
            if ((FirstMm(half, row, beyond) - betweenMm).Length >= leastMm) AddVertices(candidates, row, row.First, -beyond);
            if ((LastMm(half, row, beyond) - betweenMm).Length >= leastMm) AddVertices(candidates, row, row.Last, beyond);
        }
        return candidates;
    }

    /// <summary>The vertices around the end voxel of a row; on the lines beside it only where the neighbouring row ends before.</summary>
    private void AddVertices(List<Vertex> vertices, Row row, int end, int step)
    {
        vertices.Add(new Vertex(2 * end + step, 2 * row.J, 2 * row.K));
        if (step == 0) return;
        for (int side = -1; side <= 1; side += 2)
        {
            if (EndsBefore(row.J + side, row.K, end, step)) vertices.Add(new Vertex(2 * end, 2 * row.J + side, 2 * row.K));
            if (EndsBefore(row.J, row.K + side, end, step)) vertices.Add(new Vertex(2 * end, 2 * row.J, 2 * row.K + side));
        }
    }

    private bool EndsBefore(int j, int k, int end, int step)
    {
        int low = 0, high = _rows.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_rows[middle].K < k || (_rows[middle].K == k && _rows[middle].J < j)) low = middle + 1;
            else high = middle;
        }
        if (low == _rows.Count || _rows[low].J != j || _rows[low].K != k) return true;
        return step < 0 ? _rows[low].First > end : _rows[low].Last < end;
    }

    /// <summary>Of the vertices of each plane across k, the corners of their convex hull (Andrew 1979): the farthest pair is among them.</summary>
    private static List<Vertex> Outlines(List<Vertex> vertices)
    {
        List<Vertex> corners = [];
        foreach (IGrouping<int, Vertex> plane in vertices.Distinct().GroupBy(vertex => vertex.K))
        {
            Vertex[] sorted = [.. plane.OrderBy(vertex => vertex.J).ThenBy(vertex => vertex.I)];
            AddChain(corners, sorted);
            Array.Reverse(sorted);
            AddChain(corners, sorted);
        }
        return corners;
    }

    private static void AddChain(List<Vertex> corners, Vertex[] sorted)
    {
        int start = corners.Count;
        foreach (Vertex vertex in sorted)
        {
            while (corners.Count >= start + 2 && Turn(corners[^2], corners[^1], vertex) <= 0) corners.RemoveAt(corners.Count - 1);
            corners.Add(vertex);
        }
    }

    private static long Turn(Vertex a, Vertex b, Vertex c) => (b.I - a.I) * (long)(c.J - a.J) - (b.J - a.J) * (long)(c.I - a.I);

    private static Vector3d FirstMm(Affine half, Row row, int beyond) => half.Apply(new Vector3d(2 * row.First - beyond, 2 * row.J, 2 * row.K));

    private static Vector3d LastMm(Affine half, Row row, int beyond) => half.Apply(new Vector3d(2 * row.Last + beyond, 2 * row.J, 2 * row.K));
}
