namespace VerseEtl.Transform.Findings;

/// <summary>
/// The catalogue: every code the program can report, a file for each group. Codes are stable names that users filter on; one code can have
/// several variants of different severity.
/// </summary>
public static partial class Faults
{
    /// <summary>In the order of docs/findings.md.</summary>
    public static IReadOnlyList<FaultGroup> Groups => [Gzip, Nifti, MaskAndCt, Plausibility, Measures, Centroids, Clinical, Tree, Run, Audit];

    public static IEnumerable<Fault> All => Groups.SelectMany(group => group.Faults);
}
