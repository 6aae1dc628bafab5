using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Measuring;

/// <summary>Who a row belongs to; the same on every row of a scan.</summary>
public sealed record ScanIdentity(ScanKey Key, string SubjectId, string SeriesId);

/// <summary>From the finished passes over one scan to its rows. Indices turn into millimetres here and nowhere else.</summary>
/// <param name="identity">Written on every row.</param>
/// <param name="spine">The first pass over the mask.</param>
public sealed class SpineRows(ScanIdentity identity, SpineMeasurement spine)
{
    /// <summary>The second pass over the mask; null leaves its columns null.</summary>
    public LocalMeasurement? Local { get; init; }

    /// <summary>The CT's values under the mask; null leaves the Hounsfield columns null.</summary>
    public HounsfieldMeasurement? Hounsfield { get; init; }

    /// <summary>Voxels of body and arch by a sub-region mask; null leaves their columns null.</summary>
    public PartVoxels? Parts { get; init; }

    /// <summary>How CT values become Hounsfield units; null leaves the Hounsfield columns null, whatever was measured.</summary>
    public CtScaling? Scaling { get; init; }

    /// <summary>One row per label in anatomical order.</summary>
    public IReadOnlyList<VertebraRow> Vertebrae() => [.. spine.Labels.Select(Row)];

