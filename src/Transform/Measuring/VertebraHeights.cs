using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Measuring;

/// <summary>
/// Heights of the bodies of one spine, from mid-sagittal maps in each vertebra's own frame. C1 and C2 have no body of the kind, sacrum and
/// coccyx none at all; a vertebra alone or without annotated point has no frame; one cut off above or below has no height.
/// </summary>
internal sealed class VertebraHeights
{
    /// <summary>How many vertebrae above, and below, a height is held against.</summary>
    private const int NeighboursEachSide = 2;

    private readonly IReadOnlyList<LocatedVertebra> _vertebrae;
    private readonly VertebraFrame?[] _frames = new VertebraFrame[VertebraLabel.Highest + 1];
    private readonly SagittalMap?[] _maps = new SagittalMap[VertebraLabel.Highest + 1];
    private readonly BodyProfile?[] _profiles = new BodyProfile[VertebraLabel.Highest + 1];

    /// <param name="vertebrae">Of one scan, in anatomical order.</param>
    /// <param name="frames">Theirs; null where one has none.</param>
    /// <param name="grid">Of the mask.</param>
    public VertebraHeights(IReadOnlyList<LocatedVertebra> vertebrae, IReadOnlyList<VertebraFrame?> frames, VoxelGrid grid)
    {
        _vertebrae = vertebrae;
        for (int at = 0; at < vertebrae.Count; at++)
        {
            int label = vertebrae[at].Label;
            if (!VertebraLabel.HasHeight(label) || IsCut(vertebrae[at].Box, grid)) continue;
            if (frames[at] is not { Up: Vector3d up } frame) continue;
            (_frames[label], _maps[label]) = (frame, new SagittalMap(grid.Affine, frame.OriginMm, up, frame.Back));
        }
    }

    /// <summary>Adds a run of a known label.</summary>
    [MethodImpl(Hot.Method)]
    public void Add(in LabelRun run) => _maps[run.Label]?.Add(run);

    /// <summary>Closes the stream. Call once, before anything is asked.</summary>
    public void Finish()
    {
        for (int label = 0; label < _maps.Length; label++) _profiles[label] = _maps[label] is { } map ? BodyProfile.Of(map) : null;
    }

    /// <summary>The shape of a body; null where none could be measured.</summary>
    public BodyProfile? Profile(int label) => _profiles[label];

    /// <summary>
    /// The greatest of what anterior, middle and posterior height lack against the medians of up to two neighbours on each side, percent; negative
    /// where none lacks anything. Null without a neighbour that has heights.
    /// </summary>
    public double? LossPercent(int label)
    {
        int at = _vertebrae.TakeWhile(vertebra => vertebra.Label != label).Count();
        BodyProfile[] neighbours = [.. Enumerable.Range(at - NeighboursEachSide, 2 * NeighboursEachSide + 1)
            .Where(n => n != at && n >= 0 && n < _vertebrae.Count).Select(n => _profiles[_vertebrae[n].Label]).OfType<BodyProfile>()];
        if (_profiles[label] is not { } body || neighbours.Length == 0) return null;
        return new[] { Lost(profile => profile.AnteriorMm), Lost(profile => profile.MiddleMm), Lost(profile => profile.PosteriorMm) }.Max();
        double Lost(Func<BodyProfile, double> height)
        {
            double[] ascending = [.. neighbours.Select(height).Order()];
            return 100 * (1 - 2 * height(body) / (ascending[(ascending.Length - 1) / 2] + ascending[ascending.Length / 2]));
        }
    }

    /// <summary>The middle of an end plate (mm, world) and its direction backwards (unit vector); null where there is none.</summary>
    public (Vector3d MiddleMm, Vector3d Back)? Endplate(int label, bool superior)
    {
        if (_profiles[label] is not { } body || _frames[label] is not { Up: Vector3d up } frame) return null;
        EndplateLine line = superior ? body.Endplates.Superior : body.Endplates.Inferior;
        double middle = (body.FrontMm + body.RearMm) / 2;
        Vector3d along = frame.Back + line.Slope * up;
        return (frame.OriginMm + middle * frame.Back + line.At(middle) * up, 1 / along.Length * along);
    }

    private static bool IsCut(VoxelBox box, VoxelGrid grid)
    {
        int axis = grid.Orientation.StoredAxis(2);
        return box.Min(axis) == 0 || box.Max(axis) == grid.Shape[axis];
    }
}
