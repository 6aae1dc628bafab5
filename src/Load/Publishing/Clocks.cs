namespace VerseEtl.Load.Publishing;

/// <summary>Clocks of several hosts, and of one host over the years, do not agree.</summary>
internal static class Clocks
{
    /// <summary>How far a time may lie ahead and still be taken for one.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>A time that has not come yet: whoever wrote it had a wrong clock, or whoever reads it has.</summary>
    public static bool IsAhead(this DateTimeOffset at, DateTimeOffset now) => at - now > Tolerance;
}
