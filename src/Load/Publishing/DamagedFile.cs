using System.Globalization;
using System.Text.Json.Serialization;

namespace VerseEtl.Load.Publishing;

/// <summary>A file of the warehouse that is not what it was when it was written.</summary>
/// <param name="Sequence">Of the commit or the snapshot it belongs to; 0 for a file of the warehouse itself.</param>
/// <param name="Path">Of a snapshot's file relative to the snapshot, of any other relative to the warehouse.</param>
/// <param name="Fault">What is wrong with it, in words.</param>
public sealed record DamagedFile(long Sequence, string Path, string Fault)
{
    /// <summary>Sequence of the commit that accounts for it: a known loss. Null while nothing does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? MendedBy { get; init; }

    public override string ToString() =>
        Invariant($"{(Sequence == 0 ? "" : $"snapshot {Sequence.ToString(CultureInfo.InvariantCulture)} ")}{Path}: {Fault}");
}

/// <summary>What was asked for is damaged, and nothing else is handed out in its place. Ends a command with exit code 50.</summary>
public sealed class WarehouseDamagedException(IReadOnlyList<DamagedFile> damage, string action)
    : Exception($"{damage[0]}{(damage.Count > 1 ? Invariant($" and {damage.Count - 1} more") : "")}; {action}")
{
    public IReadOnlyList<DamagedFile> Damage { get; } = damage;
}
