using Cronos;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Serving;

namespace VerseEtl.Host.Tests.Serving;

public sealed class ScheduledInstantsTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), End = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

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
            DateTimeOffset? at = Start;
            // two days in: an instant of the first local day may lie before the start
            for (DateTime day = Start.UtcDateTime.Date.AddDays(2); day < End.UtcDateTime.Date; day = day.AddDays(1))
            {
                DateTimeOffset expected = Naive(day.AddHours(hour).AddMinutes(minute), zone, ref gaps, ref doubled);
                if (day == Start.UtcDateTime.Date.AddDays(2)) at = expected.AddSeconds(-1);
                at = ScheduledInstants.Next(schedule, at!.Value);
                if (at != expected) Assert.Fail($"{zone.Id} {day:yyyy-MM-dd}: {at:u} instead of {expected:u}");
            }
        }
        Assert.True(zones > 300, "the system has no time zones");
        Assert.True(hour == 0 || (gaps > 100 && doubled > 100), $"{gaps} gaps and {doubled} doubled hours were met");
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
    [InlineData("30 2 * * *", "Europe/Berlin", false)]
    [InlineData("0 4 1 * *", "America/New_York", false)]
    [InlineData("0 4 29 2 *", "UTC", false)]
    [InlineData("*/20 * * * *", "Australia/Lord_Howe", false)]
    [InlineData("*/7 * * * * *", "UTC", true)]
    public void The_last_instant_is_the_one_whose_next_lies_ahead(string cron, string zone, bool seconds)
    {
        Schedule schedule = new(CronExpression.Parse(cron, seconds ? CronFormat.IncludeSeconds : CronFormat.Standard), cron, TimeZoneInfo.FindSystemTimeZoneById(zone), Misfire.CatchUp);
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

    private static Schedule Daily(int hour, int minute, TimeZoneInfo zone) => new(CronExpression.Parse($"{minute} {hour} * * *"), "", zone, Misfire.CatchUp);

    private static DateTimeOffset Naive(DateTime local, TimeZoneInfo zone, ref int gaps, ref int doubled)
    {
        if (zone.IsInvalidTime(local)) gaps++;
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        bool ambiguous = zone.IsAmbiguousTime(local);
        if (ambiguous) doubled++;
        TimeSpan offset = ambiguous ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);
}
