using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Tables;
using static VerseEtl.Load.Tables.IdentityColumns;
using C = VerseEtl.Load.Tables.Columns<VerseEtl.Transform.Tables.VertebraRow>;

namespace VerseEtl.Load.Tables;

/// <summary>The columns of `vertebrae`, in published order.</summary>
internal static class VertebraColumns
{
    private const string NoAnnotation = "no annotation for this vertebra";
    private const string NoSubregions = "no readable sub-region mask on the mask's voxels";
    private const string ExactBody = "the vertebral body by the sub-region mask (codes 49 and 50)";
    private const string ExactArch = "the arch with its processes by the sub-region mask (codes 41 to 48)";
    private const string NoCt = "no readable CT";
    private const string NoBody = "C1, no readable CT, no annotation, or no voxel within reach";
    private const string NoSurface = "the label is spread too wide for a vertebra (a finding says so)";
    private const string Mesh = "that marching cubes draw at level 0.5 between the voxel centres of the label, as scikit-image does";
    private const string Trabecular = "of the vertebral body, in front of its posterior wall, at least 5.0 mm (world) from any voxel centre outside the label";
    private const string NoTrabecular = "C1, or no annotation; else a finding says so";
    private const string NoHeight = "C1, C2, sacrum or coccyx, no annotation, a vertebra alone, or a finding says why";
    private const string MaskHu = "of the Hounsfield units over all voxels of the label, cortex and arch included (not trabecular): ";
    private const string BodyHu = "of the Hounsfield units over voxels of the label whose centre lies within 5.0 mm (world) of the annotated point: ";

