using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract;

/// <summary>Something worth a finding that did not stop the file from being read.</summary>
public sealed record FileNote(Fault Fault, string? Field = null, string? Observed = null, string? Expected = null, Severity? Severity = null)
{
    internal static FileNote Of(BadFileException bad) => new(bad.Fault, bad.Field, bad.Observed, bad.Expected);
}
