using Hangfire.Server;

namespace VerseEtl.Host.Jobs;

/// <summary>
/// The types that a stored job may name. Who can write to the scheduler's storage could otherwise have any method of any assembly called.
/// </summary>
internal static class JobTypes
{
    private static readonly Dictionary<string, Type> Known = new[]
    {
        typeof(PipelineJob), typeof(MeasureJob), typeof(string), typeof(PerformContext), typeof(CancellationToken),
    }.ToDictionary(type => type.FullName!, StringComparer.Ordinal);

    /// <param name="name">With or without an assembly, which is not looked at.</param>
    /// <exception cref="TypeLoadException">It is none of ours.</exception>
    public static Type Resolve(string name)
    {
        int comma = name.IndexOf(',', StringComparison.Ordinal);
        return Known.GetValueOrDefault((comma < 0 ? name : name[..comma]).Trim())
            ?? throw new TypeLoadException("A stored job names a type that is none of VerseEtl's jobs.");
    }
}