    public static readonly IReadOnlyList<Column<VertebraRow>> All =
    [
        C.Text("scan_key", row => row.ScanKey, ScanKey),
        C.Text("dataset", row => row.Dataset, Dataset),
        C.Text("split", row => row.Split, Split),
        C.Text("subject_id", row => row.SubjectId, Subject),
        C.Text("scan_id", row => row.ScanId, Scan),
        C.Text("series_id", row => row.SeriesId, Series),
        C.Number("label", row => row.Label, Label),
        C.Text("vertebra", row => row.Vertebra, Vertebra),
        C.Text("region", row => row.Region, Region),
        C.Number("anatomical_order", row => row.AnatomicalOrder, Order),
        C.Number("voxel_count", row => row.VoxelCount, new("number of voxels with this label") { Unit = "voxel", Example = "21874" }),
        C.Number("volume_mm3", row => row.VolumeMm3, new("voxel_count x product of the spacing (pixdim)") { Unit = "mm3", Example = "28230.5" }),
        C.Number("volume_cm3", row => row.VolumeCm3, new("volume_mm3 / 1000") { Unit = "cm3", Example = "28.2305" }),
        C.Number("bbox_min_i", row => row.BboxMinI, Box("inclusive lower corner", "i")),
        C.Number("bbox_min_j", row => row.BboxMinJ, Box("inclusive lower corner", "j")),
        C.Number("bbox_min_k", row => row.BboxMinK, Box("inclusive lower corner", "k")),
        C.Number("bbox_max_i", row => row.BboxMaxI, Box("exclusive upper corner", "i")),
        C.Number("bbox_max_j", row => row.BboxMaxJ, Box("exclusive upper corner", "j")),
        C.Number("bbox_max_k", row => row.BboxMaxK, Box("exclusive upper corner", "k")),
        C.Number("extent_lr_mm", row => row.ExtentLrMm, Extent("left-right")),
        C.Number("extent_ap_mm", row => row.ExtentApMm, Extent("anterior-posterior")),
        C.Number("extent_si_mm", row => row.ExtentSiMm, Extent("superior-inferior")),
        C.Number("centroid_i", row => row.CentroidI, Centroid("i")),
        C.Number("centroid_j", row => row.CentroidJ, Centroid("j")),
        C.Number("centroid_k", row => row.CentroidK, Centroid("k")),
        C.Number("centroid_x_mm", row => row.CentroidXMm, CentroidMm("x (right)")),
        C.Number("centroid_y_mm", row => row.CentroidYMm, CentroidMm("y (anterior)")),
        C.Number("centroid_z_mm", row => row.CentroidZMm, CentroidMm("z (superior)")),
        C.Number("axis_major_mm", row => row.AxisMajorMm, Axis("longest")),
        C.Number("axis_middle_mm", row => row.AxisMiddleMm, Axis("middle")),
        C.Number("axis_minor_mm", row => row.AxisMinorMm, Axis("shortest")),
        C.Number("component_count", row => row.ComponentCount, new("26-connected components") { Example = "1" }),
        C.Number("largest_component_fraction", row => row.LargestComponentFraction,
            new("voxels of the largest component / voxel_count, 0 to 1") { Example = "1" }),
        C.Number("touches_border", row => row.TouchesBorder, new("the box reaches a face of the volume: the vertebra may be cut off") { Example = "false" }),
        C.Text("border_faces", row => row.BorderFaces, new("faces reached, RAS letters in the order LRPAIS; empty if none") { Example = "I" }),
        C.Optional("annotated_i", row => row.AnnotatedI, Annotated("i")),
        C.Optional("annotated_j", row => row.AnnotatedJ, Annotated("j")),
        C.Optional("annotated_k", row => row.AnnotatedK, Annotated("k")),
        C.Optional("annotated_x_mm", row => row.AnnotatedXMm, AnnotatedMm("x (right)")),
        C.Optional("annotated_y_mm", row => row.AnnotatedYMm, AnnotatedMm("y (anterior)")),
        C.Optional("annotated_z_mm", row => row.AnnotatedZMm, AnnotatedMm("z (superior)")),
        C.Optional("annotation_distance_mm", row => row.AnnotationDistanceMm,
            new("from the measured centroid (whole vertebra) to the annotated one (body); 7 to 16 mm is normal")
                { Unit = "mm", NullMeaning = NoAnnotation, Example = "10.4" }),
        C.Optional("annotation_label", row => row.AnnotationLabel,
            new("label of the mask at the annotated point, nearest voxel; 0 is background")
                { NullMeaning = "no annotation, or the point lies outside the volume", Example = "20" }),
        C.Optional("mask_hu_mean", row => row.MaskHuMean, Mask("mean")),
        C.Optional("mask_hu_std", row => row.MaskHuStd, Mask("population standard deviation")),
        C.Optional("mask_hu_min", row => row.MaskHuMin, Mask("minimum")),
        C.Optional("mask_hu_p05", row => row.MaskHuP05, Mask("5th percentile, linear interpolation")),
        C.Optional("mask_hu_p25", row => row.MaskHuP25, Mask("25th percentile, linear interpolation")),
        C.Optional("mask_hu_median", row => row.MaskHuMedian, Mask("median")),
        C.Optional("mask_hu_p75", row => row.MaskHuP75, Mask("75th percentile, linear interpolation")),
        C.Optional("mask_hu_p95", row => row.MaskHuP95, Mask("95th percentile, linear interpolation")),
        C.Optional("mask_hu_max", row => row.MaskHuMax, Mask("maximum")),
        C.Optional("body_hu_mean", row => row.BodyHuMean, Body("mean")),
        C.Optional("body_hu_std", row => row.BodyHuStd, Body("population standard deviation")),
        C.Optional("body_hu_median", row => row.BodyHuMedian, Body("median")),
        C.Optional("body_hu_voxels", row => row.BodyHuVoxels,
            new("voxels behind the body_hu columns; 0 leaves them null")
                { Unit = "voxel", NullMeaning = "C1, no readable CT or no annotation", Example = "512" }),
        C.Optional("surface_area_mm2", row => row.SurfaceAreaMm2,
            new($"area of the surface {Mesh}") { Unit = "mm2", Space = WorldSpace, NullMeaning = NoSurface, Example = "14240.2" }),
        C.Optional("mesh_volume_mm3", row => row.MeshVolumeMm3,
            new($"volume inside the surface {Mesh}") { Unit = "mm3", Space = WorldSpace, NullMeaning = NoSurface, Example = "38070.8" }),
        C.Optional("sphericity", row => row.Sphericity,
            new("(36 pi mesh_volume_mm3^2)^(1/3) / surface_area_mm2: 1 for a ball, less for anything else") { NullMeaning = NoSurface, Example = "0.463" }),
        C.Optional("max_diameter_mm", row => row.MaxDiameterMm,
            new($"largest distance between two vertices of the surface {Mesh}")
                { Unit = "mm", Space = WorldSpace, NullMeaning = NoSurface, Example = "88.2" }),
        C.Optional("max_centre_distance_mm", row => row.MaxCentreDistanceMm,
            new("largest distance between two voxel centres of the label; below max_diameter_mm, which reaches half a voxel further at both ends")
                { Unit = "mm", Space = WorldSpace, NullMeaning = NoSurface, Example = "87.3" }),
        C.Number("equivalent_diameter_mm", row => row.EquivalentDiameterMm,
            new("diameter of the ball with volume_mm3: (6 volume_mm3 / pi)^(1/3)") { Unit = "mm", Example = "46.8" },
            since: row => CubeRoot.Of(6 * row.VolumeMm3 / Math.PI)),
        C.Number("box_fill", row => row.BoxFill, new("voxel_count / voxels of the bounding box, above 0 to 1") { Example = "0.29" },
            since: row => row.VoxelCount / ((double)(row.BboxMaxI - row.BboxMinI) * (row.BboxMaxJ - row.BboxMinJ) * (row.BboxMaxK - row.BboxMinK))),
        C.Optional("axis_major_x", row => row.AxisMajorX, Direction("longest", "x (right)")),
        C.Optional("axis_major_y", row => row.AxisMajorY, Direction("longest", "y (anterior)")),
        C.Optional("axis_major_z", row => row.AxisMajorZ, Direction("longest", "z (superior)")),
        C.Optional("axis_middle_x", row => row.AxisMiddleX, Direction("middle", "x (right)")),
        C.Optional("axis_middle_y", row => row.AxisMiddleY, Direction("middle", "y (anterior)")),
        C.Optional("axis_middle_z", row => row.AxisMiddleZ, Direction("middle", "z (superior)")),
        C.Optional("axis_minor_x", row => row.AxisMinorX, Direction("shortest", "x (right)")),
        C.Optional("axis_minor_y", row => row.AxisMinorY, Direction("shortest", "y (anterior)")),
        C.Optional("axis_minor_z", row => row.AxisMinorZ, Direction("shortest", "z (superior)")),
        C.Optional("mask_hu_skewness", row => row.MaskHuSkewness, Moment("skewness: third standardised moment, population")),
        C.Optional("mask_hu_kurtosis", row => row.MaskHuKurtosis, Moment("excess kurtosis: fourth standardised moment less 3, population")),
        C.Optional("mask_hu_iqr", row => row.MaskHuIqr,
            new("mask_hu_p75 - mask_hu_p25") { Unit = "HU", NullMeaning = NoCt, Example = "210" }),
        C.OptionalText("plausibility", row => row.Plausibility,
            new("code of the worst finding that doubts the label, see `findings`: `LBL_*`, `MSK_TINY`, `MSK_FRAGMENT` or `MSK_GAP`")
                { NullMeaning = "none doubts it", Example = "LBL_ORDER" }),
        C.Optional("outlier_z", row => row.OutlierZ,
            new("robust z, (x - median) / (1.4826 MAD), within the level's other cases, of the column in which it is largest; "
                + "logarithms of volume and lengths")
                { NullMeaning = "fewer than 20 cases of the level in every column, or the vertebra touches the border", Example = "-2.31" }),
        C.OptionalText("outlier_column", row => row.OutlierColumn,
            new("the column that `outlier_z` is about: `volume_cm3`, an `extent_*`, `height_middle_mm` or `body_hu_median`")
                { NullMeaning = "as `outlier_z`", Example = "extent_si_mm" }),
        C.Optional("body_ball_fraction", row => row.BodyBallFraction,
            new("share of the voxel centres within 5.0 mm (world) of the annotated point that have the label; below 1 the body is crushed, thin or cut "
                + "off, and body_hu reaches out of trabecular bone") { NullMeaning = "C1, or no annotation", Example = "1" }),
        C.Optional("trabecular_voxels", row => row.TrabecularVoxels,
            new($"voxels {Trabecular}") { Unit = "voxel", NullMeaning = NoTrabecular, Example = "2558" }),
        C.Optional("trabecular_volume_mm3", row => row.TrabecularVolumeMm3,
            new("trabecular_voxels x product of the spacing (pixdim)") { Unit = "mm3", NullMeaning = NoTrabecular, Example = "7674" }),
        C.Optional("trabecular_hu_mean", row => row.TrabecularHuMean, TrabecularHu("mean")),
        C.Optional("trabecular_hu_std", row => row.TrabecularHuStd, TrabecularHu("population standard deviation")),
        C.Optional("trabecular_hu_median", row => row.TrabecularHuMedian, TrabecularHu("median")),
        C.Optional("body_exact_volume_mm3", row => row.BodyExactVolumeMm3, PartVolume(ExactBody)),
        C.Optional("body_exact_hu_mean", row => row.BodyExactHuMean, PartHu("mean", ExactBody)),
        C.Optional("body_exact_hu_median", row => row.BodyExactHuMedian, PartHu("median", ExactBody)),
        C.Optional("body_exact_hu_std", row => row.BodyExactHuStd, PartHu("population standard deviation", ExactBody)),
        C.Optional("body_exact_voxels", row => row.BodyExactVoxels, PartVoxels(ExactBody)),
        C.Optional("arch_exact_volume_mm3", row => row.ArchExactVolumeMm3, PartVolume(ExactArch)),
        C.Optional("arch_exact_hu_mean", row => row.ArchExactHuMean, PartHu("mean", ExactArch)),
        C.Optional("arch_exact_hu_median", row => row.ArchExactHuMedian, PartHu("median", ExactArch)),
        C.Optional("arch_exact_hu_std", row => row.ArchExactHuStd, PartHu("population standard deviation", ExactArch)),
        C.Optional("arch_exact_voxels", row => row.ArchExactVoxels, PartVoxels(ExactArch)),
        C.Optional("height_anterior_mm", row => row.HeightAnteriorMm, Height("mean height at 5 to 25 % of the depth", "25.4")),
        C.Optional("height_middle_mm", row => row.HeightMiddleMm, Height("least height (mean over 3 mm) at 25 to 75 % of the depth", "21.9")),
        C.Optional("height_posterior_mm", row => row.HeightPosteriorMm, Height("mean height at 75 to 95 % of the depth", "25.9")),
        C.Optional("depth_mm", row => row.DepthMm, Height("depth from front to rear wall, where the height crosses half its median", "31.2")),
        C.Optional("wedge_angle_deg", row => row.WedgeAngleDeg,
            Height("angle between the least-squares lines of the two end plates, positive where lower in front", "4.2") with { Unit = "degree" }),
        C.Optional("height_loss_percent", row => row.HeightLossPercent,
            new("greatest lack of anterior, middle and posterior height against the median of up to two neighbours on each side: 100 (1 - height / median); "
                + "a measurement, not a fracture grade")
                { Unit = "percent", NullMeaning = $"{NoHeight}, or no neighbour has heights", Example = "3.1" }),
        C.Optional("endplate_superior_x_mm", row => row.EndplateSuperiorXMm, PlateMiddle("upper", "x (right)")),
        C.Optional("endplate_superior_y_mm", row => row.EndplateSuperiorYMm, PlateMiddle("upper", "y (anterior)")),
        C.Optional("endplate_superior_z_mm", row => row.EndplateSuperiorZMm, PlateMiddle("upper", "z (superior)")),
        C.Optional("endplate_superior_back_x", row => row.EndplateSuperiorBackX, PlateBack("upper", "x (right)")),
        C.Optional("endplate_superior_back_y", row => row.EndplateSuperiorBackY, PlateBack("upper", "y (anterior)")),
        C.Optional("endplate_superior_back_z", row => row.EndplateSuperiorBackZ, PlateBack("upper", "z (superior)")),
        C.Optional("endplate_inferior_x_mm", row => row.EndplateInferiorXMm, PlateMiddle("lower", "x (right)")),
        C.Optional("endplate_inferior_y_mm", row => row.EndplateInferiorYMm, PlateMiddle("lower", "y (anterior)")),
        C.Optional("endplate_inferior_z_mm", row => row.EndplateInferiorZMm, PlateMiddle("lower", "z (superior)")),
        C.Optional("endplate_inferior_back_x", row => row.EndplateInferiorBackX, PlateBack("lower", "x (right)")),
        C.Optional("endplate_inferior_back_y", row => row.EndplateInferiorBackY, PlateBack("lower", "y (anterior)")),
        C.Optional("endplate_inferior_back_z", row => row.EndplateInferiorBackZ, PlateBack("lower", "z (superior)")),
    ];

