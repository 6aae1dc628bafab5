using VerseEtl.Transform.Cohort;

namespace VerseEtl.Host.AuditPage;

/// <summary>How verdicts look: classes of the style sheets, and marks that tell a verdict without colour.</summary>
internal static class Looks
{
    public static (string Class, string Mark) Of(string verdict) => verdict switch
    {
        Verdict.Differs => ("differs", "≠"),
        Verdict.IncompleteCopy => ("incomplete", "◌"),
        Verdict.ReferenceContradictsItself => ("contra", "‡"),
        Verdict.NotComparable => ("apart", "–"),
        _ => ("", "="),
    };

    public static string Of(AuditView.Weight weight) => weight switch
    {
        AuditView.Weight.Differs => "differs",
        AuditView.Weight.Incomplete => "incomplete",
        _ => "fine",
    };
}
