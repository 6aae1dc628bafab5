using System.Globalization;
using Cronos;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Configuration;

/// <summary>Reads `schedule`: a cron text of five fields (six with `seconds: true`) and the zone its hours are meant in.</summary>
internal static class ScheduleReader
{
    private static readonly TimeSpan RiskyFrom = TimeSpan.Zero, RiskyTo = TimeSpan.FromHours(4);

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
        if (cron.GetNextOccurrence(now, zone) is not DateTimeOffset next)
        {
            problems.Add(map.Find("cron")!, ConfigCodes.Cron, $"'{text}' never fires");
            return null;
        }
        TimeSpan local = TimeZoneInfo.ConvertTime(next, zone).TimeOfDay;
        DateTimeOffset[] changes = local >= RiskyFrom && local < RiskyTo ? [.. OffsetChanges(zone, now).Take(2)] : [];
        if (changes.Length > 0)
        {
            string days = string.Join(" and ", changes.Select(change => change.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)));
            problems.Add(map.Find("cron")!, ConfigCodes.DstRisk,
                $"'{text}' falls where {zone.Id} moves its clocks (next: {days}); a skipped run is made up at once, a doubled one runs once", Severity.Warning);
        }
        return new Schedule(cron, text, zone, misfire);
    }

    private static CronExpression? Expression(string text, bool seconds, YamlValue at, Problems problems)
    {
        int fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        if (fields == 6 && !seconds)
        {
            problems.Add(at, ConfigCodes.Cron, $"'{text}' has six fields; drop the seconds or set 'seconds: true'");
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

    private static IEnumerable<DateTimeOffset> OffsetChanges(TimeZoneInfo zone, DateTimeOffset from)
    {
        DateTimeOffset hour = new(from.Year, from.Month, from.Day, from.Hour, 0, 0, TimeSpan.Zero);
        TimeSpan offset = zone.GetUtcOffset(hour);
        for (DateTimeOffset end = hour.AddDays(400); hour < end; hour = hour.AddHours(1))
        {
            TimeSpan here = zone.GetUtcOffset(hour);
            if (here != offset) yield return hour;
            offset = here;
        }
    }
}