    private static ColumnText PartVolume(string part) =>
        new($"volume of {part}: voxels x product of the spacing") { Unit = "mm3", NullMeaning = NoSubregions, Example = "22548.4" };

    private static ColumnText PartHu(string what, string part) =>
        new($"{what} of the Hounsfield units over {part}, cortex included")
        { Unit = "HU", NullMeaning = NoSubregions + ", no readable CT, or no voxel", Example = "118" };

    private static ColumnText PartVoxels(string part) => new($"voxels of {part}") { Unit = "voxel", NullMeaning = NoSubregions, Example = "11632" };

    private static ColumnText Height(string what, string example) =>
        new($"{what} of the body, in the mid-sagittal map of the vertebra's own frame (docs/features.md)")
        { Unit = "mm", NullMeaning = NoHeight, Example = example };

    private static ColumnText PlateMiddle(string which, string axis) =>
        new($"middle of the {which} end plate's line, {axis}") { Unit = "mm", Space = WorldSpace, NullMeaning = NoHeight, Example = "-10.5" };

    private static ColumnText PlateBack(string which, string axis) =>
        new($"unit vector backwards along the {which} end plate's line, {axis}") { Space = WorldSpace, NullMeaning = NoHeight, Example = "-0.992" };

    private static ColumnText Box(string corner, string axis) =>
        new($"bounding box, {corner} along {axis}") { Unit = "voxel", Space = VoxelSpace, Example = "101" };

