namespace VerseEtl.Transform.Findings;

public static partial class Faults
{
    private static readonly FaultGroup MaskAndCt = new("mask and CT");

    public static readonly Fault CtNonfinite = MaskAndCt.Declare("CT_NONFINITE", Severity.Warning,
        "the CT has voxels in the mask that are not finite; they were left out", "check the CT");

    public static readonly Fault CtRange = MaskAndCt.Declare("CT_RANGE", Severity.Warning,
        "Hounsfield units are outside -4096 to 32767; they still count", "check slope and intercept of the CT");

    public static readonly Fault CtNotHounsfield = MaskAndCt.Declare("CT_NOT_HU", Severity.Error,
        "the CT's values cannot be Hounsfield units; Hounsfield columns are null", "provide the CT as it was, with its slope and intercept");

    public static readonly Fault CtDoubtfulHounsfield = MaskAndCt.Declare("CT_NOT_HU", Severity.Warning,
        "the CT's values are unusual for Hounsfield units; they still count", "check that the CT was not normalised, windowed or clipped");

    public static readonly Fault CtBlank = MaskAndCt.Declare("CT_BLANK", Severity.Warning,
        "the CT is nearly constant inside the mask", "check that it is the right CT");

    public static readonly Fault CtTooVaried = MaskAndCt.Declare("CT_TOO_VARIED", Severity.Error,
        "the CT has more distinct values than a CT can have; its columns are void", "check the CT's datatype and slope");

    public static readonly Fault MskNonintegral = MaskAndCt.Declare("MSK_NONINTEGRAL", Severity.Error,
        "the mask holds a value that is not a whole number", "provide the label map of this scan");

    public static readonly Fault MskNotLabels = MaskAndCt.Declare("MSK_NOT_LABELS", Severity.Error,
        "the file in the mask's place is no label map; the scan has no vertebra rows", "provide the label map of this scan");

    public static readonly Fault MskScaled = MaskAndCt.Declare("MSK_SCALED", Severity.Warning,
        "the mask has a slope or intercept; labels are the scaled values, rounded", "store the mask unscaled");

    public static readonly Fault MskNan = MaskAndCt.Declare("MSK_NAN", Severity.Warning,
        "the mask holds voxels that are not a number; they count as background", "store 0 there");

    public static readonly Fault MskLabelUnknown = MaskAndCt.Declare("MSK_LABEL_UNKNOWN", Severity.Error,
        "the mask holds labels outside 1 to 28; they get no row", "check which label scheme the mask uses");

    public static readonly Fault MskLabelReserved = MaskAndCt.Declare("MSK_LABEL_RESERVED", Severity.Warning,
        "the mask holds a label that VerSe reserves (26 sacrum, 27 coccyx)", "nothing needs doing if it is meant");

    public static readonly Fault MskEmpty = MaskAndCt.Declare("MSK_EMPTY", Severity.Warning,
        "the mask holds no label", "check that it is the right file");

    public static readonly Fault MskNoise = MaskAndCt.Declare("MSK_NOISE", Severity.Error,
        "the mask has more label runs in one slice than a label map can have", "check that it is a label map");

    public static readonly Fault MskGap = MaskAndCt.Declare("MSK_GAP", Severity.Warning,
        "labels are not consecutive", "check the labels around the gap");

    public static readonly Fault MskFragment = MaskAndCt.Declare("MSK_FRAGMENT", Severity.Warning,
        "a vertebra has several components of more than 1 percent of its voxels", "look at the mask");

    public static readonly Fault MskTiny = MaskAndCt.Declare("MSK_TINY", Severity.Warning,
        "a volume is far outside the published range", "look at the mask");

    public static readonly Fault MskVolumeOutlier = MaskAndCt.Declare("MSK_VOLUME_OUTLIER", Severity.Warning,
        "a volume is an outlier among its level or its neighbours", "look at the mask");

    public static readonly Fault MskTouchesBorder = MaskAndCt.Declare("MSK_TOUCHES_BORDER", Severity.Info,
        "a vertebra touches the border of the volume and may be cut off", "leave it out of volume statistics if in doubt");

    public static readonly Fault MskSpread = MaskAndCt.Declare("MSK_SPREAD", Severity.Warning,
        "a label is spread too wide for a vertebra; the columns of its surface are null", "look at the mask");

    public static readonly Fault MskThinBody = MaskAndCt.Declare("MSK_THIN_BODY", Severity.Info,
        "no voxel of a vertebral body is known to lie 5 mm inside; its trabecular Hounsfield columns are null", "look at the mask if it is not crushed");

    public static readonly Fault PairShape = MaskAndCt.Declare("PAIR_SHAPE", Severity.Error,
        "CT and mask have different shapes; Hounsfield columns are null", "provide the CT the mask was made on");

    public static readonly Fault PairReoriented = MaskAndCt.Declare("PAIR_SHAPE", Severity.Info,
        "the CT is stored in another axis order than the mask and was reoriented", "nothing needs doing");

    public static readonly Fault PairAffine = MaskAndCt.Declare("PAIR_AFFINE", Severity.Error,
        "CT and mask lie in different places; Hounsfield columns are null", "provide the CT the mask was made on");

    public static readonly Fault PairAffineShift = MaskAndCt.Declare("PAIR_AFFINE", Severity.Warning,
        "CT and mask geometry differ slightly", "check the headers");

    public static readonly Fault MskLabelLeftOut = MaskAndCt.Declare("MSK_LABEL_LEFT_OUT", Severity.Info,
        "labels that mean nothing in this source were left out", "nothing needs doing if they are no vertebrae; else name them in source.labels");

    public static readonly Fault MskParts = MaskAndCt.Declare("MSK_PARTS", Severity.Error,
        "the masks of a scan's vertebrae are not on one grid; the scan has no vertebra rows", "resample them to one grid, or leave one mask");

    public static readonly Fault MskPartsOverlap = MaskAndCt.Declare("MSK_PARTS_OVERLAP", Severity.Warning,
        "masks of several vertebrae hold the same voxels; each was counted once", "check the segmentation");

    public static readonly Fault SubGrid = MaskAndCt.Declare("SUB_GRID", Severity.Error,
        "the sub-region mask does not lie on the voxels of the vertebra mask; columns of body and arch are null", "resample it to the vertebra mask's grid");

    public static readonly Fault SubShift = MaskAndCt.Declare("SUB_GRID", Severity.Warning,
        "geometry of sub-region mask and vertebra mask differ slightly", "check the headers");

    public static readonly Fault SubCodes = MaskAndCt.Declare("SUB_CODES", Severity.Error,
        "the sub-region mask has no published code of body or arch where the vertebrae are; columns of body and arch are null",
        "provide the mask in the codes of SPINEPS and TPTBox");
}
