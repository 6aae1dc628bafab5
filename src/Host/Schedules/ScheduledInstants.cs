using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Schedules;

/// <summary>
/// When a schedule fires, as instants in UTC. Where clocks go forward over an hour that is due, it is due at the first valid instant; where they
/// go back, at its first pass only. An interval (`*`, `/` or `-` in the hours or below) follows the clock on the wall through both passes.
/// </summary>
/// <remarks>
/// Cronos reads the cron text, but local time is turned into instants here, from the zone's offset at an instant: for zones whose winter is
/// the exception in the tz database (Europe/Dublin, Africa/Casablanca), .NET knows no invalid and no ambiguous local times, and Cronos 0.13
/// then returns one and the same instant for ever.
/// </remarks>
internal static class ScheduledInstants
{
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(5 * 366);

    // no zone changes its offset twice within
    private static readonly TimeSpan Stride = TimeSpan.FromHours(6);

    // farther back than any doubled hour reaches
    private static readonly TimeSpan Before = TimeSpan.FromHours(26);

    /// <summary>The first one after an instant; null if there is none.</summary>
    public static DateTimeOffset? Next(Schedule schedule, DateTimeOffset after)
    {
        foreach (DateTimeOffset at in From(schedule, after.ToUniversalTime()))
            if (at > after) return at;
        return null;
    }

    /// <summary>The last one at or before an instant; null if there was none for five years.</summary>
    public static DateTimeOffset? Last(Schedule schedule, DateTimeOffset now)
    {
        now = now.ToUniversalTime();
        // cron texts are only read forward: look from farther and farther back
        for (TimeSpan back = TimeSpan.FromMinutes(1); ; back *= 8)
        {
            bool last = back >= Farthest;
            DateTimeOffset from = now - (last ? Farthest : back);
            DateTimeOffset? found = null;
            foreach (DateTimeOffset at in From(schedule, from).TakeWhile(at => at <= now)) found = at >= from ? at : found;
            if (found is not null || last) return found;
        }
    }

    /// <summary>The run to make up now: the last instant that was due, if nothing has been done for it. Null if there is nothing to make up.</summary>
    /// <param name="done">The newest instant that was dealt with; null if the pipeline never ran, which is nothing missed.</param>
    public static DateTimeOffset? Missed(Schedule schedule, DateTimeOffset? done, DateTimeOffset now) =>
        schedule.Misfire == Misfire.CatchUp && done is DateTimeOffset before && Last(schedule, now) is DateTimeOffset due && due > before ? due : null;

    /// <summary>All of them in order, from somewhat before an instant on.</summary>
    private static IEnumerable<DateTimeOffset> From(Schedule schedule, DateTimeOffset from)
    {
        bool interval = schedule.IsInterval;
        DateTimeOffset at = interval ? from : from - Before;
        TimeSpan offset = schedule.Zone.GetUtcOffset(at);
        DateTime passed = DateTime.MinValue; // the local time up to which a doubled hour has had its first pass
        while (LocalNext(schedule, at.UtcDateTime + offset) is DateTime local)
        {
            DateTimeOffset due = new(local - offset, TimeSpan.Zero);
            if (Change(schedule.Zone, at, due, offset) is not DateTimeOffset change)
            {
                if (local >= passed) yield return due;
                at = due.AddTicks(1);
                continue;
            }
            TimeSpan then = schedule.Zone.GetUtcOffset(change);
            at = change;
            if (then < offset && !interval) passed = change.UtcDateTime + offset;
            if (then > offset && local < change.UtcDateTime + then)
            {
                yield return change;
                at = change.AddTicks(1);
            }
            offset = then;
        }
    }

    /// <summary>The clock on the wall is taken for UTC, so that no zone comes in.</summary>
    private static DateTime? LocalNext(Schedule schedule, DateTime local) =>
        schedule.Cron.GetNextOccurrence(DateTime.SpecifyKind(local, DateTimeKind.Utc), inclusive: true);

    /// <summary>The first instant after one and up to another at which the offset is not what it was.</summary>
    private static DateTimeOffset? Change(TimeZoneInfo zone, DateTimeOffset after, DateTimeOffset until, TimeSpan offset)
    {
        for (DateTimeOffset same = after; same < until;)
        {
            DateTimeOffset other = until - same > Stride ? same + Stride : until;
            if (zone.GetUtcOffset(other) == offset)
            {
                same = other;
                continue;
            }
            while (other - same > TimeSpan.FromTicks(1))
            {
                DateTimeOffset middle = same + (other - same) / 2;
                if (zone.GetUtcOffset(middle) == offset) same = middle;
                else other = middle;
            }
            return other;
        }
        return null;
    }
}
