namespace VerseEtl.Transform.Findings;

/// <summary>Faults of one subject, in the order of docs/findings.md. To declare a fault is to register it.</summary>
public sealed class FaultGroup
{
    private readonly List<Fault> _faults = [];

    internal FaultGroup(string name) => Name = name;

    public string Name { get; }

    public IReadOnlyList<Fault> Faults => _faults;

    internal Fault Declare(string code, Severity severity, string meaning, string action)
    {
        Fault fault = new(code, severity, meaning, action);
        _faults.Add(fault);
        return fault;
    }
}
