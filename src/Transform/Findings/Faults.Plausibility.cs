namespace VerseEtl.Transform.Findings;

public static partial class Faults
{
    private static readonly FaultGroup Plausibility = new("label plausibility");

    public static readonly Fault LblUpsideDown = Plausibility.Declare("LBL_UPSIDE_DOWN", Severity.Warning,
        "the labels run from feet to head", "check the affine's superior axis and the labels");

    public static readonly Fault LblOrder = Plausibility.Declare("LBL_ORDER", Severity.Warning,
        "a vertebra lies above one that its label puts above it", "check whether labels are swapped");

    public static readonly Fault LblFrontBack = Plausibility.Declare("LBL_FRONT_BACK", Severity.Warning,
        "the vertebrae have their arch in front", "check the affine's anterior axis");

    public static readonly Fault LblExtent = Plausibility.Declare("LBL_EXTENT", Severity.Warning,
        "the bounding box does not fit the mass of the label", "look for islands far from the vertebra");

    public static readonly Fault LblVolume = Plausibility.Declare("LBL_VOLUME", Severity.Warning,
        "the volume does not fit those of the neighbours", "look for two levels in one label, or for a vertebra cut in parts");

    public static readonly Fault LblSpacing = Plausibility.Declare("LBL_SPACING", Severity.Warning,
        "two neighbours are too far apart or too close for their size", "look for a level that is missing or labelled twice");

    public static readonly Fault LblRegion = Plausibility.Declare("LBL_REGION", Severity.Warning,
        "the width of a vertebra is that of another region", "check whether labels are shifted between chest and lower back");

    public static readonly Fault LblRange = Plausibility.Declare("LBL_RANGE", Severity.Warning,
        "a volume is outside the published range of its level", "check label and voxel size");
}
