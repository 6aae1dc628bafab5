using System.Globalization;

namespace VerseEtl.Host;

/// <summary>Instants as people read them: ISO 8601 with their zone, `2026-03-29T01:00Z`.</summary>
internal static class IsoTime
{
    public static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    public static string Second(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>On the clock of a zone, with its offset then: `2026-03-30T02:30+02:00`.</summary>
    public static string Minute(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd'T'HH:mmzzz", CultureInfo.InvariantCulture);
}
