namespace VerseEtl.Transform.Cohort;

/// <summary>The values of `audit.verdict`.</summary>
public static class Verdict
{
    /// <summary>Equal within the tolerance.</summary>
    public const string Match = "match";

    /// <summary>Not equal, and no missing scan can explain it.</summary>
    public const string Differs = "differs";

    /// <summary>Not equal, but the scans that are missing from this copy can explain it.</summary>
    public const string IncompleteCopy = "incomplete copy";

    /// <summary>Not equal, but other published figures give the recomputed value.</summary>
    public const string ReferenceContradictsItself = "reference contradicts itself";

    /// <summary>The published number is about something else, or undefined.</summary>
    public const string NotComparable = "not comparable";

    /// <summary>Every verdict, the ones that need attention first.</summary>
    public static IReadOnlyList<string> All { get; } = [Differs, IncompleteCopy, ReferenceContradictsItself, NotComparable, Match];
}
