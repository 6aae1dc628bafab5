using Cronos;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Configuration;

/// <summary>Reads `schedule`: a cron text of five fields (six with `seconds: true`) and the zone its hours are meant in.</summary>
internal static class ScheduleReader
{
    public static Schedule? Read(YamlMapping map, TimeProvider time, Problems problems)
    {
        string? text = map.Text("cron");
        if (text is null) map.Missing("cron");
        bool seconds = map.Flag("seconds", false);
        TimeZoneInfo zone = Zone(map, problems);
        Misfire misfire = ReadMisfire(map, problems);
        map.RefuseOthers();
        if (text is null || Expression(text, seconds, map.Find("cron")!, problems) is not CronExpression cron) return null;
        DateTimeOffset now = time.GetUtcNow();
        if (cron.GetNextOccurrence(now, zone) is null)
        {
            problems.Add(map.Find("cron")!, ConfigCodes.Cron, $"'{text}' never fires");
            return null;
        }
        Schedule schedule = new(cron, text, zone, misfire);
        string[] risky = [.. OffsetChanges(zone, now).Take(2).Where(change => IsDueWhile(schedule, change)).Select(change => IsoTime.Minute(change.At))];
        if (risky.Length > 0)
            problems.Add(map.Find("cron")!, ConfigCodes.DstRisk,
                $"'{text}' falls where {zone.Id} moves its clocks (next: {string.Join(" and ", risky)}); "
                    + "a skipped run is made up at once, a doubled one runs once", Severity.Warning);
        return schedule;
    }

    /// <summary>The schedule is due at a time on the clock that a change skips or doubles. An interval goes on through both.</summary>
    private static bool IsDueWhile(Schedule schedule, OffsetChange change)
    {
        if (schedule.IsInterval) return false;
        DateTime before = change.At.UtcDateTime + change.Before, after = change.At.UtcDateTime + change.After;
        (DateTime from, DateTime to) = before < after ? (before, after) : (after, before);
        return schedule.Cron.GetNextOccurrence(DateTime.SpecifyKind(from, DateTimeKind.Utc), inclusive: true) is DateTime due && due < to;
    }

    private static CronExpression? Expression(string text, bool seconds, YamlValue at, Problems problems)
    {
        string[] fields = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 6 && !seconds)
        {
            problems.Add(at, ConfigCodes.Cron, $"'{text}' has six fields; drop the seconds or set 'seconds: true'");
            return null;
        }
        if (fields.Length == (seconds ? 6 : 5) && fields[^3] is not ("*" or "?") && fields[^1] is not ("*" or "?"))
        {
            problems.Add(at, ConfigCodes.Cron, $"'{text}' names days of the month ('{fields[^3]}') and of the week ('{fields[^1]}'): cron runs on either, "
                + "which is seldom meant; put '*' in one of the two, and a second pipeline for the other");
            return null;
        }
        try
        {
            return CronExpression.Parse(text, seconds ? CronFormat.IncludeSeconds : CronFormat.Standard);
        }
        catch (CronFormatException error)
        {
            problems.Add(at, ConfigCodes.Cron, $"'{text}' is no cron text: {error.Message}");
            return null;
        }
        catch (MissingSeedException)
        {
            problems.Add(at, ConfigCodes.Cron, $"'{text}' leaves a field to chance with 'H'; write a number");
            return null;
        }
    }

    private static TimeZoneInfo Zone(YamlMapping map, Problems problems)
    {
        string id = map.Text("time_zone", "UTC")!;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone)) return zone;
        string hint = NearestName.Of(id, TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id)) is string near
            ? $"did you mean '{near}'?"
            : "use an IANA name such as Europe/Berlin";
        problems.Add(map.Find("time_zone")!, ConfigCodes.TimeZone, $"'{id}' is no time zone known here; {hint}");
        return TimeZoneInfo.Utc;
    }

    private static Misfire ReadMisfire(YamlMapping map, Problems problems)
    {
        string[] words = ["catch_up", "skip"];
        string word = map.Text("misfire", words[0])!;
        if (!words.Contains(word))
            problems.Add(map.Find("misfire")!, ConfigCodes.Range, $"'misfire' must be catch_up or skip, found '{word}'{NearestName.Hint(word, words)}");
        return word == "skip" ? Misfire.Skip : Misfire.CatchUp;
    }

    private static IEnumerable<OffsetChange> OffsetChanges(TimeZoneInfo zone, DateTimeOffset from)
    {
        DateTimeOffset hour = new(from.Year, from.Month, from.Day, from.Hour, 0, 0, TimeSpan.Zero);
        TimeSpan offset = zone.GetUtcOffset(hour);
        for (DateTimeOffset end = hour.AddDays(400); hour < end; hour = hour.AddHours(1))
        {
            TimeSpan here = zone.GetUtcOffset(hour);
            if (here == offset) continue;
            DateTimeOffset at = hour;
            while (zone.GetUtcOffset(at.AddMinutes(-1)) == here) at = at.AddMinutes(-1);
            yield return new OffsetChange(at, offset, here);
            offset = here;
        }
    }

    /// <summary>The first minute of a new offset from UTC.</summary>
    private readonly record struct OffsetChange(DateTimeOffset At, TimeSpan Before, TimeSpan After);
}
