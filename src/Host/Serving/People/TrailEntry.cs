namespace VerseEtl.Host.Serving.People;

/// <summary>What people do that is kept for good.</summary>
public enum Deed
{
    Started,
    SignedIn,
    SignInRefused,
    SignedOut,
    SessionEnded,
    PasswordSet,
    AccountClosed,
    Asked,
    Refused,
    Published,
}

/// <summary>One line of the trail.</summary>
/// <param name="Who">Account, or the command that did it; `?` where nobody signed in.</param>
/// <param name="From">Address; null for what was done on the machine itself.</param>
/// <param name="About">What exactly, in one line.</param>
/// <param name="Before">SHA-256 of the line before, as it stands in the file; zeros in the first.</param>
public sealed record TrailEntry(DateTimeOffset At, Deed Did, string Who, string? From, string? About, string Before);

/// <summary>Deeds as people read them.</summary>
public static class DeedWords
{
    public static string Words(this Deed deed) => deed switch
    {
        Deed.Started => "started serve",
        Deed.SignedIn => "signed in",
        Deed.SignInRefused => "was refused a sign-in",
        Deed.SignedOut => "signed out",
        Deed.SessionEnded => "ended a session",
        Deed.PasswordSet => "set a password",
        Deed.AccountClosed => "closed an account",
        Deed.Asked => "asked for",
        Deed.Refused => "was refused",
        Deed.Published => "published",
        _ => throw new ArgumentOutOfRangeException(nameof(deed)),
    };
}
