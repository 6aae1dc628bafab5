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
/// publish a table that has quietly shrunk.
/// </summary>
internal static class PublishGate
{
    private const int AlwaysAllowedUnavailable = 1;
    private const int AlwaysAllowedNewlyFailed = 3;
    private const int MostNamed = 20;

    /// <param name="scans">This run's rows of `scans`.</param>
    /// <param name="unavailable">How many of them failed because the storage did, not because of their bytes.</param>
    /// <param name="previous">Status by scan_key in the snapshot that would be replaced; null if there is none.</param>
    /// <returns>Reasons not to publish, none if all is well.</returns>
    public static IReadOnlyList<string> Objections(IReadOnlyList<ScanRow> scans, int unavailable,
        IReadOnlyDictionary<string, string>? previous, PublishThresholds thresholds)
    {
        if (scans.Count == 0) return ["no scan was found"];
        List<string> reasons = [];
        double allowedUnavailable = Math.Max(AlwaysAllowedUnavailable, Share(thresholds.UnavailablePercent, scans.Count));
        if (unavailable > allowedUnavailable)
            reasons.Add(Invariant($"{unavailable} of {scans.Count} scans could not be read (allowed {Math.Floor(allowedUnavailable)})"));
        if (previous is null || previous.Count == 0) return reasons;

        string[] failed = [.. scans.Where(scan => scan.Status == ScanStatus.Failed
            && previous.TryGetValue(scan.ScanKey, out string? before) && before != ScanStatus.Failed).Select(scan => scan.ScanKey)];
        int newlyFailed = failed.Length;
        double allowedNewlyFailed = Math.Max(AlwaysAllowedNewlyFailed, Share(thresholds.NewlyFailedPercent, previous.Count));
        if (newlyFailed > allowedNewlyFailed)
            reasons.Add(Invariant($"{newlyFailed} scans failed that had not failed in the previous snapshot (allowed {Math.Floor(allowedNewlyFailed)})")
                + $": {string.Join(", ", failed.Take(MostNamed))}{(newlyFailed > MostNamed ? Invariant($" and {newlyFailed - MostNamed} more") : "")}");

        if (Shrunk(scans.Select(scan => scan.ScanKey).ToHashSet(StringComparer.Ordinal), previous.Keys, thresholds) is string shrunk) reasons.Add(shrunk);
        return reasons;
    }

    /// <summary>That too few scans of the previous snapshot were found again, with the names of those that are gone; null if enough were.</summary>
    public static string? Shrunk(IReadOnlySet<string> found, IEnumerable<string> previous, PublishThresholds thresholds)
    {
        string[] before = [.. previous], gone = [.. before.Where(key => !found.Contains(key)).Order(StringComparer.Ordinal)];
        if (before.Length - gone.Length >= Share(thresholds.FoundPercent, before.Length)) return null;
        double needed = Math.Ceiling(Share(thresholds.FoundPercent, before.Length));
        string rest = gone.Length > MostNamed ? Invariant($" and {gone.Length - MostNamed} more") : "";
        return Invariant($"{before.Length - gone.Length} of the previous snapshot's {before.Length} scans were found again (needed {needed}); ")
            + $"gone: {string.Join(", ", gone.Take(MostNamed))}{rest}";
    }

    // 374 x 0.5 % in binary may land a hair off a whole number, which a strict comparison would notice
    private static double Share(double percent, int of) => Math.Round(percent * of / 100, 9);
}
