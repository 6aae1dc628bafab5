namespace VerseEtl.Transform.Findings;

public static partial class Faults
{
    private static readonly FaultGroup Audit = new("audit");

    public static readonly Fault AudDiffers = Audit.Declare("AUD_DIFFERS", Severity.Warning,
        "a recomputed statistic differs from the published one", "see the audit table's note");

    public static readonly Fault AudReference = Audit.Declare("AUD_REFERENCE", Severity.Info,
        "the published figures contradict each other", "see the audit table's note");

    public static readonly Fault AudScanMissing = Audit.Declare("AUD_SCAN_MISSING", Severity.Warning,
        "a published scan is missing from this copy", "fetch it");

    public static readonly Fault AudScanElsewhere = Audit.Declare("AUD_SCAN_ELSEWHERE", Severity.Warning,
        "a published scan lies elsewhere in this copy than it was published", "move it, or name its folder in source.folders");

    public static readonly Fault AudScanUnexpected = Audit.Declare("AUD_SCAN_UNEXPECTED", Severity.Info,
        "a scan is not among the published ones", "nothing needs doing if it is yours");

    public static readonly Fault AudNotVerse = Audit.Declare("AUD_NOT_VERSE", Severity.Info,
        "no scan has a published name; the inventory was left out", "nothing needs doing for a dataset of your own");
}
