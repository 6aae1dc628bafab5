namespace VerseEtl.Transform.Findings;

public static partial class Faults
{
    private static readonly FaultGroup Measures = new("what could not be measured");

    public static readonly Fault HgtNone = Measures.Declare("HGT_NONE", Severity.Info,
        "a vertebral body has no heights", "nothing needs doing if the vertebra is cut off or alone; else look at mask and annotated point");

    public static readonly Fault SpnLevels = Measures.Declare("SPN_LEVELS", Severity.Info,
        "a measure of the spine needs levels that are not there; it is null", "nothing needs doing");
}
