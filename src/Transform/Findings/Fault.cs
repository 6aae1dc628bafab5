namespace VerseEtl.Transform.Findings;

/// <summary>A kind of finding: its stable code, usual severity, what it means and what the reader should do about it.</summary>
public sealed record Fault
{
    /// <summary>For <see cref="FaultGroup.Declare"/> only.</summary>
    internal Fault(string code, Severity severity, string meaning, string action) => (Code, Severity, Meaning, Action) = (code, severity, meaning, action);

    public string Code { get; }
    public Severity Severity { get; }
    public string Meaning { get; }
    public string Action { get; }
}
