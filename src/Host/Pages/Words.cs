using System.Globalization;

namespace VerseEtl.Host.Pages;

/// <summary>Times and durations as people read them.</summary>
internal static class Words
{
    public static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>`in 3 h 20 min` or `5 min ago`.</summary>
    public static string From(DateTimeOffset now, DateTimeOffset at) => at >= now ? "in " + Long(at - now) : Long(now - at) + " ago";

    /// <summary>To the minute, beyond a minute.</summary>
    public static string Long(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => Text($"{(int)span.TotalDays} days"),
        { TotalHours: >= 1 } => Text($"{(int)span.TotalHours} h {span.Minutes} min"),
        { TotalMinutes: >= 1 } => Text($"{(int)span.TotalMinutes} min"),
        _ => Text($"{(int)span.TotalSeconds} s"),
    };

    /// <summary>How long something took: short ones with a decimal, long ones with two units.</summary>
    public static string Took(TimeSpan span) => span switch
    {
        { TotalHours: >= 1 } => Text($"{(int)span.TotalHours} h {span.Minutes} min"),
        { TotalMinutes: >= 1 } => Text($"{(int)span.TotalMinutes} min {span.Seconds} s"),
        { TotalSeconds: >= 10 } => Text($"{span.TotalSeconds:0} s"),
        _ => Text($"{Math.Max(0, span.TotalSeconds):0.0} s"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
