using Cronos;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Schedules;

namespace VerseEtl.Host.Tests.Schedules;

public sealed class ScheduledInstantsTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), End = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // local days, of no zone yet
    private static readonly DateTime First = Start.DateTime;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 30)]
    [InlineData(2, 30)]
    public void A_daily_run_is_due_once_a_local_day_in_every_time_zone(int hour, int minute)
    {
        int zones = 0, gaps = 0, doubled = 0;
        foreach (TimeZoneInfo zone in TimeZoneInfo.GetSystemTimeZones())
        {
            zones++;
            Schedule schedule = Daily(hour, minute, zone);
            DateTimeOffset? at = null;
            for (DateTime day = First; day < End.DateTime; day = day.AddDays(1))
            {
                DateTimeOffset expected = Naive(day.AddHours(hour).AddMinutes(minute), zone, ref gaps, ref doubled);
                if (day == First) at = expected.AddSeconds(-1);
                at = ScheduledInstants.Next(schedule, at!.Value);
                if (at != expected) Assert.Fail($"{zone.Id} {day:yyyy-MM-dd}: {at:u} instead of {expected:u}");
            }
        }
        Assert.True(zones > 300, "the system has no time zones");
        Assert.True(hour == 0 || (gaps > 10 && doubled > 10), $"{gaps} gaps and {doubled} doubled hours were met");
    }

    [Fact]
    public void A_skipped_hour_is_due_at_the_first_valid_instant_and_a_doubled_one_at_its_first_pass()
    {
        Schedule berlin = Daily(2, 30, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        Assert.Equal(Utc("2026-03-29T01:00"), ScheduledInstants.Next(berlin, Utc("2026-03-28T12:00")));
        Assert.Equal(Utc("2026-10-25T00:30"), ScheduledInstants.Next(berlin, Utc("2026-10-24T12:00")));
        Assert.Equal(Utc("2026-10-26T01:30"), ScheduledInstants.Next(berlin, Utc("2026-10-25T00:30")));
    }

    [Theory]
    [InlineData("30 1 * * *", "Europe/Dublin", "2027-03-28T01:00 2027-03-29T00:30")]
    [InlineData("30 1 * * *", "Europe/Dublin", "2027-10-31T00:30 2027-11-01T01:30")]
    [InlineData("30 2 * * *", "Africa/Casablanca", "2027-02-07T01:30 2027-02-08T02:30")]
    public void Zones_whose_winter_is_the_exception_are_computed_like_any_other(string cron, string zone, string expected)
    {
        Schedule schedule = new(CronExpression.Parse(cron), cron, TimeZoneInfo.FindSystemTimeZoneById(zone), Misfire.CatchUp);
        DateTimeOffset[] instants = [.. expected.Split(' ').Select(Utc)];
        Assert.Equal(instants[0], ScheduledInstants.Next(schedule, instants[0].AddHours(-20)));
        Assert.Equal(instants[1], ScheduledInstants.Next(schedule, instants[0]));
        SchedulerCron told = SchedulerCron.Of(schedule, instants[0].AddHours(-20));
        Assert.Equal(instants[0], CronExpression.Parse(told.Text, told.Pinned is null ? CronFormat.Standard : CronFormat.IncludeSeconds)
            .GetNextOccurrence(instants[0].AddHours(-20), told.Zone)!.Value.ToUniversalTime());
        Assert.Equal(cron, SchedulerCron.Of(schedule, instants[0].AddDays(40)).Text);
    }

    [Theory]
    [InlineData("*/20 * * * *")]
    [InlineData("0,30 1,2,3 * * *")]
    [InlineData("15 1-4 * * *")]
    [InlineData("45 */2 * * *")]
    [InlineData("0 4 1 * *")]
    [InlineData("30 2 * * SUN")]
    public void Where_cronos_is_sound_both_agree(string cron)
    {
        foreach (string id in new[] { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kolkata" })
        {
            TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(id);
            Schedule schedule = new(CronExpression.Parse(cron), cron, zone, Misfire.CatchUp);
            DateTimeOffset at = Start;
            for (int count = 0; count < 3_000 && at < End; count++)
            {
                DateTimeOffset expected = schedule.Cron.GetNextOccurrence(at, zone)!.Value;
                Assert.Equal(expected, ScheduledInstants.Next(schedule, at));
                at = expected.ToUniversalTime();
                // past the quiet months
                if (cron.StartsWith("*/", StringComparison.Ordinal) && at.Day == 10) at = at.AddDays(14);
            }
        }
    }

    [Theory]
    [InlineData("30 2 * * *", "Europe/Berlin", false)]
    [InlineData("0 4 1 * *", "America/New_York", false)]
    [InlineData("0 4 29 2 *", "UTC", false)]
    [InlineData("*/20 * * * *", "Australia/Lord_Howe", false)]
    [InlineData("*/7 * * * * *", "UTC", true)]
    public void The_last_instant_is_the_one_whose_next_lies_ahead(string cron, string zone, bool seconds)
    {
        Schedule schedule = new(CronExpression.Parse(cron, seconds ? CronFormat.IncludeSeconds : CronFormat.Standard),
            cron, TimeZoneInfo.FindSystemTimeZoneById(zone), Misfire.CatchUp);
        Random random = new(11);
        for (int tries = 0; tries < 300; tries++)
        {
            DateTimeOffset now = Start.AddSeconds(random.Next(0, (int)(End - Start).TotalSeconds));
            DateTimeOffset last = ScheduledInstants.Last(schedule, now)!.Value;
            Assert.True(last <= now);
            Assert.True(ScheduledInstants.Next(schedule, last) > now);
            Assert.Equal(last, ScheduledInstants.Next(schedule, last.AddTicks(-1)));
            Assert.Equal(last, ScheduledInstants.Last(schedule, last));
        }
    }

    [Theory]
    [InlineData("2026-05-01T02:30", "2026-05-01T12:00", null)]
    [InlineData("2026-05-01T02:30", "2026-05-02T02:29", null)]
    [InlineData("2026-05-01T02:30", "2026-05-02T02:30", "2026-05-02T02:30")]
    [InlineData("2026-05-01T02:30", "2026-05-09T12:00", "2026-05-09T02:30")]
    [InlineData("2026-05-09T11:00", "2026-05-09T12:00", null)]
    [InlineData(null, "2026-05-09T12:00", null)]
    public void However_many_nights_were_missed_one_run_makes_them_up(string? done, string now, string? due)
    {
        Schedule schedule = Daily(2, 30, TimeZoneInfo.Utc);
        Assert.Equal(due is null ? null : Utc(due), ScheduledInstants.Missed(schedule, done is null ? null : Utc(done), Utc(now)));
        Assert.Null(ScheduledInstants.Missed(schedule with { Misfire = Misfire.Skip }, done is null ? null : Utc(done), Utc(now)));
    }

    private static Schedule Daily(int hour, int minute, TimeZoneInfo zone) =>
        new(CronExpression.Parse($"{minute} {hour} * * *"), $"{minute} {hour} * * *", zone, Misfire.CatchUp);

    // looks at every minute of two days: the first that shows the local time, or else the first that shows a later one
    private static DateTimeOffset Naive(DateTime local, TimeZoneInfo zone, ref int gaps, ref int doubled)
    {
        DateTimeOffset noon = new(local.Date.AddHours(12), TimeSpan.Zero);
        TimeSpan before = zone.GetUtcOffset(noon.AddDays(-1)), after = zone.GetUtcOffset(noon.AddDays(1));
        if (before == after && zone.GetUtcOffset(noon) == before) return new DateTimeOffset(local, before).ToUniversalTime();
        DateTimeOffset[] minutes = [.. Enumerable.Range(-24 * 60, 72 * 60).Select(minute => new DateTimeOffset(local.Date, TimeSpan.Zero).AddMinutes(minute))];
        DateTimeOffset[] showing = [.. minutes.Where(minute => minute.UtcDateTime + zone.GetUtcOffset(minute) == local)];
        if (showing.Length == 0) gaps++;
        if (showing.Length == 2) doubled++;
        return showing.Length > 0 ? showing[0] : minutes.First(minute => minute.UtcDateTime + zone.GetUtcOffset(minute) > local);
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);
}