    private static ColumnText Extent(string direction) =>
        new($"box size x spacing along the voxel axis nearest to {direction}") { Unit = "mm", Example = "41.5" };

    private static ColumnText Centroid(string axis) =>
        new($"mean voxel index of the label along {axis}; an integer is the centre of a voxel") { Unit = "voxel", Space = VoxelSpace, Example = "118.25" };

    private static ColumnText CentroidMm(string axis) =>
        new($"the same point through the affine, {axis}") { Unit = "mm", Space = WorldSpace, Example = "-12.75" };

    private static ColumnText Axis(string which) =>
        new($"full length of the {which} axis of the ellipsoid with the same covariance of voxel centres: 2 sqrt(5 eigenvalue), population, no 1/12 term")
        { Unit = "mm", Space = WorldSpace, Example = "38.2" };

    private static ColumnText TrabecularHu(string what) =>
        new($"{what} of the Hounsfield units over the trabecular_voxels: no arch, no cortex")
        { Unit = "HU", NullMeaning = "no readable CT, or trabecular_voxels is 0 or null", Example = "146" };

    private static ColumnText Direction(string which, string axis) =>
        new($"unit vector along the {which} axis of that ellipsoid, {axis}; its component of the largest magnitude is positive")
        { Space = WorldSpace, NullMeaning = "another axis is as long, to a millionth", Example = "0.992" };

