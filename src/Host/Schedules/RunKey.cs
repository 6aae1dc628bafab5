using System.Globalization;

namespace VerseEtl.Host.Schedules;

/// <summary>
/// Names one scheduled run: pipeline and the instant it was due, UTC, to the second, as in `verse:20260101t023000z`. Whatever triggers it how
/// often, a key is committed once.
/// </summary>
internal readonly record struct RunKey(string Pipeline, DateTimeOffset DueUtc)
{
    private const string Format = "yyyyMMdd't'HHmmss'z'";

    public override string ToString() => Invariant($"{Pipeline}:{DueUtc.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture)}");

    /// <summary>Null for anything that is no run key.</summary>
    public static RunKey? Parse(string? text)
    {
        int colon = text?.LastIndexOf(':') ?? -1;
        if (colon < 1) return null;
        return DateTimeOffset.TryParseExact(text![(colon + 1)..], Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset due)
            ? new RunKey(text[..colon], due)
            : null;
    }
}
