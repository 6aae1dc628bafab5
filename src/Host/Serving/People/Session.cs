namespace VerseEtl.Host.Serving.People;

/// <summary>One person's stay: kept by the host, while the browser has only a key to it.</summary>
/// <param name="Stamp">Of the password that opened it: with another it is over.</param>
public sealed record Session(string Account, string Address, string Stamp, DateTimeOffset SinceUtc, DateTimeOffset SeenUtc)
{
    /// <summary>Without a page that somebody asked for.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    /// <summary>However busy: a working day.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    public DateTimeOffset EndsUtc => SinceUtc + Longest < SeenUtc + Idle ? SinceUtc + Longest : SeenUtc + Idle;

    /// <summary>Also before its own beginning: a clock was wrong.</summary>
    public bool IsOver(DateTimeOffset now) => now >= EndsUtc || now < SinceUtc - Idle;
}
