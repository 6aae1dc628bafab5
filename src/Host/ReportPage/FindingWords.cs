using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Host.ReportPage;

/// <summary>A finding taken apart: what was seen, and what to do about it.</summary>
/// <param name="Level">Of the vertebra that it is about; null for none.</param>
/// <param name="Action">Null where this build does not know the code, or has other words for it by now: then <paramref name="What"/> has it all.</param>
internal sealed record FindingWords(Severity Severity, string Code, string? Level, string What, string? Action)
{
    private static readonly ILookup<string, string> Endings = Faults.All.ToLookup(fault => fault.Code, fault => fault.Action);

    public static FindingWords Of(Finding finding)
    {
        string? action = Endings[finding.Code].Where(each => finding.Message.EndsWith("; " + each, StringComparison.Ordinal)).MaxBy(each => each.Length);
        string what = action is null ? finding.Message : finding.Message[..^(action.Length + 2)];
        string? level = finding.Label is int label && VertebraLabel.IsKnown(label) ? VertebraLabel.Name(label) : null;
        return new FindingWords(finding.Severity, finding.Code, level, what, action);
    }
}
