
namespace VerseEtl.Transform.Tables;

/// <summary>One row of `vertebrae`: a label of a scan's mask. Units and spaces are in the names; null means not measured.</summary>
public sealed record VertebraRow
{
    public required string ScanKey { get; init; }
    public required string Dataset { get; init; }
    public required string Split { get; init; }
    public required string SubjectId { get; init; }
    public required string ScanId { get; init; }
    public required string SeriesId { get; init; }
    public required int Label { get; init; }
    public required string Vertebra { get; init; }
    public required string Region { get; init; }
    public required int AnatomicalOrder { get; init; }
    public required long VoxelCount { get; init; }
    public required double VolumeMm3 { get; init; }
    public required double VolumeCm3 { get; init; }
    public required int BboxMinI { get; init; }
    public required int BboxMinJ { get; init; }
    public required int BboxMinK { get; init; }
    public required int BboxMaxI { get; init; }
    public required int BboxMaxJ { get; init; }
    public required int BboxMaxK { get; init; }
    public required double ExtentLrMm { get; init; }
    public required double ExtentApMm { get; init; }
    public required double ExtentSiMm { get; init; }
    public required double CentroidI { get; init; }
    public required double CentroidJ { get; init; }
    public required double CentroidK { get; init; }
    public required double CentroidXMm { get; init; }
    public required double CentroidYMm { get; init; }
    public required double CentroidZMm { get; init; }
    public required double AxisMajorMm { get; init; }
    public required double AxisMiddleMm { get; init; }
    public required double AxisMinorMm { get; init; }
    public required int ComponentCount { get; init; }
    public required double LargestComponentFraction { get; init; }
    public required bool TouchesBorder { get; init; }
    public required string BorderFaces { get; init; }
    public double? AnnotatedI { get; init; }
    public double? AnnotatedJ { get; init; }
    public double? AnnotatedK { get; init; }
    public double? AnnotatedXMm { get; init; }
    public double? AnnotatedYMm { get; init; }
    public double? AnnotatedZMm { get; init; }
    public double? AnnotationDistanceMm { get; init; }
    public int? AnnotationLabel { get; init; }
    public double? MaskHuMean { get; init; }
    public double? MaskHuStd { get; init; }
    public double? MaskHuMin { get; init; }
    public double? MaskHuP05 { get; init; }
    public double? MaskHuP25 { get; init; }
    public double? MaskHuMedian { get; init; }
    public double? MaskHuP75 { get; init; }
    public double? MaskHuP95 { get; init; }
    public double? MaskHuMax { get; init; }
    public double? BodyHuMean { get; init; }
    public double? BodyHuStd { get; init; }
    public double? BodyHuMedian { get; init; }
    public int? BodyHuVoxels { get; init; }
    public double? SurfaceAreaMm2 { get; init; }
    public double? MeshVolumeMm3 { get; init; }
    public double? Sphericity { get; init; }
    public double? MaxDiameterMm { get; init; }
    public double? MaxCentreDistanceMm { get; init; }
    public required double EquivalentDiameterMm { get; init; }
    public required double BoxFill { get; init; }
    public double? AxisMajorX { get; init; }
    public double? AxisMajorY { get; init; }
    public double? AxisMajorZ { get; init; }
    public double? AxisMiddleX { get; init; }
    public double? AxisMiddleY { get; init; }
    public double? AxisMiddleZ { get; init; }
    public double? AxisMinorX { get; init; }
    public double? AxisMinorY { get; init; }
    public double? AxisMinorZ { get; init; }
    public double? MaskHuSkewness { get; init; }
    public double? MaskHuKurtosis { get; init; }
    public double? MaskHuIqr { get; init; }
    public string? Plausibility { get; init; }
    public double? OutlierZ { get; init; }
    public string? OutlierColumn { get; init; }
    public double? BodyBallFraction { get; init; }
    public long? TrabecularVoxels { get; init; }
    public double? TrabecularVolumeMm3 { get; init; }
    public double? TrabecularHuMean { get; init; }
    public double? TrabecularHuStd { get; init; }
    public double? TrabecularHuMedian { get; init; }
    public double? BodyExactVolumeMm3 { get; init; }
    public double? BodyExactHuMean { get; init; }
    public double? BodyExactHuMedian { get; init; }
    public double? BodyExactHuStd { get; init; }
    public long? BodyExactVoxels { get; init; }
    public double? ArchExactVolumeMm3 { get; init; }
    public double? ArchExactHuMean { get; init; }
    public double? ArchExactHuMedian { get; init; }
    public double? ArchExactHuStd { get; init; }
    public long? ArchExactVoxels { get; init; }
    public double? HeightAnteriorMm { get; init; }
    public double? HeightMiddleMm { get; init; }
    public double? HeightPosteriorMm { get; init; }
    public double? DepthMm { get; init; }
    public double? WedgeAngleDeg { get; init; }
    public double? HeightLossPercent { get; init; }
    public double? EndplateSuperiorXMm { get; init; }
    public double? EndplateSuperiorYMm { get; init; }
    public double? EndplateSuperiorZMm { get; init; }
    public double? EndplateSuperiorBackX { get; init; }
    public double? EndplateSuperiorBackY { get; init; }
    public double? EndplateSuperiorBackZ { get; init; }
    public double? EndplateInferiorXMm { get; init; }
    public double? EndplateInferiorYMm { get; init; }
    public double? EndplateInferiorZMm { get; init; }
    public double? EndplateInferiorBackX { get; init; }
    public double? EndplateInferiorBackY { get; init; }
    public double? EndplateInferiorBackZ { get; init; }
}