    private static ColumnText Moment(string what) =>
        new($"{what}, of the Hounsfield units over all voxels of the label") { NullMeaning = "no readable CT, or one value only", Example = "0.85" };

    private static ColumnText Annotated(string axis) =>
        new($"the dataset's own centroid (the middle of the vertebral body; for C1 of the whole mask) in this image's voxel axes, {axis}")
        { Unit = "voxel", Space = VoxelSpace, NullMeaning = NoAnnotation, Example = "120.5" };

    private static ColumnText AnnotatedMm(string axis) =>
        new($"the dataset's own centroid through the affine, {axis}") { Unit = "mm", Space = WorldSpace, NullMeaning = NoAnnotation, Example = "-10.5" };

    private static ColumnText Mask(string what) =>
        new($"{what} {MaskHu}after scl_slope and scl_inter; exact for CT stored as integers, a floating-point CT is rounded to 1/64 HU (half to even) first")
        { Unit = "HU", NullMeaning = NoCt, Example = "245" };

    private static ColumnText Body(string what) =>
        new($"{what} {BodyHu}where the basivertebral veins enter these lie above the trabecular mean of the body; "
            + "see body_ball_fraction and trabecular_hu_mean")
        { Unit = "HU", NullMeaning = NoBody, Example = "152" };
}
