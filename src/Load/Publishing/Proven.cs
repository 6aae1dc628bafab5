using System.Runtime.Versioning;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>proven.json: when each snapshot's files were last read and found to be what their manifest says. It can be made again by reading.</summary>
/// <param name="Newest">The newest sequence that was ever seen: one of two witnesses, beside `current`, of a newest commit that is gone.</param>
/// <param name="VerifiedUtc">By sequence; none for a snapshot that was never read, or not found whole.</param>
[SupportedOSPlatform("linux")]
internal sealed record Proven(long Newest, IReadOnlyDictionary<long, DateTimeOffset> VerifiedUtc)
{
    public static Proven Nothing { get; } = new(0, new Dictionary<long, DateTimeOffset>());

    /// <summary>One that cannot be read proves nothing.</summary>
    public static Proven Read(WarehouseLayout layout)
    {
        try
        {
            return SealedJson.Read(File.ReadAllBytes(layout.Proven), LoadForms.Proven) is { Value: Proven proven, IsSealed: true } ? proven : Nothing;
        }
        catch (FileNotFoundException)
        {
            return Nothing;
        }
    }

    /// <summary>Of two writers at once the later one's file stays: the other's snapshots are read once more.</summary>
    public void Write(WarehouseLayout layout) => Durable.Replace(layout.Proven, SealedJson.Write(this, LoadForms.Proven));

    /// <summary>When a snapshot was last proven; null for never, and for a time that has not come yet.</summary>
    public DateTimeOffset? At(long sequence, DateTimeOffset now) => VerifiedUtc.TryGetValue(sequence, out DateTimeOffset at) && at <= now ? at : null;

    /// <param name="newest">The newest sequence by all evidence.</param>
    /// <param name="present">Sequences of the snapshots that are there; others are forgotten.</param>
    public Proven With(long newest, IReadOnlyCollection<long> present, IReadOnlyCollection<long> proven, IReadOnlyCollection<long> damaged, DateTimeOffset now)
    {
        SortedDictionary<long, DateTimeOffset> times = [];
        foreach (long sequence in present.Except(damaged))
            if ((proven.Contains(sequence) ? now : At(sequence, now)) is DateTimeOffset at)
                times[sequence] = at;
        return new Proven(Math.Max(newest, Newest), times);
    }
}
