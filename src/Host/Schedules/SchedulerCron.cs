using System.Globalization;
using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Schedules;

/// <summary>
/// A schedule as the scheduler is told it: cron text and zone as written where the scheduler computes the same instants from them, and
/// otherwise, in the days around a change of clocks, the next instant by itself in UTC.
/// </summary>
/// <param name="Pinned">That instant; null if the scheduler computes by itself.</param>
internal sealed record SchedulerCron(string Text, TimeZoneInfo Zone, DateTimeOffset? Pinned)
{
    private const int DaysAhead = 3;
    private const int MostCompared = 500;

    public static SchedulerCron Of(Schedule schedule, DateTimeOffset now)
    {
        if (Agrees(schedule, now) || ScheduledInstants.Next(schedule, now) is not DateTimeOffset next)
            return new SchedulerCron(schedule.CronText, schedule.Zone, null);
        return new SchedulerCron(next.UtcDateTime.ToString("s m H d M '*'", CultureInfo.InvariantCulture), TimeZoneInfo.Utc, next);
    }

    /// <summary>Compared around every change of the zone's offset in the next days.</summary>
    private static bool Agrees(Schedule schedule, DateTimeOffset now)
    {
        DateTimeOffset start = now.AddHours(-26);
        TimeSpan offset = schedule.Zone.GetUtcOffset(start);
        for (DateTimeOffset hour = start, end = now.AddDays(DaysAhead); hour < end; hour = hour.AddHours(1))
        {
            TimeSpan here = schedule.Zone.GetUtcOffset(hour);
            if (here == offset) continue;
            offset = here;
            DateTimeOffset at = hour.AddHours(-4);
            for (int compared = 0; compared < MostCompared && at < hour.AddHours(26); compared++)
            {
                DateTimeOffset? next = schedule.Cron.GetNextOccurrence(at, schedule.Zone);
                if (next != ScheduledInstants.Next(schedule, at)) return false;
                if (next is null) break;
                at = next.Value.ToUniversalTime();
            }
        }
        return true;
    }
}
