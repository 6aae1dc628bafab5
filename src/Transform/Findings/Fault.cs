namespace VerseEtl.Transform.Findings;

/// <summary>A kind of finding: its stable code, usual severity, what it means and what the reader should do about it.</summary>
public sealed record Fault(string Code, Severity Severity, string Meaning, string Action);
