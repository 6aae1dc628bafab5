using System.Globalization;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tree;

/// <summary>Scans that are left out on purpose: they stay in `scans`, with the status `excluded`, and count in no statistic.</summary>
/// <param name="Pattern">As <see cref="ScanPattern"/>.</param>
/// <param name="Reason">Why, for those who read the tables.</param>
public sealed record Exclusion(string Pattern, string Reason)
{
    /// <summary>Who decided; null if it is not said.</summary>
    public string? By { get; init; }

    /// <summary>The last day (UTC) on which it holds; null for good.</summary>
    public DateOnly? Until { get; init; }

    private string Lasting => Until is DateOnly day ? " until " + day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";

    /// <summary>Parts the scans into those to read and those that are left out; an entry that expired or matches nothing is noted.</summary>
    internal static (List<ScanFiles> Read, List<ScanResult> Excluded) Part(List<ScanFiles> scans, TreeOptions options, List<Finding> findings)
    {
        List<(Exclusion Entry, ScanPattern Pattern)> valid = [];
        foreach (Exclusion entry in options.Exclude)
        {
            ScanPattern pattern = new(entry.Pattern);
            bool expired = entry.Until is DateOnly last && options.Now is DateTimeOffset now && DateOnly.FromDateTime(now.UtcDateTime) > last;
            if (expired) findings.Add(Finding.Of(Faults.TreeExcludeExpired, new(Field: entry.Pattern), entry.Lasting.Trim()));
            else if (!scans.Exists(scan => pattern.Matches(scan.Key.Text))) findings.Add(Finding.Of(Faults.TreeExcludeUnused, new(Field: entry.Pattern)));
            else valid.Add((entry, pattern));
        }
        List<ScanFiles> read = [];
        List<ScanResult> excluded = [];
        foreach (ScanFiles scan in scans)
        {
            if (valid.Find(each => each.Pattern.Matches(scan.Key.Text)).Entry is Exclusion entry) excluded.Add(entry.Row(scan));
            else read.Add(scan);
        }
        return (read, excluded);
    }

    private ScanResult Row(ScanFiles scan) => new(scan.ToFailedRow() with { Status = ScanStatus.Excluded }, [],
        [Finding.Of(Faults.TreeExcluded, new(scan.Key, Field: Pattern), $"{Reason}{(By is null ? "" : $" ({By})")}{Lasting}")]);
}
