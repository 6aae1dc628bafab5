using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract;

/// <summary>
/// The bytes of a file cannot be what they should be: the same bytes fail the same way tomorrow, so this is never retried.
/// Not an <see cref="IOException"/>, which here always means that the storage failed.
/// </summary>
public sealed class BadFileException(Fault fault, string? field = null, string? observed = null, string? expected = null)
    : Exception($"{fault.Code}: {fault.Meaning} ({field}: found {observed}, expected {expected})")
{
    public Fault Fault { get; } = fault;
    public string? Field { get; } = field;
    public string? Observed { get; } = observed;
    public string? Expected { get; } = expected;
}
