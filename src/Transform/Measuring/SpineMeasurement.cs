using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Measuring;

/// <summary>Who a row belongs to; the same on every row of a scan.</summary>
public sealed record ScanIdentity(ScanKey Key, string SubjectId, string SeriesId);

/// <summary>
/// The accumulators of one scan. Runs of the mask arrive in stored order, CT values follow run by run; everything kept is an integer, so
/// rows do not depend on how the stream was cut. Memory: the runs of two slices, and counts per distinct CT value.
/// </summary>
public sealed class SpineMeasurement
{
    /// <summary>Distinct CT values beyond 16 bits that are counted before the CT is given up; a CT has some thousands.</summary>
    public const int MostSparseValues = 2_000_000;

    /// <summary>Runs of one slice beyond which a mask is noise.</summary>
    public const int MostRunsPerSlice = Components.MostRunsPerSlice;

    private const int MostUnknownLabels = 32;

    private readonly VoxelGrid _grid;
    private readonly IReadOnlyDictionary<int, Vector3d> _annotatedIndex;
    private readonly LabelMoments?[] _moments = new LabelMoments[VertebraLabel.Highest + 1];
    private readonly HounsfieldHistogram?[] _hounsfield = new HounsfieldHistogram[VertebraLabel.Highest + 1];
    private readonly BodyCore?[] _cores = new BodyCore[VertebraLabel.Highest + 1];
    private readonly SortedDictionary<int, long> _unknownLabels = [];
    private readonly Components _components = new();
    private readonly PointProbe _probe;
    private int _sparseValues;

    /// <param name="grid">Of the mask.</param>
    /// <param name="annotatedIndex">Annotated point by label, as voxel index of the mask; empty without a centroid file.</param>
    public SpineMeasurement(VoxelGrid grid, IReadOnlyDictionary<int, Vector3d> annotatedIndex)
    {
        _grid = grid;
        _annotatedIndex = annotatedIndex;
        _probe = new PointProbe(grid.Shape, annotatedIndex);
        foreach ((int label, Vector3d index) in annotatedIndex)
            if (VertebraLabel.IsKnown(label) && label != VertebraLabel.C1) _cores[label] = new BodyCore(grid.Affine, index);
    }

    /// <summary>Labels outside 1..28 with their voxel counts (at most 32 of them): they get no row.</summary>
    public IReadOnlyDictionary<int, long> UnknownLabels => _unknownLabels;

