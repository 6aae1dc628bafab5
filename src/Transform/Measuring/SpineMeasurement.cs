using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Measuring;

/// <summary>
/// The first pass over a mask: what can be said of each label without knowing beforehand where it lies. Runs arrive in stored order;
/// everything kept is an integer, so nothing depends on how the stream was cut. Memory: the runs of two slices.
/// </summary>
public sealed class SpineMeasurement
{
    /// <summary>Runs of one slice beyond which a mask is noise.</summary>
    public const int MostRunsPerSlice = Kernels.Components.MostRunsPerSlice;

    private const int MostUnknownLabels = 32;

    private readonly LabelMoments?[] _moments = new LabelMoments[VertebraLabel.Highest + 1];
    private readonly SortedDictionary<int, long> _unknownLabels = [];
    private readonly PointProbe _probe;

    /// <param name="grid">Of the mask.</param>
    /// <param name="annotatedIndex">Annotated point by label, as voxel index of the mask; empty without a centroid file.</param>
    public SpineMeasurement(VoxelGrid grid, IReadOnlyDictionary<int, Vector3d> annotatedIndex)
    {
        (Grid, AnnotatedIndex) = (grid, annotatedIndex);
        _probe = new PointProbe(grid.Shape, annotatedIndex);
    }

    /// <summary>Of the mask.</summary>
    public VoxelGrid Grid { get; }

    /// <summary>Annotated point by label, as voxel index of the mask.</summary>
    public IReadOnlyDictionary<int, Vector3d> AnnotatedIndex { get; }

    /// <summary>Labels outside 1..28 with their voxel counts (at most 32 of them): they get no row.</summary>
    public IReadOnlyDictionary<int, long> UnknownLabels => _unknownLabels;

    /// <summary>Labels 1..28 that the mask holds, in anatomical order.</summary>
    public IReadOnlyList<int> Labels => [.. VertebraLabel.Anatomical.Where(label => _moments[label] is not null)];

    internal Components Components { get; } = new();

    /// <summary>Adds runs of the mask in stored order.</summary>
    /// <returns>False if a slice has more runs than a label map can have; the measurement is then void.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(ReadOnlySpan<LabelRun> runs)
    {
        foreach (ref readonly LabelRun run in runs)
        {
            _probe.Add(run);
            if (!VertebraLabel.IsKnown(run.Label))
            {
                if (_unknownLabels.ContainsKey(run.Label) || _unknownLabels.Count < MostUnknownLabels)
                    _unknownLabels[run.Label] = _unknownLabels.GetValueOrDefault(run.Label) + run.Length;
                continue;
            }
            (_moments[run.Label] ??= new LabelMoments()).Add(run);
            if (!Components.Add(run)) return false;
        }
        return true;
    }

    /// <summary>Closes the stream. Call once, before anything is asked.</summary>
    public void Finish() => Components.Finish();

    /// <summary>Where each label lies, in anatomical order: what later passes are prepared from.</summary>
    public IReadOnlyList<LocatedVertebra> Located() => [.. Labels.Select(label => new LocatedVertebra(label, Moments(label), this))];

    internal LabelMoments Moments(int label) => _moments[label]!;

    /// <summary>Label of the mask at a label's annotated point; 0 is background, null outside the volume.</summary>
    internal int? LabelAtAnnotation(int label) => _probe.LabelAt(label);
}
