namespace VerseEtl.Transform.Findings;

public static partial class Faults
{
    private static readonly FaultGroup Run = new("run");

    public static readonly Fault RunConservation = Run.Declare("RUN_CONSERVATION", Severity.Error,
        "scans found and scans accounted for differ; nothing was published", "report this as a defect");

    public static readonly Fault RunBreaker = Run.Declare("RUN_BREAKER", Severity.Error,
        "too much is missing or newly failed; nothing was published", "repair the source or pass --accept-shrink");

    public static readonly Fault IntUnexpected = Run.Declare("INT_UNEXPECTED", Severity.Error,
        "an unexpected error; the scan has no rows", "report this as a defect");

    public static readonly Fault CacheCorrupt = Run.Declare("CACHE_CORRUPT", Severity.Info,
        "a stored result was damaged and measured again", "nothing needs doing");

    public static readonly Fault SnapshotMended = Run.Declare("SNAPSHOT_MENDED", Severity.Warning,
        "what was published before is damaged and was published anew", "check the disk if it comes again");

    public static readonly Fault DriftScans = Run.Declare("DRIFT_SCANS", Severity.Info,
        "scans were added, removed or changed since the previous snapshot", "nothing needs doing if it is expected");

    public static readonly Fault DriftStatistic = Run.Declare("DRIFT_STATISTIC", Severity.Info,
        "a label statistic moved since the previous snapshot", "nothing needs doing if it is expected");

    public static readonly Fault PicFailed = Run.Declare("PIC_FAILED", Severity.Warning,
        "the picture of a scan could not be painted; its rows are whole", "report this as a defect");
}