    /// <summary>Labels 1..28 that the mask holds, in anatomical order.</summary>
    public IReadOnlyList<int> Labels => [.. VertebraLabel.Anatomical.Where(label => _moments[label] is not null)];

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
            if (!_components.Add(run)) return false;
        }
        return true;
    }

    /// <summary>Adds the stored CT values of a run or of its first part; unknown labels are ignored.</summary>
    /// <returns>False if the CT has more distinct values than a CT can have.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool AddHounsfield(in LabelRun run, ReadOnlySpan<long> codes)
    {
        if (!VertebraLabel.IsKnown(run.Label)) return true;
        HounsfieldHistogram histogram = _hounsfield[run.Label] ??= new HounsfieldHistogram();
        int before = histogram.SparseCount;
        histogram.Add(codes);
        _sparseValues += histogram.SparseCount - before;
        _cores[run.Label]?.Add(run, codes);
        return _sparseValues <= MostSparseValues;
    }

    /// <summary>The exact counts of a label's CT values; null without CT.</summary>
    public HounsfieldHistogram? Hounsfield(int label) => _hounsfield[label];

    /// <summary>Closes the stream. Call once, before <see cref="ToRows"/>.</summary>
    public void Finish() => _components.Finish();

    /// <summary>One row per label in anatomical order. Indices turn into millimetres here and nowhere else.</summary>
    /// <param name="identity">Written on every row.</param>
    /// <param name="ct">How CT values become Hounsfield units; null leaves the Hounsfield columns null, whatever was added.</param>
    public IReadOnlyList<VertebraRow> ToRows(ScanIdentity identity, CtScaling? ct) => [.. Labels.Select(label => ToRow(identity, label, ct))];

    private VertebraRow ToRow(ScanIdentity identity, int label, CtScaling? ct)
    {
        LabelMoments moments = _moments[label]!;
        VoxelBox box = moments.Box;
        Vector3d centroidIndex = moments.CentroidIndex;
        Vector3d centroidMm = _grid.Affine.Apply(centroidIndex);
        Vector3d axesMm = moments.EllipsoidAxesMm(_grid.Affine);
        string faces = BorderFaces(box);
        double volumeMm3 = moments.VoxelCount * _grid.VoxelVolumeMm3;
        Vector3d? annotatedIndex = _annotatedIndex.TryGetValue(label, out Vector3d index) ? index : null;
        Vector3d? annotatedMm = annotatedIndex is Vector3d at ? _grid.Affine.Apply(at) : null;
        HounsfieldSummary? mask = ct is CtScaling scaling ? _hounsfield[label]?.Summarise(scaling) : null;
        HounsfieldHistogram? core = ct is null ? null : _cores[label]?.Histogram;
        HounsfieldSummary? body = ct is CtScaling coreScaling ? core?.Summarise(coreScaling) : null;
        return new VertebraRow
        {
            ScanKey = identity.Key.Text,
            Dataset = identity.Key.Dataset,
            Split = identity.Key.Split,
            SubjectId = identity.SubjectId,
            ScanId = identity.Key.ScanId,
            SeriesId = identity.SeriesId,
            Label = label,
            Vertebra = VertebraLabel.Name(label),
            Region = VertebraLabel.Region(label),
            AnatomicalOrder = VertebraLabel.AnatomicalOrder(label),
            VoxelCount = moments.VoxelCount,
            VolumeMm3 = volumeMm3,
            VolumeCm3 = volumeMm3 / 1000,
            BboxMinI = box.MinI,
            BboxMinJ = box.MinJ,
            BboxMinK = box.MinK,
            BboxMaxI = box.MaxI,
            BboxMaxJ = box.MaxJ,
            BboxMaxK = box.MaxK,
            ExtentLrMm = ExtentMm(box, worldAxis: 0),
            ExtentApMm = ExtentMm(box, worldAxis: 1),
            ExtentSiMm = ExtentMm(box, worldAxis: 2),
            CentroidI = centroidIndex.X,
            CentroidJ = centroidIndex.Y,
            CentroidK = centroidIndex.Z,
            CentroidXMm = centroidMm.X,
            CentroidYMm = centroidMm.Y,
            CentroidZMm = centroidMm.Z,
            AxisMajorMm = axesMm.X,
            AxisMiddleMm = axesMm.Y,
            AxisMinorMm = axesMm.Z,
            ComponentCount = _components.Count(label),
            LargestComponentFraction = (double)_components.Largest(label) / moments.VoxelCount,
            TouchesBorder = faces.Length > 0,
            BorderFaces = faces,
            AnnotatedI = annotatedIndex?.X,
            AnnotatedJ = annotatedIndex?.Y,
            AnnotatedK = annotatedIndex?.Z,
            AnnotatedXMm = annotatedMm?.X,
            AnnotatedYMm = annotatedMm?.Y,
            AnnotatedZMm = annotatedMm?.Z,
            AnnotationDistanceMm = annotatedMm is Vector3d mm ? (mm - centroidMm).Length : null,
            AnnotationLabel = _probe.LabelAt(label),
            MaskHuMean = mask?.Mean,
            MaskHuStd = mask?.Std,
            MaskHuMin = mask?.Min,
            MaskHuP05 = mask?.P05,
            MaskHuP25 = mask?.P25,
            MaskHuMedian = mask?.Median,
            MaskHuP75 = mask?.P75,
            MaskHuP95 = mask?.P95,
            MaskHuMax = mask?.Max,
            BodyHuMean = body?.Mean,
            BodyHuStd = body?.Std,
            BodyHuMedian = body?.Median,
            BodyHuVoxels = core is null ? null : checked((int)core.VoxelCount),
        };
    }

    private double ExtentMm(VoxelBox box, int worldAxis)
    {
        int stored = _grid.Orientation.StoredAxis(worldAxis);
        return box.Extent(stored) * _grid.SpacingMm[stored];
    }

    /// <summary>Letters of the volume's faces that the box reaches, in the order LRPAIS.</summary>
    private string BorderFaces(VoxelBox box)
    {
        Span<char> faces = stackalloc char[6];
        int count = 0;
        foreach (char face in "LRPAIS")
            for (int axis = 0; axis < 3; axis++)
            {
                bool low = box.Min(axis) == 0 && _grid.Orientation.Face(axis, high: false) == face;
                bool high = box.Max(axis) == _grid.Shape[axis] && _grid.Orientation.Face(axis, high: true) == face;
                if (low || high) faces[count++] = face;
            }
        return new string(faces[..count]);
    }
}
