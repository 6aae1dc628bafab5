using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>Looks up the mask's label at a few voxels while its runs go by in stored order.</summary>
internal sealed class PointProbe
{
    private readonly VoxelShape _shape;
    private readonly (long Start, int Key)[] _wanted;
    private readonly Dictionary<int, int> _found = [];
    private int _next;

    /// <param name="shape">Of the mask, in voxels.</param>
    /// <param name="points">Voxel index by a key of the caller's; the voxel looked at is floor(x + 0.5) on each axis.</param>
    public PointProbe(VoxelShape shape, IEnumerable<KeyValuePair<int, Vector3d>> points)
    {
        _shape = shape;
        List<(long Start, int Key)> wanted = [];
        foreach ((int key, Vector3d index) in points)
        {
            (double i, double j, double k) = (Math.Floor(index.X + 0.5), Math.Floor(index.Y + 0.5), Math.Floor(index.Z + 0.5));
            if (!(i >= 0 && i < shape.I && j >= 0 && j < shape.J && k >= 0 && k < shape.K)) continue;
            wanted.Add((shape.LinearIndex((int)i, (int)j, (int)k), key));
            _found[key] = 0;
        }
        _wanted = [.. wanted.Order()];
    }

    public void Add(in LabelRun run)
    {
        if (_next < _wanted.Length) Look(run);
    }

    private void Look(in LabelRun run)
    {
        long start = _shape.LinearIndex(run.I, run.J, run.K);
        while (_next < _wanted.Length && _wanted[_next].Start < start) _next++;
        while (_next < _wanted.Length && _wanted[_next].Start < start + run.Length) _found[_wanted[_next++].Key] = run.Label;
    }

    /// <summary>The label there, 0 for background, null outside the volume.</summary>
    public int? LabelAt(int key) => _found.TryGetValue(key, out int label) ? label : null;
}
