using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Serving;

/// <summary>
/// When a schedule fires, as instants in UTC. Where clocks go forward over the hour, the run is due at the first valid instant; where they go
/// back, a fixed hour is due once, at its first pass (Cronos).
/// </summary>
internal static class ScheduledInstants
{
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(5 * 366);

    /// <summary>The first one after an instant; null if there is none.</summary>
    public static DateTimeOffset? Next(Schedule schedule, DateTimeOffset after) =>
        schedule.Cron.GetNextOccurrence(after.ToUniversalTime(), schedule.Zone)?.ToUniversalTime();

    /// <summary>The last one at or before an instant; null if there was none for five years.</summary>
    public static DateTimeOffset? Last(Schedule schedule, DateTimeOffset now)
    {
        now = now.ToUniversalTime();
        // Cronos only looks forward: look from farther and farther back
        for (TimeSpan back = TimeSpan.FromMinutes(1); ; back *= 8)
        {
            bool last = back >= Farthest;
            DateTimeOffset from = now - (last ? Farthest : back);
            DateTimeOffset? found = null;
            for (DateTimeOffset? at = schedule.Cron.GetNextOccurrence(from, schedule.Zone, inclusive: true); at <= now; at = schedule.Cron.GetNextOccurrence(at.Value, schedule.Zone)) found = at;
            if (found is not null || last) return found?.ToUniversalTime();
        }
    }

    /// <summary>The run to make up now: the last instant that was due, if nothing has been done for it. Null if there is nothing to make up.</summary>
    /// <param name="done">The newest instant that was dealt with; null if the pipeline never ran, which is nothing missed.</param>
    public static DateTimeOffset? Missed(Schedule schedule, DateTimeOffset? done, DateTimeOffset now) =>
        schedule.Misfire == Misfire.CatchUp && done is DateTimeOffset before && Last(schedule, now) is DateTimeOffset due && due > before ? due : null;
}
