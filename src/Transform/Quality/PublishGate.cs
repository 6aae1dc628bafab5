using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Quality;

/// <summary>How much may be missing before a run publishes nothing. Percentages of the scans found, or of the previous snapshot's.</summary>
internal sealed record PublishThresholds
{
    /// <summary>Scans that could not be read for I/O reasons; one is always allowed.</summary>
    public double UnavailablePercent { get; init; } = 0.5;

    /// <summary>Scans that failed now and had not failed in the previous snapshot; three are always allowed.</summary>
    public double NewlyFailedPercent { get; init; } = 2;

    /// <summary>Scans of the previous snapshot that must be found again.</summary>
    public double FoundPercent { get; init; } = 98;
}

/// <summary>
/// Decides whether a run may replace the previous snapshot: a share that is gone, or a night on which much failed at once, must not
/// publish a table that has quietly shrunk. Scans of both come side by side, in key order.
/// </summary>
internal sealed class PublishGate
{
    private const int AlwaysAllowedUnavailable = 1;
    private const int AlwaysAllowedNewlyFailed = 3;
    private const int MostNamed = 20;

    private readonly Counted<string> _newlyFailed = [], _gone = [];
    private int _scans, _before;

    public void Add(ScanRow? before, ScanRow? now)
    {
        if (now is not null) _scans++;
        if (before is null) return;
        _before++;
        if (now is null) _gone.Add(before.ScanKey);
        else if (now.Status == ScanStatus.Failed && before.Status != ScanStatus.Failed) _newlyFailed.Add(now.ScanKey);
    }

    /// <param name="unavailable">How many of this run's scans failed because the storage did, not because of their bytes.</param>
    /// <returns>Reasons not to publish, none if all is well.</returns>
    public IReadOnlyList<string> Objections(int unavailable, PublishThresholds thresholds)
    {
        if (_scans == 0) return ["no scan was found"];
        List<string> reasons = [];
        double allowedUnavailable = Math.Max(AlwaysAllowedUnavailable, Share(thresholds.UnavailablePercent, _scans));
        if (unavailable > allowedUnavailable)
            reasons.Add(Invariant($"{unavailable} of {_scans} scans could not be read (allowed {Math.Floor(allowedUnavailable)})"));
        if (_before == 0) return reasons;

        double allowedNewlyFailed = Math.Max(AlwaysAllowedNewlyFailed, Share(thresholds.NewlyFailedPercent, _before));
        if (_newlyFailed.Count > allowedNewlyFailed)
            reasons.Add(Invariant($"{_newlyFailed.Count} scans failed that had not failed in the previous snapshot (allowed {Math.Floor(allowedNewlyFailed)})")
                + $": {Named(_newlyFailed)}");

        if (Shrunk(_before, _gone, thresholds) is string shrunk) reasons.Add(shrunk);
        return reasons;
    }

    /// <summary>That too few scans of the previous snapshot were found again, with the names of those that are gone; null if enough were.</summary>
    /// <param name="before">Scans of the previous snapshot.</param>
    /// <param name="gone">Those of them that were not found, in key order.</param>
    public static string? Shrunk(int before, Counted<string> gone, PublishThresholds thresholds)
    {
        if (before - gone.Count >= Share(thresholds.FoundPercent, before)) return null;
        double needed = Math.Ceiling(Share(thresholds.FoundPercent, before));
        return Invariant($"{before - gone.Count} of the previous snapshot's {before} scans were found again (needed {needed}); ") + $"gone: {Named(gone)}";
    }

    private static string Named(Counted<string> keys) =>
        string.Join(", ", keys.Take(MostNamed)) + (keys.Count > MostNamed ? Invariant($" and {keys.Count - MostNamed} more") : "");

    // 374 x 0.5 % in binary may land a hair off a whole number, which a strict comparison would notice
    private static double Share(double percent, int of) => Math.Round(percent * of / 100, 9);
}
