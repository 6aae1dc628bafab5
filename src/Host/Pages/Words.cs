
namespace VerseEtl.Host.Pages;

/// <summary>Times and durations as people read them.</summary>
internal static class Words
{
    public static string At(DateTimeOffset at) => IsoTime.Minute(at);

    /// <summary>`in 3 h 20 min` or `5 min ago`.</summary>
    public static string From(DateTimeOffset now, DateTimeOffset at) => at >= now ? "in " + Long(at - now) : Long(now - at) + " ago";

    /// <summary>To the minute, beyond a minute.</summary>
    public static string Long(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => Invariant($"{(int)span.TotalDays} days"),
        { TotalHours: >= 1 } => Invariant($"{(int)span.TotalHours} h {span.Minutes} min"),
        { TotalMinutes: >= 1 } => Invariant($"{(int)span.TotalMinutes} min"),
        _ => Invariant($"{(int)span.TotalSeconds} s"),
    };

    /// <summary>How long something took: short ones with a decimal, long ones with two units.</summary>
    public static string Took(TimeSpan span) => span switch
    {
        { TotalHours: >= 1 } => Invariant($"{(int)span.TotalHours} h {span.Minutes} min"),
        { TotalMinutes: >= 1 } => Invariant($"{(int)span.TotalMinutes} min {span.Seconds} s"),
        { TotalSeconds: >= 10 } => Invariant($"{span.TotalSeconds:0} s"),
        _ => Invariant($"{Math.Max(0, span.TotalSeconds):0.0} s"),
    };
}
