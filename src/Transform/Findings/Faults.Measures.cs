namespace VerseEtl.Transform.Findings;

public static partial class Faults
{
    private static readonly FaultGroup Measures = new("what could not be measured");

    public static readonly Fault SpnLevels = Measures.Declare("SPN_LEVELS", Severity.Info,
        "a measure of the spine needs levels that are not there; it is null", "nothing needs doing");
}
