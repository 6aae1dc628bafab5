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

    // a vertebra is one piece, with islands of a voxel perhaps; a grey value is in thousands, in a small crop in hundreds without a large one
    private const int MostComponents = 1000, ManyComponents = 100;
    private const double LeastLargestFraction = 0.5;

    private readonly LabelMoments?[] _moments = new LabelMoments[VertebraLabel.Highest + 1];
    private readonly StrangeLabels _strangers = new();
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

    /// <summary>Labels outside 1..28 with their voxel counts, ascending: they get no row. Not all of them where they speak against a label map.</summary>
    public IReadOnlyDictionary<int, long> UnknownLabels => _strangers.Voxels;

    /// <summary>
    /// What speaks against a label map, in words; null if nothing does. It follows from what is counted anyway: labels that no scheme has,
    /// negative ones, and labels in thousands of pieces. Complete after <see cref="Finish"/>.
    /// </summary>
    public string? WhyNoLabelMap
    {
        get
        {
            int labels = Labels.Count, shattered = Labels.Count(IsShattered);
            bool pieces = shattered > 0 && 2 * shattered >= labels;
            string inPieces = pieces ? Invariant($"{shattered} of {labels} labels in up to {Labels.Max(Components.Count)} pieces") : "";
            string values = _strangers.Negative > StrangeLabels.MostNegative ? Invariant($"more than {StrangeLabels.MostNegative} negative values")
                : _strangers.AreTooMany ? Invariant($"more than {StrangeLabels.Most} values outside 1 to 28")
                : "";
            if (values.Length == 0 && !pieces) return null;
            string looks = _strangers.Negative > StrangeLabels.MostNegative ? "a CT"
                : pieces || labels == 0 ? "a grey image"
                : "a grey image or labels of another scheme";
            return $"{values}{(values.Length > 0 && pieces ? ", " : "")}{inPieces}: this looks like {looks}";
        }
    }

    /// <summary>Labels 1..28 that the mask holds, in anatomical order.</summary>
    public IReadOnlyList<int> Labels => [.. VertebraLabel.Anatomical.Where(label => _moments[label] is not null)];

    internal Components Components { get; } = new();

    /// <summary>Adds runs of the mask in stored order.</summary>
    /// <returns>False if a slice has more runs than a label map can have; the measurement is then void.</returns>
    [MethodImpl(Hot.Method)]
    public bool Add(ReadOnlySpan<LabelRun> runs)
    {
        foreach (ref readonly LabelRun run in runs)
        {
            _probe.Add(run);
            if (!VertebraLabel.IsKnown(run.Label))
            {
                _strangers.Add(run);
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

    private bool IsShattered(int label) => Components.Count(label) >= MostComponents
        || (Components.Count(label) >= ManyComponents && Components.Largest(label) < LeastLargestFraction * Moments(label).VoxelCount);

    internal LabelMoments Moments(int label) => _moments[label]!;

    /// <summary>Label of the mask at a label's annotated point; 0 is background, null outside the volume.</summary>
    internal int? LabelAtAnnotation(int label) => _probe.LabelAt(label);
}
