using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// What is publicly claimed about the licence of a VerSe scan: CC BY-SA 4.0, but CC BY-NC-ND (no version is stated) for the images of
/// the `gl` subjects. Nothing is claimed for other names or datasets.
/// </summary>
internal static class LicenceClaims
{
    public static string? Of(string dataset, string subjectId)
    {
        if (!Editions.All.Contains(dataset)) return null;
        if (IsNumbered(subjectId, "gl")) return "CC-BY-NC-ND";
        return IsNumbered(subjectId, "verse") ? "CC-BY-SA-4.0" : null;
    }

    private static bool IsNumbered(string subjectId, string prefix) =>
        subjectId.Length == prefix.Length + 3 && subjectId.StartsWith(prefix, StringComparison.Ordinal)
            && subjectId.AsSpan(prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0;
}