    private VertebraRow Row(int label)
    {
        LabelMoments moments = spine.Moments(label);
        VoxelBox box = moments.Box;
        Vector3d centroidIndex = moments.CentroidIndex;
        Vector3d centroidMm = spine.Grid.Affine.Apply(centroidIndex);
        Ellipsoid ellipsoid = moments.EllipsoidMm(spine.Grid.Affine);
        HounsfieldSummary? trabecular = Scaling is CtScaling deepScaling ? Hounsfield?.Trabecular(label)?.Summarise(deepScaling) : null;
        long? trabecularVoxels = Local?.TrabecularVoxels(label);
        LabelSurface? surface = Local?.Surface(label);
        BodyProfile? heights = Local?.Heights.Profile(label);
        (Vector3d MiddleMm, Vector3d Back)? upper = Local?.Heights.Endplate(label, superior: true), lower = Local?.Heights.Endplate(label, superior: false);
        string faces = BorderFaces(box);
        double volumeMm3 = moments.VoxelCount * spine.Grid.VoxelVolumeMm3;
        Vector3d? annotatedIndex = spine.AnnotatedIndex.TryGetValue(label, out Vector3d index) ? index : null;
        Vector3d? annotatedMm = annotatedIndex is Vector3d at ? spine.Grid.Affine.Apply(at) : null;
        HounsfieldSummary? mask = Scaling is CtScaling scaling ? Hounsfield?.Whole(label)?.Summarise(scaling) : null;
        HounsfieldHistogram? core = Scaling is null ? null : Hounsfield?.Ball(label);
        HounsfieldSummary? body = Scaling is CtScaling coreScaling ? core?.Summarise(coreScaling) : null;
        HounsfieldSummary? exactBody = PartHu(label, VertebraPart.Body), exactArch = PartHu(label, VertebraPart.Arch);
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
            AxisMajorMm = ellipsoid.LengthsMm.X,
            AxisMiddleMm = ellipsoid.LengthsMm.Y,
            AxisMinorMm = ellipsoid.LengthsMm.Z,
            ComponentCount = spine.Components.Count(label),
            LargestComponentFraction = (double)spine.Components.Largest(label) / moments.VoxelCount,
            TouchesBorder = faces.Length > 0,
            BorderFaces = faces,
            AnnotatedI = annotatedIndex?.X,
            AnnotatedJ = annotatedIndex?.Y,
            AnnotatedK = annotatedIndex?.Z,
            AnnotatedXMm = annotatedMm?.X,
            AnnotatedYMm = annotatedMm?.Y,
            AnnotatedZMm = annotatedMm?.Z,
            AnnotationDistanceMm = annotatedMm is Vector3d mm ? (mm - centroidMm).Length : null,
            AnnotationLabel = spine.LabelAtAnnotation(label),
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
            SurfaceAreaMm2 = surface?.AreaMm2,
            MeshVolumeMm3 = surface?.VolumeMm3,
            Sphericity = surface?.Sphericity,
            MaxDiameterMm = surface?.MaxDiameterMm,
            MaxCentreDistanceMm = surface?.MaxCentreDistanceMm,
            EquivalentDiameterMm = CubeRoot.Of(6 * volumeMm3 / Math.PI),
            BoxFill = moments.VoxelCount / ((double)box.Extent(0) * box.Extent(1) * box.Extent(2)),
            AxisMajorX = ellipsoid.Major?.X,
            AxisMajorY = ellipsoid.Major?.Y,
            AxisMajorZ = ellipsoid.Major?.Z,
            AxisMiddleX = ellipsoid.Middle?.X,
            AxisMiddleY = ellipsoid.Middle?.Y,
            AxisMiddleZ = ellipsoid.Middle?.Z,
            AxisMinorX = ellipsoid.Minor?.X,
            AxisMinorY = ellipsoid.Minor?.Y,
            AxisMinorZ = ellipsoid.Minor?.Z,
            MaskHuSkewness = mask?.Skewness,
            MaskHuKurtosis = mask?.Kurtosis,
            MaskHuIqr = mask?.P75 - mask?.P25,
            BodyBallFraction = Local?.BallFraction(label),
            TrabecularVoxels = trabecularVoxels,
            TrabecularVolumeMm3 = trabecularVoxels * spine.Grid.VoxelVolumeMm3,
            TrabecularHuMean = trabecular?.Mean,
            TrabecularHuStd = trabecular?.Std,
            TrabecularHuMedian = trabecular?.Median,
            BodyExactVolumeMm3 = Parts?.Count(label, VertebraPart.Body) * spine.Grid.VoxelVolumeMm3,
            BodyExactHuMean = exactBody?.Mean,
            BodyExactHuMedian = exactBody?.Median,
            BodyExactHuStd = exactBody?.Std,
            BodyExactVoxels = Parts?.Count(label, VertebraPart.Body),
            ArchExactVolumeMm3 = Parts?.Count(label, VertebraPart.Arch) * spine.Grid.VoxelVolumeMm3,
            ArchExactHuMean = exactArch?.Mean,
            ArchExactHuMedian = exactArch?.Median,
            ArchExactHuStd = exactArch?.Std,
            ArchExactVoxels = Parts?.Count(label, VertebraPart.Arch),
            HeightAnteriorMm = heights?.AnteriorMm,
            HeightMiddleMm = heights?.MiddleMm,
            HeightPosteriorMm = heights?.PosteriorMm,
            DepthMm = heights?.DepthMm,
            WedgeAngleDeg = heights?.WedgeAngleDeg,
            HeightLossPercent = Local?.Heights.LossPercent(label),
            EndplateSuperiorXMm = upper?.MiddleMm.X,
            EndplateSuperiorYMm = upper?.MiddleMm.Y,
            EndplateSuperiorZMm = upper?.MiddleMm.Z,
            EndplateSuperiorBackX = upper?.Back.X,
            EndplateSuperiorBackY = upper?.Back.Y,
            EndplateSuperiorBackZ = upper?.Back.Z,
            EndplateInferiorXMm = lower?.MiddleMm.X,
            EndplateInferiorYMm = lower?.MiddleMm.Y,
            EndplateInferiorZMm = lower?.MiddleMm.Z,
            EndplateInferiorBackX = lower?.Back.X,
            EndplateInferiorBackY = lower?.Back.Y,
            EndplateInferiorBackZ = lower?.Back.Z,
        };
    }

    private HounsfieldSummary? PartHu(int label, VertebraPart part) =>
        Scaling is CtScaling scaling && Parts is not null ? Hounsfield?.Part(label, part)?.Summarise(scaling) : null;

    private double ExtentMm(VoxelBox box, int worldAxis)
    {
        int stored = spine.Grid.Orientation.StoredAxis(worldAxis);
        return box.Extent(stored) * spine.Grid.SpacingMm[stored];
    }

    /// <summary>Letters of the volume's faces that the box reaches, in the order LRPAIS.</summary>
    private string BorderFaces(VoxelBox box)
    {
        Span<char> faces = stackalloc char[6];
        int count = 0;
        foreach (char face in "LRPAIS")
            for (int axis = 0; axis < 3; axis++)
            {
                bool low = box.Min(axis) == 0 && spine.Grid.Orientation.Face(axis, high: false) == face;
                bool high = box.Max(axis) == spine.Grid.Shape[axis] && spine.Grid.Orientation.Face(axis, high: true) == face;
                if (low || high) faces[count++] = face;
            }
        return new string(faces[..count]);
    }
}
