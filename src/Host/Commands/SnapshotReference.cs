using System.Globalization;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>
/// A snapshot as people name it: its sequence, `current`, a name it was given, a day (`2026-11-26`: what was current when it ended, UTC), an
/// instant (`2026-11-26T03:00Z`), or an age (`7d`).
/// </summary>
internal static class SnapshotReference
{
    public const string Forms = "a sequence, current, a name, a date or an age such as 7d";

    private static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    /// <exception cref="UsageException">There is none, or the text is nothing of this kind.</exception>
    public static Snapshot Find(string text, Warehouse warehouse, DateTimeOffset now)
    {
        if (text == "current") return warehouse.Current ?? throw new UsageException(NoSnapshot.In(warehouse.Root));
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)) return Of(sequence, warehouse);
        if (At(text, now) is DateTimeOffset at) return Then(at, text, warehouse);
        if (warehouse.Names().FirstOrDefault(named => named.Name == text) is NamedSnapshot name) return Of(name.Sequence, warehouse);
        throw new UsageException($"there is no snapshot '{text}'; give {Forms} (`snapshots` lists them)");
    }

    private static Snapshot Of(long sequence, Warehouse warehouse) => warehouse.Find(sequence) ?? throw new UsageException(NoSnapshot.With(sequence));

    /// <summary>The instant a text stands for; null if it is none.</summary>
    private static DateTimeOffset? At(string text, DateTimeOffset now)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, Utc, out DateTimeOffset day)) return day.AddDays(1).AddTicks(-1);
        if (DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, Utc, out DateTimeOffset instant)) return instant;
        return text.EndsWith('d') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int days) && days <= 36_500
            ? now.AddDays(-days)
            : null;
    }

    private static Snapshot Then(DateTimeOffset at, string text, Warehouse warehouse)
    {
        IReadOnlyList<Snapshot> all = warehouse.Snapshots();
        if (all.LastOrDefault(snapshot => snapshot.CommittedUtc <= at) is Snapshot then) return Of(then.Sequence, warehouse);
        throw new UsageException(all.Count == 0
            ? NoSnapshot.In(warehouse.Root)
            : $"no snapshot is as old as {text}; the oldest, {all[0].Sequence}, is of {IsoTime.Minute(all[0].CommittedUtc)}");
    }
}
